/** Voxels out of a NIfTI file, as a job's previews are stored. */

import { readHeader } from 'nifti-reader-js'

export type Dims = readonly [number, number, number]

export interface Nifti<Voxels> {
  readonly dims: Dims
  /** Voxel index to RAS+ mm, row after row. */
  readonly affineRasMm: readonly number[]
  /** As stored, x fastest. */
  readonly voxels: Voxels
  readonly slope: number
  readonly intercept: number
}

export class NotAPreview extends Error {
  override readonly name = 'NotAPreview'
}

const INT16 = 4
const UINT8 = 2

/** The scan: HU as int16. */
export function readCt(file: ArrayBuffer): Nifti<Int16Array> {
  const { header, grid, count } = readGrid(file)
  if (header.datatypeCode !== INT16) throw new NotAPreview(`data type ${header.datatypeCode}`)
  const bytes = voxelBytes(file, header.vox_offset, 2 * count)
  if (!header.littleEndian) swapPairs(new Uint8Array(bytes))
  return { ...grid, voxels: new Int16Array(bytes) }
}

/** The label map: label values as uint8. */
export function readLabels(file: ArrayBuffer): Nifti<Uint8Array> {
  const { header, grid, count } = readGrid(file)
  if (header.datatypeCode !== UINT8) throw new NotAPreview(`data type ${header.datatypeCode}`)
  return { ...grid, voxels: new Uint8Array(voxelBytes(file, header.vox_offset, count)) }
}

function readGrid(file: ArrayBuffer) {
  const header = readHeader(file)
  const [, x = 0, y = 0, z = 0] = header.dims
  if (x < 1 || y < 1 || z < 1) throw new NotAPreview(`dimensions ${header.dims.join(' ')}`)
  const dims: Dims = [x, y, z]
  const slope = Number.isFinite(header.scl_slope) && header.scl_slope !== 0 ? header.scl_slope : 1
  const intercept = Number.isFinite(header.scl_inter) ? header.scl_inter : 0
  const grid = { dims, affineRasMm: header.affine.flat(), slope, intercept }
  return { header, grid, count: x * y * z }
}

/** A copy, since voxels may begin at an odd byte and leave the file's other bytes behind. */
function voxelBytes(file: ArrayBuffer, offset: number, length: number): ArrayBuffer {
  if (file.byteLength < offset + length) throw new NotAPreview('cut off')
  return file.slice(offset, offset + length)
}

function swapPairs(bytes: Uint8Array): void {
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const first = bytes[i] ?? 0
    bytes[i] = bytes[i + 1] ?? 0
    bytes[i + 1] = first
  }
}
