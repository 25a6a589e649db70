import { describe, expect, it } from 'vitest'

import { QualityChoice, SLICE_LEVELS, SPACE_LEVELS } from './quality'

describe('the quality of the 3D view', () => {
  it('is the finest at first, moving or not', () => {
    const quality = new QualityChoice(SPACE_LEVELS)
    expect(quality.choose(true)).toEqual({ scale: 1, samples: 4 })
    expect(quality.choose(false)).toEqual({ scale: 1, samples: 4 })
  })

  it('gets coarser while slow graphics move, but not at rest', () => {
    const quality = new QualityChoice(SPACE_LEVELS)
    for (let i = 0; i < 9; i++) quality.learn(true, 200)
    expect(quality.choose(true)).toEqual({ scale: 0.35, samples: 0 })
    expect(quality.choose(false)).toEqual({ scale: 1, samples: 4 })
  })

  it('gets finer again when there is time', () => {
    const quality = new QualityChoice(SPACE_LEVELS)
    quality.learn(true, 60)
    quality.learn(true, 5)
    expect(quality.choose(true)).toEqual({ scale: 1, samples: 4 })
  })

  it('stays while the time is right', () => {
    const quality = new QualityChoice(SPACE_LEVELS)
    quality.learn(true, 60)
    quality.learn(true, 30)
    expect(quality.choose(true)).toEqual({ scale: 1, samples: 0 })
  })

  it('gives up smooth edges at rest only where a picture would take most of a second', () => {
    const quality = new QualityChoice(SPACE_LEVELS)
    quality.learn(false, 500)
    expect(quality.choose(false).samples).toBe(4)
    quality.learn(false, 900)
    expect(quality.choose(false)).toEqual({ scale: 1, samples: 0 })
  })

  it('of slices is that of the screen at rest, however long it takes', () => {
    const quality = new QualityChoice(SLICE_LEVELS)
    quality.learn(false, 5000)
    expect(quality.choose(false)).toEqual({ scale: 1, samples: 0 })
  })
})
