import { describe, expect, it } from 'vitest'

import { createScene } from '../../session/scene'
import { paletteBytes } from './palette'
import { aStructure } from '../../testing/structures'

function structure(name: string, label: number, colour: [number, number, number]) {
  return aStructure(name, { label_value: label, color_rgb: colour })
}

function sceneOf() {
  const scene = createScene()
  scene
    .getState()
    .show([
      structure('liver', 5, [10, 20, 30]),
      structure('spleen', 255, [40, 50, 60]),
      structure('beyond', 300, [70, 80, 90]),
    ])
  scene.getState().set({ overlayOpacity: 0.4 })
  return scene.getState
}

const at = (bytes: Uint8Array, label: number) => Array.from(bytes.slice(4 * label, 4 * label + 4))

describe('the palette', () => {
  it('has each structure’s colour at its label value, the background stays clear', () => {
    const bytes = paletteBytes(sceneOf()(), 'over_slices')
    expect(at(bytes, 5)).toEqual([10, 20, 30, 102])
    expect(at(bytes, 255)).toEqual([40, 50, 60, 102])
    expect(at(bytes, 0)).toEqual([0, 0, 0, 0])
    expect(bytes.filter((_, i) => i % 4 === 3 && bytes[i] !== 0)).toHaveLength(2)
  })

  it('leaves out what is hidden, or not in the solo', () => {
    const state = sceneOf()
    state().setVisible(['liver'], false)
    expect(at(paletteBytes(state(), 'over_slices'), 5)).toEqual([0, 0, 0, 0])
    state().toggleSolo(['liver'])
    expect(at(paletteBytes(state(), 'over_slices'), 5)[3]).toBe(102)
    expect(at(paletteBytes(state(), 'over_slices'), 255)[3]).toBe(0)
  })

  it('shows more of what is selected, but nothing when all overlay is off', () => {
    const state = sceneOf()
    state().select('liver')
    expect(at(paletteBytes(state(), 'over_slices'), 5)[3]).toBe(Math.round(0.7 * 255))
    state().set({ overlayOpacity: 0 })
    expect(at(paletteBytes(state(), 'over_slices'), 5)[3]).toBe(0)
  })

  it('has the structure’s own opacity where it is cut', () => {
    const state = sceneOf()
    state().setOpacity(['liver'], 0.6)
    expect(at(paletteBytes(state(), 'cap'), 5)[3]).toBe(153)
    expect(at(paletteBytes(state(), 'cap'), 255)[3]).toBe(255)
  })
})
