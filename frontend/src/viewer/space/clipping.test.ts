import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'

import { clippingPlanes, keptRange, rectangleAcross } from './clipping'

const NONE = { enabled: false, positionMm: 0, flipped: false }

function kept(point: [number, number, number], clips: Parameters<typeof clippingPlanes>[0]) {
  return clippingPlanes(clips).every((plane) => plane.distanceToPoint(new Vector3(...point)) >= 0)
}

describe('clipping', () => {
  it('cuts away what lies beyond the position, or on this side of it when flipped', () => {
    const clip = { enabled: true, positionMm: 20, flipped: false }
    expect(kept([0, 30, 0], { x: NONE, y: clip, z: NONE })).toBe(false)
    expect(kept([0, 10, 0], { x: NONE, y: clip, z: NONE })).toBe(true)
    const flipped = { ...clip, flipped: true }
    expect(kept([0, 30, 0], { x: NONE, y: flipped, z: NONE })).toBe(true)
    expect(kept([0, 10, 0], { x: NONE, y: flipped, z: NONE })).toBe(false)
  })

  it('keeps what all planes keep', () => {
    const at = (positionMm: number) => ({ enabled: true, positionMm, flipped: false })
    expect(kept([5, 5, 5], { x: at(10), y: at(10), z: at(0) })).toBe(false)
    expect(kept([5, 5, -5], { x: at(10), y: at(10), z: at(0) })).toBe(true)
  })

  it('keeps a part of a range', () => {
    expect(keptRange(NONE, -10, 10)).toEqual([-10, 10])
    expect(keptRange({ enabled: true, positionMm: 4, flipped: false }, -10, 10)).toEqual([-10, 4])
    expect(keptRange({ enabled: true, positionMm: 4, flipped: true }, -10, 10)).toEqual([4, 10])
    expect(keptRange({ enabled: true, positionMm: 99, flipped: true }, -10, 10)).toEqual([10, 10])
  })

  it('lays a rectangle over what is left', () => {
    const points = rectangleAcross(1, 7, [
      [-1, 2],
      [0, 0],
      [-3, 4],
    ])
    expect(points).not.toBeNull()
    const corners = Array.from({ length: 6 }, (_, i) =>
      Array.from(points ?? []).slice(3 * i, 3 * i + 3),
    )
    expect(corners.every(([, y]) => y === 7)).toBe(true)
    expect(new Set(corners.map(([x, , z]) => `${String(x)} ${String(z)}`))).toEqual(
      new Set(['-1 -3', '2 -3', '2 4', '-1 4']),
    )
    expect(
      rectangleAcross(0, 7, [
        [0, 1],
        [3, 3],
        [0, 1],
      ]),
    ).toBeNull()
  })
})
