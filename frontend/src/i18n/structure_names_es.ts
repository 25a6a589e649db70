/**
 * Spanish names of the catalogue's structures, by the API's names.
 *
 * Terms follow Terminologia Anatomica where clinics use them, else what clinics say ("rótula").
 * Paired structures stand once, `$o` or `$a` being the side in the noun's gender; vertebrae, ribs,
 * liver segments and teeth are composed.
 */

const SIDES = {
  left: { $o: 'izquierdo', $a: 'izquierda' },
  right: { $o: 'derecho', $a: 'derecha' },
} as const
type Side = keyof typeof SIDES

const SINGLE: Readonly<Record<string, string>> = {
  // Trunk
  spleen: 'Bazo',
  gallbladder: 'Vesícula biliar',
  liver: 'Hígado',
  stomach: 'Estómago',
  pancreas: 'Páncreas',
  esophagus: 'Esófago',
  trachea: 'Tráquea',
  thyroid_gland: 'Glándula tiroides',
  small_bowel: 'Intestino delgado',
  duodenum: 'Duodeno',
  colon: 'Colon',
  urinary_bladder: 'Vejiga urinaria',
  prostate: 'Próstata',
  breast: 'Mamas',
  liver_vessels: 'Vasos hepáticos',
  liver_tumor: 'Tumores hepáticos',
  liver_lesions: 'Lesiones hepáticas',
  abdominal_cavity: 'Cavidad abdominal',
  thoracic_cavity: 'Cavidad torácica',
  mediastinum: 'Mediastino',
  // Lungs
  lung: 'Pulmón',
  lung_nodules: 'Nódulos pulmonares',
  lung_airways: 'Vías aéreas pulmonares',
  lung_airways_wall: 'Pared de las vías aéreas pulmonares',
  lung_arteries: 'Arterias pulmonares',
  lung_veins: 'Venas pulmonares',
  lung_vessels: 'Vasos pulmonares',
  lung_trachea_bronchia: 'Tráquea y bronquios',
  lung_pleural: 'Pulmones con pleura',
  pleural_effusion: 'Derrame pleural',
  // Heart and vessels
  heart: 'Corazón',
  heart_myocardium: 'Miocardio',
  pericardium: 'Pericardio',
  pericardial_effusion: 'Derrame pericárdico',
  coronary_arteries: 'Arterias coronarias',
  aorta: 'Aorta',
  aorta_true_lumen: 'Luz verdadera de la aorta',
  aorta_false_lumen: 'Luz falsa de la aorta',
  annulus: 'Anillo valvular',
  annulus_proper: 'Anillo aórtico',
  sinotubular_junction: 'Unión sinotubular',
  left_ventricular_outflow_tract: 'Tracto de salida del ventrículo izquierdo',
  non_coronary_cusp: 'Cúspide no coronaria',
  pulmonary_artery: 'Arteria pulmonar',
  pulmonary_vein: 'Vena pulmonar',
  pul_annulus: 'Anillo pulmonar',
  pul_sinotubular_junction: 'Unión sinotubular pulmonar',
  pul_bifurcation: 'Bifurcación de la arteria pulmonar',
  pul_left_start: 'Inicio de la arteria pulmonar izquierda',
  pul_right_start: 'Inicio de la arteria pulmonar derecha',
  brachiocephalic_trunk: 'Tronco braquiocefálico',
  superior_vena_cava: 'Vena cava superior',
  inferior_vena_cava: 'Vena cava inferior',
  portal_vein_and_splenic_vein: 'Vena porta y vena esplénica',
  celiac_trunk: 'Tronco celíaco',
  superior_mesenteric_artery: 'Arteria mesentérica superior',
  renal_arteries: 'Arterias renales',
  intracerebral_hemorrhage: 'Hemorragia intracerebral',
  brain_aneurysm: 'Aneurisma cerebral',
  // Bones
  sacrum: 'Sacro',
  skull: 'Cráneo',
  sternum: 'Esternón',
  costal_cartilages: 'Cartílagos costales',
  hip_implant: 'Implante de cadera',
  vertebrae: 'Vértebras',
  vertebrae_body: 'Cuerpos vertebrales',
  intervertebral_discs: 'Discos intervertebrales',
  patella: 'Rótula',
  tibia: 'Tibia',
  fibula: 'Peroné',
  tarsal: 'Huesos del tarso',
  metatarsal: 'Huesos metatarsianos',
  phalanges_feet: 'Falanges del pie',
  ulna: 'Cúbito',
  radius: 'Radio',
  carpal: 'Huesos del carpo',
  metacarpal: 'Huesos metacarpianos',
  phalanges_hand: 'Falanges de la mano',
  // Head and neck
  head: 'Cabeza',
  face: 'Cara',
  mandible: 'Mandíbula',
  hyoid: 'Hueso hioides',
  thyroid_cartilage: 'Cartílago tiroides',
  cricoid_cartilage: 'Cartílago cricoides',
  larynx_air: 'Aire de la laringe',
  pharynx: 'Faringe',
  nasopharynx: 'Nasofaringe',
  oropharynx: 'Orofaringe',
  hypopharynx: 'Hipofaringe',
  soft_palate: 'Paladar blando',
  hard_palate: 'Paladar duro',
  sinus_maxillary: 'Senos maxilares',
  sinus_frontal: 'Senos frontales',
  tongue: 'Lengua',
  superior_pharyngeal_constrictor: 'Constrictor superior de la faringe',
  middle_pharyngeal_constrictor: 'Constrictor medio de la faringe',
  inferior_pharyngeal_constrictor: 'Constrictor inferior de la faringe',
  // Teeth and jaws
  teeth_lower: 'Dientes inferiores',
  teeth_upper: 'Dientes superiores',
  lower_jawbone: 'Maxilar inferior',
  upper_jawbone: 'Maxilar superior',
  bridge: 'Puentes dentales',
  crown: 'Coronas dentales',
  implant: 'Implantes dentales',
  lingual_canal: 'Conducto lingual',
  // Brain and spinal cord
  brain: 'Encéfalo',
  spinal_cord: 'Médula espinal',
  brainstem: 'Tronco del encéfalo',
  cerebellum: 'Cerebelo',
  subarachnoid_space: 'Espacio subaracnoideo',
  venous_sinuses: 'Senos venosos',
  septum_pellucidum: 'Septo pelúcido',
  caudate_nucleus: 'Núcleo caudado',
  lentiform_nucleus: 'Núcleo lenticular',
  insular_cortex: 'Corteza insular',
  internal_capsule: 'Cápsula interna',
  central_sulcus: 'Surco central',
  frontal_lobe: 'Lóbulo frontal',
  parietal_lobe: 'Lóbulo parietal',
  occipital_lobe: 'Lóbulo occipital',
  temporal_lobe: 'Lóbulo temporal',
  thalamus: 'Tálamo',
  ventricle: 'Ventrículos cerebrales',
  third_ventricle: 'Tercer ventrículo cerebral',
  fourth_ventricle: 'Cuarto ventrículo cerebral',
  // Muscles that are not told apart by side
  deltoid: 'Deltoides',
  supraspinatus: 'Supraespinoso',
  infraspinatus: 'Infraespinoso',
  subscapularis: 'Subescapular',
  coracobrachial: 'Coracobraquial',
  trapezius: 'Trapecio',
  pectoralis_minor: 'Pectoral menor',
  serratus_anterior: 'Serrato anterior',
  teres_major: 'Redondo mayor',
  triceps_brachii: 'Tríceps braquial',
  // Tissues and the body as a whole
  body_trunc: 'Tronco',
  body_extremities: 'Extremidades',
  subcutaneous_fat: 'Grasa subcutánea',
  torso_fat: 'Grasa del tronco',
  intermuscular_fat: 'Grasa intermuscular',
  skeletal_muscle: 'Músculo esquelético',
  airway: 'Vía aérea (tráquea y bronquios principales)',
  bone: 'Hueso',
  muscle: 'Músculo (por densidad y posición)',
  fat: 'Grasa',
  soft_tissue_other: 'Otros tejidos blandos (órganos y vasos, sin separar)',
  gas_other: 'Otro gas (sobre todo de estómago e intestino)',
  body_surface: 'Superficie corporal (envoltura externa)',
}

