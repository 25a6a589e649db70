import { describe, expect, it } from 'vitest'

import { SHORTCUTS, shortcutOf } from './shortcuts'

const PLAIN = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false }

describe('shortcuts', () => {
  it('mean one thing each within a scope, and no scope hides one of the whole viewer', () => {
    const within = (scope: string) =>
      SHORTCUTS.filter((each) => each.scope === scope).flatMap(({ keys }) => keys)
    for (const scope of ['view3d', 'slice']) {
      const keys = [...within('viewer'), ...within(scope)]
      expect(keys).toHaveLength(new Set(keys).size)
    }
  })

  it('do not depend on caps lock, but on shift', () => {
    expect(shortcutOf({ ...PLAIN, key: 'f' }, ['viewer'])).toBe('fitAll')
    expect(shortcutOf({ ...PLAIN, key: 'F' }, ['viewer'])).toBe('fitAll')
    expect(shortcutOf({ ...PLAIN, key: 'F', shiftKey: true }, ['viewer'])).toBe('fitSelected')
  })

  it('take a sign with or without the shift that a keyboard needs for it', () => {
    expect(shortcutOf({ ...PLAIN, key: '+', shiftKey: true }, ['slice'])).toBe('zoomInSlice')
    expect(shortcutOf({ ...PLAIN, key: '+' }, ['slice'])).toBe('zoomInSlice')
  })

  it('leave the combinations of the browser alone', () => {
    expect(shortcutOf({ ...PLAIN, key: 'r', ctrlKey: true }, ['viewer'])).toBeNull()
    expect(shortcutOf({ ...PLAIN, key: 'p', metaKey: true }, ['viewer'])).toBeNull()
  })

  it('act where the focus is', () => {
    const up = { ...PLAIN, key: 'ArrowUp' }
    expect(shortcutOf(up, ['view3d', 'viewer'])).toBe('turn')
    expect(shortcutOf(up, ['slice', 'viewer'])).toBe('nextSlice')
    expect(shortcutOf(up, ['viewer'])).toBeNull()
  })
})
