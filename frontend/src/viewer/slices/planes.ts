/**
 * The three planes across the axes of RAS+ and how each lies on the screen, in the radiological
 * convention: axial seen from the feet and coronal from the front, so that the patient's right is
 * on the left of the screen; sagittal seen from the left, so that the front is on the left.
 */

import type { Plane, ViewDirection } from '../../session/scene'
import type { Vec3 } from '../../session/vector'

export const PLANES = ['axial', 'coronal', 'sagittal'] as const satisfies readonly Plane[]

/** An axis of RAS+: 0 to the right, 1 to the front, 2 to the head. */
export type Axis = 0 | 1 | 2

export interface PlaneFrame {
  /** Across the plane: the slider moves along it. */
  readonly axis: Axis
  /** Unit vectors of RAS+ that point right and up on the screen. */
  readonly right: Vec3
  readonly up: Vec3
}

export const PLANE_FRAMES: Readonly<Record<Plane, PlaneFrame>> = {
  axial: { axis: 2, right: [-1, 0, 0], up: [0, 1, 0] },
  coronal: { axis: 1, right: [-1, 0, 0], up: [0, 0, 1] },
  sagittal: { axis: 0, right: [0, -1, 0], up: [0, 0, 1] },
}

/** The letter of a direction along an axis of RAS+. */
export function letterOf(direction: Vec3): ViewDirection {
  const [x, y, z] = direction
  if (Math.abs(x) > 0.5) return x > 0 ? 'R' : 'L'
  if (Math.abs(y) > 0.5) return y > 0 ? 'A' : 'P'
  return z > 0 ? 'S' : 'I'
}

export interface EdgeLetters {
  readonly left: ViewDirection
  readonly right: ViewDirection
  readonly top: ViewDirection
  readonly bottom: ViewDirection
}

/** What lies towards each edge of a plane's picture. */
export function edgeLetters(plane: Plane): EdgeLetters {
  const { right, up } = PLANE_FRAMES[plane]
  return {
    left: letterOf(negative(right)),
    right: letterOf(right),
    top: letterOf(up),
    bottom: letterOf(negative(up)),
  }
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function withCoordinate(point: Vec3, axis: Axis, value: number): Vec3 {
  return [
    axis === 0 ? value : point[0],
    axis === 1 ? value : point[1],
    axis === 2 ? value : point[2],
  ]
}

/** `point + Σ scale · direction` */
export function moved(point: Vec3, ...steps: readonly (readonly [Vec3, number])[]): Vec3 {
  let [x, y, z] = point
  for (const [direction, length] of steps) {
    x += direction[0] * length
    y += direction[1] * length
    z += direction[2] * length
  }
  return [x, y, z]
}

function negative([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z]
}