const PAIRED: Readonly<Record<string, string>> = {
  // Trunk
  kidney: 'Riñón $o',
  kidney_cyst: 'Quiste renal $o',
  adrenal_gland: 'Glándula suprarrenal $a',
  lung: 'Pulmón $o',
  lung_upper_lobe: 'Lóbulo superior del pulmón $o',
  lung_middle_lobe: 'Lóbulo medio del pulmón $o',
  lung_lower_lobe: 'Lóbulo inferior del pulmón $o',
  // Heart and vessels
  heart_atrium: 'Aurícula $a del corazón',
  heart_ventricle: 'Ventrículo $o del corazón',
  atrial_appendage: 'Orejuela auricular $a',
  coronary_cusp: 'Cúspide coronaria $a',
  subclavian_artery: 'Arteria subclavia $a',
  common_carotid_artery: 'Arteria carótida común $a',
  internal_carotid_artery: 'Arteria carótida interna $a',
  internal_jugular_vein: 'Vena yugular interna $a',
  brachiocephalic_vein: 'Vena braquiocefálica $a',
  iliac_artery: 'Arteria ilíaca común $a',
  iliac_vena: 'Vena ilíaca común $a',
  // Bones
  humerus: 'Húmero $o',
  scapula: 'Escápula $a',
  clavicula: 'Clavícula $a',
  femur: 'Fémur $o',
  hip: 'Hueso coxal $o',
  zygomatic_arch: 'Arco cigomático $o',
  styloid_process: 'Apófisis estiloides $a',
  // Head and neck
  eye: 'Ojo $o',
  eye_lens: 'Cristalino $o',
  eyeball: 'Globo ocular $o',
  optic_nerve: 'Nervio óptico $o',
  parotid_gland: 'Glándula parótida $a',
  submandibular_gland: 'Glándula submandibular $a',
  nasal_cavity: 'Cavidad nasal $a',
  auditory_canal: 'Conducto auditivo $o',
  maxillary_sinus: 'Seno maxilar $o',
  inferior_alveolar_canal: 'Conducto alveolar inferior $o',
  mandibular_incisive_canal: 'Conducto incisivo mandibular $o',
  ventricle_frontal_horn: 'Asta frontal del ventrículo lateral $o',
  ventricle_occipital_horn: 'Asta occipital del ventrículo lateral $o',
  ventricle_temporal_horn: 'Asta temporal del ventrículo lateral $o',
  ventricle_body: 'Cuerpo del ventrículo lateral $o',
  ventricle_trigone: 'Trígono del ventrículo lateral $o',
  // Muscles of the eye, the head and the neck
  lateral_rectus_muscle: 'Recto lateral del ojo $o',
  medial_rectus_muscle: 'Recto medial del ojo $o',
  superior_rectus_muscle: 'Recto superior del ojo $o',
  inferior_rectus_muscle: 'Recto inferior del ojo $o',
  superior_oblique_muscle: 'Oblicuo superior del ojo $o',
  inferior_oblique_muscle: 'Oblicuo inferior del ojo $o',
  levator_palpebrae_superioris: 'Elevador del párpado superior $o',
  masseter: 'Masetero $o',
  temporalis: 'Músculo temporal $o',
  lateral_pterygoid: 'Pterigoideo lateral $o',
  medial_pterygoid: 'Pterigoideo medial $o',
  digastric: 'Digástrico $o',
  sternocleidomastoid: 'Esternocleidomastoideo $o',
  trapezius: 'Trapecio $o',
  platysma: 'Platisma $o',
  levator_scapulae: 'Elevador de la escápula $o',
  anterior_scalene: 'Escaleno anterior $o',
  middle_scalene: 'Escaleno medio $o',
  posterior_scalene: 'Escaleno posterior $o',
  sterno_thyroid: 'Esternotiroideo $o',
  thyrohyoid: 'Tirohioideo $o',
  prevertebral: 'Músculos prevertebrales del lado $o',
  // Muscles of the trunk and the limbs
  gluteus_maximus: 'Glúteo mayor $o',
  gluteus_medius: 'Glúteo medio $o',
  gluteus_minimus: 'Glúteo menor $o',
  autochthon: 'Musculatura autóctona de la espalda, lado $o',
  iliopsoas: 'Iliopsoas $o',
  psoas_major: 'Psoas mayor $o',
  quadratus_lumborum: 'Cuadrado lumbar $o',
  erector_spinae: 'Erector de la columna $o',
  transversospinalis: 'Transversoespinoso $o',
  latissimus_dorsi: 'Dorsal ancho $o',
  pectoralis_major: 'Pectoral mayor $o',
  serratus_anterior: 'Serrato anterior $o',
  rectus_abdominis: 'Recto del abdomen $o',
  external_oblique: 'Oblicuo externo del abdomen $o',
  internal_oblique: 'Oblicuo interno del abdomen $o',
  quadriceps_femoris: 'Cuádriceps femoral $o',
  sartorius: 'Sartorio $o',
  thigh_medial_compartment: 'Compartimento medial del muslo $o',
  thigh_posterior_compartment: 'Compartimento posterior del muslo $o',
}

