/** The header of a NIfTI file: its grid, and how its voxels are stored. */

import { NIFTI1, readHeader, type NIFTI2 } from 'nifti-reader-js'

/** Rows of the affine from voxel index to RAS+ mm, without the last. */
export type AffineRasMm = readonly (readonly number[])[]

export interface NiftiHeader {
  /** All axes of more than one voxel beyond the third, too. */
  shape: readonly number[]
  spacingMm: readonly number[]
  affineRasMm: AffineRasMm
  datatype: number
  bytesPerVoxel: number
  littleEndian: boolean
  voxelsAt: number
  slope: number
  intercept: number
}

/** By the three lowest bits of `xyzt_units`; an unknown unit is taken as mm (nifti1.h). */
const MM_PER_UNIT = [1, 1000, 1, 0.001]

/** @throws Error if the bytes are no header */
export function parseNiftiHeader(head: Uint8Array<ArrayBuffer>): NiftiHeader {
  const header = readHeader(head.slice().buffer)
  const mm = MM_PER_UNIT[header.xyzt_units & 7] ?? 1
  const affineRasMm = affineOf(header, head).map((row) => row.map((value) => value * mm))
  const dimensions = Math.min(7, Math.max(0, header.dims[0] ?? 0))
  const shape = header.dims.slice(1, dimensions + 1)
  while (shape.length > 3 && shape.at(-1) === 1) shape.pop()
  return {
    shape,
    spacingMm: [0, 1, 2].map((axis) =>
      Math.hypot(...affineRasMm.map((row) => row[axis] ?? Number.NaN)),
    ),
    affineRasMm,
    datatype: header.datatypeCode,
    bytesPerVoxel: header.numBitsPerVoxel / 8,
    littleEndian: header.littleEndian,
    voxelsAt: header.vox_offset,
    // A slope of 0 or none at all means that values are stored as they are (nifti1.h).
    slope: Number.isFinite(header.scl_slope) && header.scl_slope !== 0 ? header.scl_slope : 1,
    intercept: Number.isFinite(header.scl_inter) && header.scl_slope !== 0 ? header.scl_inter : 0,
  }
}

/** sform, else qform, else spacing alone with x to the left: the choice that the API makes. */
function affineOf(header: NIFTI1 | NIFTI2, head: Uint8Array<ArrayBuffer>): number[][] {
  if (header.sform_code > 0) return sform(header, head)
  const [qfac = 1, dx = 1, dy = 1, dz = 1] = header.pixDims
  if (header.qform_code > 0) {
    const { quatern_b: b, quatern_c: c, quatern_d: d } = header
    const { qoffset_x: x, qoffset_y: y, qoffset_z: z } = header
    const sign = qfac < 0 ? -1 : 1
    return header.convertNiftiQFormToNiftiSForm(b, c, d, x, y, z, dx, dy, dz, sign).slice(0, 3)
  }
  return [
    [-dx, 0, 0, 0],
    [0, dy, 0, 0],
    [0, 0, dz, 0],
  ]
}

function sform(header: NIFTI1 | NIFTI2, head: Uint8Array<ArrayBuffer>): number[][] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const old = header instanceof NIFTI1
  return [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) => {
      const index = row * 4 + column
      return old
        ? view.getFloat32(280 + index * 4, header.littleEndian)
        : view.getFloat64(400 + index * 8, header.littleEndian)
    }),
  )
}
