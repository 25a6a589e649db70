import { describe, expect, it } from 'vitest'

import { depthRange, drawOrder, type DepthRange } from './transparency_order'

/** What is drawn, in order. */
function drawn(ranges: Record<string, DepthRange>): string[] {
  return Object.entries(ranges)
    .flatMap(([name, range]) => {
      const { backFaces, frontFaces } = drawOrder(range)
      return [
        { side: `${name} back`, order: backFaces },
        { side: `${name} front`, order: frontFaces },
      ]
    })
    .sort((a, b) => a.order - b.order)
    .map(({ side }) => side)
}

describe('see-through structures', () => {
  it('inside of each other are drawn between the sides of the outer one', () => {
    const skin = { near: 0, far: 100 }
    const lung = { near: 20, far: 60 }
    const nodule = { near: 30, far: 40 }
    expect(drawn({ nodule, skin, lung })).toEqual([
      'skin back',
      'lung back',
      'nodule back',
      'nodule front',
      'lung front',
      'skin front',
    ])
  })

  it('behind each other are drawn from back to front', () => {
    const kidney = { near: 80, far: 90 }
    const liver = { near: 20, far: 50 }
    expect(drawn({ liver, kidney })).toEqual([
      'kidney back',
      'kidney front',
      'liver back',
      'liver front',
    ])
  })

  it('have the depths of their boxes', () => {
    expect(depthRange(100, [10, 20, 30], [0, 0, -1])).toEqual({ near: 70, far: 130 })
    expect(depthRange(100, [10, 20, 30], [0.6, 0.8, 0])).toEqual({ near: 78, far: 122 })
  })
})
