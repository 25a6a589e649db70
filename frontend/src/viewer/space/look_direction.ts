/** From where the 3D view looks, and how far away it has to be. */

import type { ViewDirection } from '../../session/scene'
import type { Vec3 } from '../../session/vector'

/**
 * A hair's breadth off the poles, where "up" would be undefined for a camera whose up is the head:
 * the front ends up on top of the screen, from above and from below alike.
 */
const OFF_THE_POLE = 1e-3

/** From the model towards the camera, in RAS+. */
export const LOOK_FROM: Readonly<Record<ViewDirection, Vec3>> = {
  R: [1, 0, 0],
  L: [-1, 0, 0],
  A: [0, 1, 0],
  P: [0, -1, 0],
  S: [0, -OFF_THE_POLE, 1],
  I: [0, OFF_THE_POLE, -1],
}

export const LOOK_DIRECTIONS = ['A', 'P', 'L', 'R', 'S', 'I'] as const satisfies ViewDirection[]

/**
 * How far from `centre` a perspective camera has to be for all points to be seen.
 *
 * `points` are relative to the centre, in the camera's axes: x to the right, y up, z towards the
 * camera. `slopeX` and `slopeY` are the tangents of half the angles of view.
 */
export function fittingDistance(points: readonly Vec3[], slopeX: number, slopeY: number): number {
  let distance = 0
  for (const [x, y, z] of points) {
    distance = Math.max(distance, z + Math.abs(x) / slopeX, z + Math.abs(y) / slopeY)
  }
  return distance
}