const SPINE: Readonly<Record<string, string>> = {
  C: 'cervical',
  T: 'torácica',
  L: 'lumbar',
  S: 'sacra',
}

const TEETH: Readonly<Record<string, string>> = {
  central_incisor: 'incisivo central',
  lateral_incisor: 'incisivo lateral',
  canine: 'canino',
  first_premolar: 'primer premolar',
  second_premolar: 'segundo premolar',
  first_molar: 'primer molar',
  second_molar: 'segundo molar',
  third_molar: 'tercer molar',
}

const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII']

/** What each pattern of the API's names is called; null where a part of it is unknown. */
const COMPOSED: readonly [RegExp, (...parts: string[]) => string | null][] = [
  [/^vertebrae_([CTLS])(\d+)$/, (part = '', number) => within(SPINE, part, vertebra(part, number))],
  [/^rib_(left|right)_(\d+)$/, (side, number) => `${sided('Costilla $a', side)} ${number}`],
  [/^liver_segment_(\d)$/, (number) => withRoman('Segmento hepático', Number(number))],
  [/^(upper|lower)_(left|right)_(\w+?)(_pulp)?_(fdi\d+)$/, tooth],
  [
    /^(left|right)_(\w+)_fdi(\d+)$/,
    (side, base = '', code) => paired(base, side, ` (FDI ${code})`),
  ],
  [/^(\w+)_(left|right)$/, (base = '', side) => paired(base, side)],
  [/^(left|right)_(\w+)$/, (side, base = '') => paired(base, side)],
]

