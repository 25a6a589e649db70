/** Small NIfTI-1 files (nifti1.h). */

export interface NiftiOptions {
  shape?: readonly number[]
  /** Rows of the affine to RAS+ mm, written as sform; null for a file that does not say. */
  affine?: readonly (readonly number[])[] | null
  /** int16 values, first axis fastest. */
  voxels?: readonly number[]
  slope?: number
  intercept?: number
  datatype?: number
  magic?: string
  littleEndian?: boolean
}

const VOXELS_AT = 352
const INT16 = 4

export function niftiBytes(options: NiftiOptions = {}): Uint8Array<ArrayBuffer> {
  const shape = options.shape ?? [4, 4, 4]
  const count = shape.reduce((product, n) => product * n, 1)
  const voxels = options.voxels ?? Array.from({ length: count }, () => 0)
  const little = options.littleEndian ?? true
  const view = new DataView(new ArrayBuffer(VOXELS_AT + voxels.length * 2))
  view.setInt32(0, 348, little)
  view.setInt16(40, shape.length, little)
  shape.forEach((n, axis) => view.setInt16(42 + axis * 2, n, little))
  view.setInt16(70, options.datatype ?? INT16, little)
  view.setInt16(72, 16, little)
  for (let axis = 0; axis < 8; axis += 1) view.setFloat32(76 + axis * 4, 1, little)
  view.setFloat32(108, VOXELS_AT, little)
  view.setFloat32(112, options.slope ?? 1, little)
  view.setFloat32(116, options.intercept ?? 0, little)
  view.setUint8(123, 2) // mm
  const { affine = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]] } = options // prettier-ignore
  view.setInt16(254, affine === null ? 0 : 1, little)
  affine?.flat().forEach((value, index) => view.setFloat32(280 + index * 4, value, little))
  const bytes = new Uint8Array(view.buffer)
  bytes.set(new TextEncoder().encode(options.magic ?? 'n+1\0'), 344)
  voxels.forEach((value, index) => view.setInt16(VOXELS_AT + index * 2, value, little))
  return bytes
}
