// @vitest-environment node
import { describe, expect, test } from 'vitest'

import { dicomBytes, EXPLICIT_BIG, type SliceOptions } from '../testing/dicom_bytes'
import { readDicomHeader } from './dicom_header'
import { nativeSlice } from './dicom_slice'
import type { GreySlice } from './picture'

async function sliceOf(options: SliceOptions): Promise<GreySlice | null> {
  const bytes = dicomBytes(options)
  const file = new File([bytes], 'a')
  const header = await readDicomHeader(file, bytes)
  return nativeSlice({ file, header, frame: 0, plane: header.planes[0] ?? null })
}

/** The values of a 2 × 2 image, taken at the picture's corners. */
function corners(slice: GreySlice | null) {
  if (slice === null) return null
  const { width, height, values } = slice
  const last = width * (height - 1)
  return [values[0], values[width - 1], values[last], values[last + width - 1]]
}

const SQUARE = { rows: 2, columns: 2 } as const

describe('stored pixels become rescaled values', () => {
  test.each<[string, SliceOptions, number[]]>([
    ['signed 16 bit', { pixels: [-1000, 0, 40, 3000] }, [-1000, 0, 40, 3000]],
    [
      'unsigned 16 bit with an intercept',
      { signed: false, pixels: [0, 1024, 65535, 1], intercept: -1024, slope: 2 },
      [-1024, 1024, 130046, -1022],
    ],
    ['8 bit', { bitsAllocated: 8, signed: false, pixels: [0, 255, 7, 128] }, [0, 255, 7, 128]],
    ['32 bit', { bitsAllocated: 32, pixels: [-70000, 70000, 0, 1] }, [-70000, 70000, 0, 1]],
    [
      'big endian',
      { transferSyntax: EXPLICIT_BIG, pixels: [-1000, 258, 1, 0] },
      [-1000, 258, 1, 0],
    ],
    [
      '12 bits with a drawing in those above',
      { bitsStored: 12, signed: false, pixels: [0x1fff, 0x8001, 0x0fff, 0] },
      [4095, 1, 4095, 0],
    ],
    [
      '12 bits with a sign',
      { bitsStored: 12, signed: true, pixels: [0x0fff, 0x07ff, 0x0800, 0] },
      [-1, 2047, -2048, 0],
    ],
  ])('%s', async (_, options, values) => {
    expect(corners(await sliceOf({ ...SQUARE, ...options }))).toEqual(values)
  })
})

test('pixels that are not square keep the proportions of millimetres', async () => {
  const slice = await sliceOf({ rows: 10, columns: 10, spacing: [2, 1] })
  expect([slice?.width, slice?.height]).toEqual([64, 128])
})

test('a compressed slice has no picture here', async () => {
  expect(await sliceOf({ transferSyntax: '1.2.840.10008.1.2.5' })).toBeNull()
})