function vertebra(part: string, number: string | undefined) {
  return (kind: string) => `Vértebra ${kind} ${part}${number}`
}

function within(
  words: Readonly<Record<string, string>>,
  key: string,
  name: (word: string) => string,
): string | null {
  const word = words[key]
  return word === undefined ? null : name(word)
}

function withRoman(noun: string, number: number): string | null {
  const roman = ROMAN[number - 1]
  return roman === undefined ? null : `${noun} ${roman}`
}

function tooth(jaw: string, side: string, kind: string, pulp: string | undefined, fdi: string) {
  return within(TEETH, kind, (word) => {
    const place = `${jaw === 'upper' ? 'superior' : 'inferior'} ${sided('$o', side)}`
    const code = fdi.replace('fdi', 'FDI ')
    return pulp === undefined
      ? `${word.charAt(0).toUpperCase()}${word.slice(1)} ${place} (${code})`
      : `Pulpa del ${word} ${place} (${code})`
  })
}

function paired(base: string, side: string | undefined, after = ''): string | null {
  return within(PAIRED, base, (pattern) => `${sided(pattern, side)}${after}`)
}

function sided(pattern: string, side: string | undefined): string {
  const words = SIDES[side as Side] // the expressions above match nothing else
  return pattern.replace('$o', words.$o).replace('$a', words.$a)
}

/** The Spanish name of a structure; null where the catalogue knew none when this was written. */
export function spanishName(name: string): string | null {
  const single = SINGLE[name]
  if (single !== undefined) return single
  for (const [pattern, compose] of COMPOSED) {
    const match = pattern.exec(name)
    const composed = match === null ? null : compose(...match.slice(1))
    if (composed !== null) return composed
  }
  return null
}
