/** The orientation cube as CSS: x to the right, y down, z towards the viewer. */

import { Matrix4, Vector3 } from 'three'

import type { ViewDirection } from '../../session/scene'

/** Normal and upward direction of each face, in RAS+. */
const FACES: Readonly<Record<ViewDirection, readonly [Vector3, Vector3]>> = {
  A: [new Vector3(0, 1, 0), new Vector3(0, 0, 1)],
  P: [new Vector3(0, -1, 0), new Vector3(0, 0, 1)],
  R: [new Vector3(1, 0, 0), new Vector3(0, 0, 1)],
  L: [new Vector3(-1, 0, 0), new Vector3(0, 0, 1)],
  S: [new Vector3(0, 0, 1), new Vector3(0, 1, 0)],
  I: [new Vector3(0, 0, -1), new Vector3(0, 1, 0)],
}

/** CSS counts downward. */
const FLIP = new Matrix4().makeScale(1, -1, 1)

/** Turns the cube as the camera sees the patient. */
export function cubeTransform(worldToCamera: Matrix4): string {
  const turn = worldToCamera.clone().setPosition(0, 0, 0)
  return css(FLIP.clone().multiply(turn).multiply(FLIP))
}

/** Puts a face, drawn in the middle, to its side of the cube. */
export function faceTransform(direction: ViewDirection, halfEdgePixels: number): string {
  const [normal, up] = FACES[direction]
  const right = up.clone().cross(normal)
  const flipped = [right, up.clone().negate(), normal.clone()].map((axis) =>
    axis.applyMatrix4(FLIP),
  )
  const [x, y, z] = flipped
  if (x === undefined || y === undefined || z === undefined) return 'none'
  return `${css(new Matrix4().makeBasis(x, y, z))} translateZ(${halfEdgePixels}px)`
}

/** Column after column, as three stores it too; rounded, since CSS takes no exponents. */
function css(matrix: Matrix4): string {
  return `matrix3d(${matrix.elements.map((value) => value.toFixed(6)).join(',')})`
}
