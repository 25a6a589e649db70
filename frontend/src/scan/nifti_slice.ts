/** The middle axial slice of a NIfTI file, as a radiologist sees it. */

import type { ScanFile } from './candidate'
import { gather, gunzipped, isGzip, startOf } from './file_bytes'
import type { AffineRasMm, NiftiHeader } from './nifti_header'
import { fittedSize, nearestSamples, type GreySlice } from './picture'
import { bytesOf, numberReader, type StoredType } from './stored_numbers'

/** nifti1.h; types that no picture is made of are left out. */
export const STORED_TYPES: ReadonlyMap<number, StoredType> = new Map([
  [2, 'uint8'],
  [4, 'int16'],
  [8, 'int32'],
  [16, 'float32'],
  [64, 'float64'],
  [256, 'int8'],
  [512, 'uint16'],
  [768, 'uint32'],
])

/** How far a file is read for its picture: seconds of inflating. */
const FURTHEST_BYTES = 2 ** 30

/** One index axis on the screen; `reversed` where indices run against pixels. */
interface ScreenAxis {
  axis: number
  reversed: boolean
}

/**
 * Index axes nearest to the screen's: the patient's right on the left, anterior on top.
 * `depth` is the axis nearest to superior.
 */
export function radiologicalAxes(affine: AffineRasMm): {
  across: ScreenAxis
  down: ScreenAxis
  depth: number
} {
  const column = (axis: number) => affine.map((row) => row[axis] ?? 0)
  const share = (axis: number, world: number) => {
    const direction = column(axis)
    return Math.abs(direction[world] ?? 0) / Math.hypot(...direction)
  }
  const nearest = (axes: readonly number[], world: number) =>
    axes.reduce((best, axis) => (share(axis, world) > share(best, world) ? axis : best))
  const depth = nearest([0, 1, 2], 2)
  const inPlane = [0, 1, 2].filter((axis) => axis !== depth)
  const across = nearest(inPlane, 0)
  const down = inPlane.find((axis) => axis !== across) ?? 1
  return {
    across: { axis: across, reversed: (column(across)[0] ?? 0) > 0 },
    down: { axis: down, reversed: (column(down)[1] ?? 0) > 0 },
    depth,
  }
}

/** Null where it would take too long to reach, or its numbers are of no known type. */
export async function middleAxialSlice(
  file: ScanFile,
  header: NiftiHeader,
): Promise<GreySlice | null> {
  const type = STORED_TYPES.get(header.datatype)
  if (type === undefined) return null
  const { across, down, depth } = radiologicalAxes(header.affineRasMm)
  const count = (axis: number) => header.shape[axis] ?? 1
  const lengthMm = (axis: number) => count(axis) * (header.spacingMm[axis] ?? 1)
  const size = fittedSize(lengthMm(across.axis), lengthMm(down.axis))
  const strides = [1, count(0), count(0) * count(1)].map((stride) => stride * bytesOf(type))
  const places = ({ axis, reversed }: ScreenAxis, pixels: number) => {
    const samples = nearestSamples(pixels, count(axis)).map((index) => index * (strides[axis] ?? 0))
    return reversed ? samples.reverse() : samples
  }
  const start = header.voxelsAt + Math.floor(count(depth) / 2) * (strides[depth] ?? 0)
  const columns = places(across, size.width)
  const offsets = places(down, size.height).flatMap((row) =>
    columns.map((place) => start + row + place),
  )
  const ascending = [...new Set(offsets)].sort((a, b) => a - b)
  if ((ascending.at(-1) ?? 0) > FURTHEST_BYTES && !(file instanceof Blob)) return null
  const bytes = await bytesAt(file, ascending, bytesOf(type))
  if (bytes === null) return null
  const indexOf = new Map(ascending.map((offset, index) => [offset, index]))
  const read = numberReader(bytes, type, header.littleEndian)
  const values = Float32Array.from(
    offsets,
    (offset) => read(indexOf.get(offset) ?? 0) * header.slope + header.intercept,
  )
  return { ...size, values }
}

async function bytesAt(
  file: ScanFile,
  ascending: readonly number[],
  bytesEach: number,
): Promise<Uint8Array | null> {
  const first = ascending[0] ?? 0
  const end = (ascending.at(-1) ?? 0) + bytesEach
  if (isGzip(await startOf(file, 3))) {
    return end > FURTHEST_BYTES ? null : gather(gunzipped(file), ascending, bytesEach)
  }
  if (!(file instanceof Blob)) return gather(file.stream(), ascending, bytesEach)
  const from = ascending.map((offset) => offset - first)
  return gather(file.slice(first, end).stream(), from, bytesEach)
}
