import { describe, expect, test } from 'vitest'

import { createScene, isShown, shownAtFirst } from './scene'
import { aStructure } from '../testing/structures'

function structure(name: string, encloses = false) {
  return aStructure(name, { encloses })
}

const LIVER = structure('liver')
const SPLEEN = structure('spleen')
const SKIN = structure('body_surface', true)
const MUSCLE = structure('muscle', true)

describe('what is shown at first', () => {
  test('what is inside is, what lies around it is not', () => {
    expect(shownAtFirst([SKIN, LIVER, MUSCLE])).toEqual(new Set(['liver']))
  })

  test('with nothing inside, everything is', () => {
    expect(shownAtFirst([SKIN, MUSCLE])).toEqual(new Set(['body_surface', 'muscle']))
  })
})

describe('solo', () => {
  test('shows its structures alone and gives back what the eyes said', () => {
    const scene = createScene()
    scene.getState().show([LIVER, SPLEEN, SKIN])

    scene.getState().toggleSolo(['body_surface'])
    expect(
      ['liver', 'spleen', 'body_surface'].map((name) => isShown(scene.getState(), name)),
    ).toEqual([false, false, true])

    scene.getState().toggleSolo(['body_surface'])
    expect(
      ['liver', 'spleen', 'body_surface'].map((name) => isShown(scene.getState(), name)),
    ).toEqual([true, true, false])
  })

  test('ends when an eye is used', () => {
    const scene = createScene()
    scene.getState().show([LIVER, SPLEEN])
    scene.getState().toggleSolo(['liver'])
    scene.getState().setVisible(['spleen'], true)
    expect(isShown(scene.getState(), 'spleen')).toBe(true)
    expect(isShown(scene.getState(), 'liver')).toBe(true)
  })
})

test('a third measured point begins anew; leaving the tool forgets all', () => {
  const scene = createScene()
  const { measure, setTool } = scene.getState()
  setTool('measure')
  measure([0, 0, 0])
  measure([3, 4, 0])
  expect(scene.getState().measured).toHaveLength(2)
  measure([1, 1, 1])
  expect(scene.getState().measured).toEqual([[1, 1, 1]])
  setTool('navigate')
  expect(scene.getState().measured).toEqual([])
})

test('another job shows nothing of the one before', () => {
  const scene = createScene()
  scene.getState().show([LIVER])
  scene.getState().select('liver')
  scene.getState().moveCrosshair([1, 2, 3])
  scene.getState().show([SPLEEN])
  const { selected, crosshairRasMm, visible } = scene.getState()
  expect({ selected, crosshairRasMm, visible }).toEqual({
    selected: null,
    crosshairRasMm: null,
    visible: { spleen: true },
  })
})
