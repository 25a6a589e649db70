import { expect, test } from 'vitest'

import type { Structure } from './api'
import { shownAtFirst } from './outer'

function structure(name: string, body_system: string, encloses = false): Structure {
  return {
    name,
    display_name: name,
    body_system,
    encloses,
    color_rgb: [1, 2, 3],
    volume_ml: 1,
    mean_hu: null,
    truncated: false,
  }
}

const LIVER = structure('liver', 'digestive')
const SKIN = structure('body_surface', 'integumentary', true)
const MUSCLE = structure('muscle', 'muscular', true)

test('what is inside is shown, what lies around it is not', () => {
  expect(shownAtFirst([SKIN, LIVER, MUSCLE])).toEqual(new Set(['liver']))
})

test('with nothing inside, everything is shown', () => {
  expect(shownAtFirst([SKIN, MUSCLE])).toEqual(new Set(['body_surface', 'muscle']))
})
