/**
 * The world of the 3D view is the patient: RAS+ millimetres. Models come as glTF in metres with Y
 * up (+X to the patient's left, +Y to the head, +Z to the front): this is the only place in the
 * page where that frame is known.
 */

import { Matrix4 } from 'three'

const MM_PER_METRE = 1000

/** A rotation (determinant +1) and the scale: no mirroring, so left stays left. */
export function rasMmFromGltf(): Matrix4 {
  const mm = MM_PER_METRE
  // prettier-ignore
  return new Matrix4().set(
    -mm, 0, 0, 0,
    0, 0, mm, 0,
    0, mm, 0, 0,
    0, 0, 0, 1,
  )
}
