import { describe, expect, test } from 'vitest'

import { readCatalogue } from '../testing/catalogue'
import { bodySystemName, structureName } from './structure_names'
import { spanishName } from './structure_names_es'
import { structures } from './texts/structures'

const all = Object.values(readCatalogue().engines).flatMap(({ tasks }) =>
  tasks.flatMap((task) => task.structures),
)
const byName = new Map(all.map((structure) => [structure.name, structure]))

describe('Spanish names', () => {
  test('every structure of every task has one', () => {
    expect(byName.size).toBeGreaterThan(400)
    expect([...byName.keys()].filter((name) => spanishName(name) === null)).toEqual([])
  })

  test('no two structures share one, so that the tree tells them apart', () => {
    const names = [...byName.keys()].map(spanishName)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('none holds a placeholder, English, or a wrong first letter', () => {
    const odd = /[$_]|undefined|\b(left|right|lung|muscle|bone)\b|^[a-záéíóú]/
    expect([...byName.keys()].map(spanishName).filter((name) => odd.test(name ?? ''))).toEqual([])
  })

  test('the side is that of the English name, in the gender of the noun', () => {
    for (const { name, display_name } of byName.values()) {
      const spanish = spanishName(name) ?? ''
      expect([name, /izquierd[oa]\b/.test(spanish)]).toEqual([name, /\bleft\b/i.test(display_name)])
      expect([name, /derech[oa]\b/.test(spanish)]).toEqual([name, /\bright\b/i.test(display_name)])
    }
  })

  test.each([
    ['vertebrae_L1', 'Vértebra lumbar L1'],
    ['vertebrae_T12', 'Vértebra torácica T12'],
    ['vertebrae_S1', 'Vértebra sacra S1'],
    ['rib_left_1', 'Costilla izquierda 1'],
    ['lung_upper_lobe_left', 'Lóbulo superior del pulmón izquierdo'],
    ['inferior_vena_cava', 'Vena cava inferior'],
    ['iliac_vena_right', 'Vena ilíaca común derecha'],
    ['kidney_right', 'Riñón derecho'],
    ['liver_segment_4', 'Segmento hepático IV'],
    ['upper_right_central_incisor_fdi11', 'Incisivo central superior derecho (FDI 11)'],
    ['lower_left_third_molar_pulp_fdi138', 'Pulpa del tercer molar inferior izquierdo (FDI 138)'],
    ['left_mandibular_incisive_canal_fdi103', 'Conducto incisivo mandibular izquierdo (FDI 103)'],
    ['right_coronary_cusp', 'Cúspide coronaria derecha'],
  ])('%s is %s', (name, spanish) => {
    expect(structureName(name, 'es', 'not this')).toBe(spanish)
  })

  test('what is not known is called as the API calls it', () => {
    expect(structureName('new_organ', 'es', 'New organ')).toBe('New organ')
    expect(structureName('new_organ_left', 'es', 'Left new organ')).toBe('Left new organ')
    expect(structureName('vertebrae_X1', 'es', 'X1 vertebra')).toBe('X1 vertebra')
  })

  test('English is what the API says', () => {
    expect(structureName('liver', 'en', 'Liver')).toBe('Liver')
  })
})

describe('body systems', () => {
  test('every one of the catalogue has a name in both languages', () => {
    const systems = new Set(all.map(({ body_system }) => body_system))
    expect(Object.keys(structures.en.systems).sort()).toEqual([...systems].sort())
    expect(Object.keys(structures.es.systems).sort()).toEqual([...systems].sort())
  })

  test('a new one is called as the API calls it', () => {
    expect(bodySystemName('deep_sea', 'es')).toBe('deep sea')
  })
})
