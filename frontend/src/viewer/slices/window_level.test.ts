import { describe, expect, it } from 'vitest'

import { WINDOWS } from '../../session/scene'
import { draggedWindow, nameOfWindow, windowAfter } from './window_level'

describe('a window', () => {
  it('gets wider to the right and its centre higher downward', () => {
    const dragged = draggedWindow(WINDOWS.softTissue, 0.5, 0.25)
    expect(dragged).toEqual({ centre: 40 + 150, width: 400 + 300 })
  })

  it('keeps a width to divide by', () => {
    expect(draggedWindow(WINDOWS.brain, -5, 0).width).toBe(1)
  })

  it('is known by its preset', () => {
    expect(nameOfWindow({ centre: -600, width: 1500 })).toBe('lung')
    expect(nameOfWindow({ centre: -600, width: 1501 })).toBeNull()
  })

  it('is followed by the next preset, and the last or an own one by the first', () => {
    expect(windowAfter(WINDOWS.softTissue)).toBe(WINDOWS.lung)
    expect(windowAfter(WINDOWS.brain)).toBe(WINDOWS.softTissue)
    expect(windowAfter({ centre: 1, width: 2 })).toBe(WINDOWS.softTissue)
  })
})
