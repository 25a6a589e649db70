// @vitest-environment node
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'

import { niftiBytes } from '../testing/nifti_bytes'
import { parseNiftiHeader } from './nifti_header'
import { middleAxialSlice } from './nifti_slice'
import type { GreySlice } from './picture'

const SIZES_MM = [60, 40, 30] // of a box from right to left, front to back, foot to head

/** HU of a place in the box: the right, the front and the head of the patient are told apart. */
function valueAt([x, y, z]: readonly number[]): number {
  if (z === undefined || Math.abs(z - 15) > 10) return 3000 // never in the middle
  return ((x ?? 0) > 30 ? 100 : 0) + ((y ?? 0) > 20 ? 10 : 0)
}

/** The box on a grid of 2 mm of which axis n runs along world axis `order[n]`, `flip[n]` times. */
function box(order: readonly number[], flips: readonly number[]) {
  const shape = order.map((world) => (SIZES_MM[world] ?? 0) / 2)
  const affine = [0, 1, 2].map((world) => {
    const axis = order.indexOf(world)
    const flip = flips[axis] ?? 1
    const row = [0, 0, 0, flip > 0 ? 1 : (SIZES_MM[world] ?? 0) - 1]
    row[axis] = flip * 2
    return row
  })
  const voxels: number[] = []
  const [ni = 0, nj = 0, nk = 0] = shape
  for (let k = 0; k < nk; k += 1)
    for (let j = 0; j < nj; j += 1)
      for (let i = 0; i < ni; i += 1)
        voxels.push(
          (valueAt(affine.map(([a = 0, b = 0, c = 0, d = 0]) => a * i + b * j + c * k + d)) -
            1000) /
            2,
        )
  return niftiBytes({ shape, affine, voxels, slope: 2, intercept: 1000 })
}

async function sliceOf(
  bytes: Uint8Array<ArrayBuffer>,
  packed: Uint8Array<ArrayBuffer> = bytes,
): Promise<GreySlice> {
  const slice = await middleAxialSlice(new File([packed], 'a'), parseNiftiHeader(bytes))
  if (slice === null) throw new Error('no slice')
  return slice
}

const corner = ({ width, height, values }: GreySlice, right: boolean, bottom: boolean) =>
  values[(bottom ? height - 1 : 0) * width + (right ? width - 1 : 0)]

describe('the middle axial slice is seen as a radiologist sees it', () => {
  test.each([
    { order: [0, 1, 2], flips: [1, 1, 1], name: 'RAS' },
    { order: [0, 1, 2], flips: [-1, -1, 1], name: 'LPS' },
    { order: [0, 1, 2], flips: [-1, 1, -1], name: 'LAI' },
    { order: [1, 2, 0], flips: [-1, -1, 1], name: 'PIR, sagittal slices' },
    { order: [0, 2, 1], flips: [-1, -1, 1], name: 'LIA, coronal slices' },
    { order: [2, 0, 1], flips: [1, 1, 1], name: 'SRA' },
  ])('$name', async ({ order, flips }) => {
    const slice = await sliceOf(box(order, flips))
    expect([slice.width, slice.height]).toEqual([128, 85]) // 60 × 40 mm
    expect(corner(slice, false, false)).toBe(110) // the patient's right and front: top left
    expect(corner(slice, true, false)).toBe(10)
    expect(corner(slice, false, true)).toBe(100)
    expect(corner(slice, true, true)).toBe(0)
  })
})

test('it is the same within gzip', async () => {
  const bytes = box([2, 0, 1], [1, -1, 1])
  expect(await sliceOf(bytes, gzipSync(bytes))).toEqual(await sliceOf(bytes))
})

test('a file that ends before its middle slice fails', async () => {
  const bytes = box([0, 1, 2], [1, 1, 1])
  await expect(sliceOf(bytes, bytes.slice(0, 5000))).rejects.toThrow(RangeError)
})
