/** Spanish by the API's own description, so that a description that changes is not mistranslated. */
export const TASKS_ES: Readonly<Record<string, string>> = {
  'Organs, bones, vessels and muscles of the whole body.':
    'Órganos, huesos, vasos y músculos de todo el cuerpo.',
  'Organs, bones, vessels and muscles of the whole body, third model generation (a sixth lumbar vertebra instead of S1).':
    'Órganos, huesos, vasos y músculos de todo el cuerpo, tercera generación del modelo (una sexta vértebra lumbar en lugar de S1).',
  'Trunk and extremities as a whole.': 'Tronco y extremidades en conjunto.',
  'Trunk and extremities as a whole, in MR.': 'Tronco y extremidades en conjunto, en RM.',
  'Each vertebra and the sacrum, in MR.': 'Cada vértebra y el sacro, en RM.',
  'Airways, arteries and veins within the lungs.':
    'Vías aéreas, arterias y venas dentro de los pulmones.',
  'Lung vessels and bronchi by the earlier model.':
    'Vasos pulmonares y bronquios con el modelo anterior.',
  'Bleeding within the brain.': 'Hemorragia intracerebral.',
  'Hip implants.': 'Prótesis de cadera.',
  'Coronary arteries.': 'Arterias coronarias.',
  'Coronary arteries by the earlier model.': 'Arterias coronarias con el modelo anterior.',
  'Fluid around lungs and heart.': 'Derrame pleural y pericárdico.',
  'Bones of forearm, hand, lower leg and foot.':
    'Huesos del antebrazo, la mano, la pierna y el pie.',
  'Bones of forearm, lower leg and foot, in MR.':
    'Huesos del antebrazo, la pierna y el pie, en RM.',
  'Fat under the skin, fat of the torso, skeletal muscle.':
    'Grasa subcutánea, grasa del torso y músculo esquelético.',
  'Heart chambers, myocardium and great vessels at high resolution.':
    'Cavidades cardíacas, miocardio y grandes vasos en alta resolución.',
  'The face, so that it can be removed.': 'La cara, para poder eliminarla.',
  'Vertebral bodies and discs.': 'Cuerpos y discos vertebrales.',
  'Each vertebra, with anatomical post-processing.':
    'Cada vértebra, con posprocesamiento anatómico.',
  'Each vertebra, post-processed and refined by the vertebral bodies.':
    'Cada vértebra, posprocesada y refinada con los cuerpos vertebrales.',
  'Organs, bones, vessels and muscles of the whole body, in MR.':
    'Órganos, huesos, vasos y músculos de todo el cuerpo, en RM.',
  'Fat under the skin, fat of the torso, skeletal muscle, in MR.':
    'Grasa subcutánea, grasa del torso y músculo esquelético, en RM.',
  'Fat under the skin, within the torso and between muscles; skeletal muscle.':
    'Grasa subcutánea, del torso e intermuscular; músculo esquelético.',
  'The face, so that it can be removed, in MR.': 'La cara, para poder eliminarla, en RM.',
  'Eyes, glands and cavities of the head.': 'Ojos, glándulas y cavidades de la cabeza.',
  'Muscles of the head.': 'Músculos de la cabeza.',
  'Small bones, cartilages and great vessels of the neck.':
    'Huesos pequeños, cartílagos y grandes vasos del cuello.',
  'Muscles of the neck.': 'Músculos del cuello.',
  'Lobes, nuclei and fluid spaces of the brain.':
    'Lóbulos, núcleos y espacios de líquido del encéfalo.',
  'Vessels and tumours of the liver.': 'Vasos y tumores del hígado.',
  'Lesions of the liver.': 'Lesiones del hígado.',
  'Lesions of the liver, in MR.': 'Lesiones del hígado, en RM.',
  'Muscles that move the eyes, eyeballs and optic nerves.':
    'Músculos que mueven los ojos, globos oculares y nervios ópticos.',
  'Muscles of thigh and shoulder.': 'Músculos del muslo y del hombro.',
  'Muscles of thigh and shoulder, in MR.': 'Músculos del muslo y del hombro, en RM.',
  'Lungs and their nodules.': 'Pulmones y sus nódulos.',
  'Cysts of the kidneys.': 'Quistes renales.',
  'Breasts.': 'Mamas.',
  'Parts of the ventricles of the brain.': 'Partes de los ventrículos cerebrales.',
  'Outflow tract and cusps of the aortic valve.': 'Tracto de salida y senos de la válvula aórtica.',
  'The eight segments of the liver.': 'Los ocho segmentos del hígado.',
  'The eight segments of the liver, in MR.': 'Los ocho segmentos del hígado, en RM.',
  'Jaw, teeth, sinuses and skull.': 'Mandíbula, dientes, senos paranasales y cráneo.',
  'Muscles of the trunk, in detail.': 'Músculos del tronco, en detalle.',
  'Each tooth with its pulp, jaws, canals and dental work.':
    'Cada diente con su pulpa, maxilares, conductos y trabajos dentales.',
  'Cavities of the trunk, pericardium and mediastinum.':
    'Cavidades del tronco, pericardio y mediastino.',
  'Aneurysms of brain arteries, in time-of-flight MR angiography.':
    'Aneurismas de las arterias cerebrales, en angio-RM por tiempo de vuelo.',
  'Renal arteries, celiac trunk and superior mesenteric artery.':
    'Arterias renales, tronco celíaco y arteria mesentérica superior.',
  'Landmarks of the aortic root.': 'Puntos de referencia de la raíz aórtica.',
  'True and false lumen of a dissected aorta.': 'Luz verdadera y falsa de una disección aórtica.',
  'Landmarks of aortic root and pulmonary artery.':
    'Puntos de referencia de la raíz aórtica y la arteria pulmonar.',
  'What X-ray density, connectivity and place tell apart in a CT: body surface, lungs, airway, bone, muscle, fat, other soft tissue and gas. Knows no organs.':
    'Lo que la densidad radiológica, la conectividad y la posición distinguen en una TC: superficie corporal, pulmones, vía aérea, hueso, músculo, grasa, otras partes blandas y gas. No conoce órganos.',
}
