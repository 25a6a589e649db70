// @vitest-environment node

import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { NotAPreview } from './nifti'
import { prepareVolume } from './prepare'
import { Volume } from './volume'

const INT16 = 4
const UINT8 = 2

interface Stored {
  dims: readonly [number, number, number]
  /** Three rows of four. */
  affine: readonly number[]
  type: number
  bytes: Uint8Array
  slope?: number
  intercept?: number
}

/** A NIfTI-1 file (nifti1.h); only the fields that matter here. */
function nifti({ dims, affine, type, bytes, slope = 1, intercept = 0 }: Stored): ArrayBuffer {
  const file = new ArrayBuffer(352 + bytes.length)
  const view = new DataView(file)
  view.setInt32(0, 348, true)
  const dim = [3, ...dims, 1, 1, 1, 1]
  dim.forEach((size, i) => view.setInt16(40 + 2 * i, size, true))
  view.setInt16(70, type, true)
  view.setInt16(72, type === INT16 ? 16 : 8, true)
  view.setFloat32(108, 352, true)
  view.setFloat32(112, slope, true)
  view.setFloat32(116, intercept, true)
  view.setInt16(254, 1, true) // sform
  affine.forEach((value, i) => view.setFloat32(280 + 4 * i, value, true))
  new Uint8Array(file, 344, 4).set([0x6e, 0x2b, 0x31, 0]) // "n+1"
  new Uint8Array(file, 352).set(bytes)
  return file
}

const DIMS = [4, 3, 2] as const
const COUNT = 24
/** Voxel (i, j, k) holds 100 i + 10 j + k. */
const VALUES = Int16Array.from({ length: COUNT }, (_, n) => {
  const [i, j, k] = [n % 4, Math.floor(n / 4) % 3, Math.floor(n / 12)]
  return 100 * i + 10 * j + k
})
/** x to the left, spacing 2, 3 and 5 mm. */
const MIRRORED = [-2, 0, 0, 10, 0, 3, 0, -20, 0, 0, 5, 30]

function ct(other: Partial<Stored> = {}): ArrayBuffer {
  return nifti({
    dims: DIMS,
    affine: MIRRORED,
    type: INT16,
    bytes: new Uint8Array(VALUES.buffer),
    ...other,
  })
}

function labels(dims: Stored['dims'] = DIMS): ArrayBuffer {
  const bytes = new Uint8Array(dims[0] * dims[1] * dims[2]).map((_, n) => n)
  return nifti({ dims, affine: MIRRORED, type: UINT8, bytes })
}

async function volumeOf(ctFile: ArrayBuffer, labelsFile: ArrayBuffer | null = null) {
  return new Volume(await prepareVolume(ctFile, labelsFile))
}

describe('a scan out of its preview', () => {
  it('has the value of the voxel at a point of the patient', async () => {
    const volume = await volumeOf(ct(), labels())
    // Voxel (1, 2, 1) is at (10 - 2, -20 + 6, 30 + 5).
    expect(volume.huAt([8, -14, 35])).toBe(121)
    expect(volume.labelAt([8, -14, 35])).toBe(1 + 4 * 2 + 12)
    expect(volume.huAt([8.9, -15.4, 37.4])).toBe(121) // still the same voxel
    expect(volume.huAt([9.1, -14, 35])).toBe(21) // nearer to the one before
  })

  it('ends where its voxels end', async () => {
    const volume = await volumeOf(ct())
    expect(volume.bounds).toEqual({ low: [3, -21.5, 27.5], high: [11, -12.5, 37.5] })
    expect(volume.huAt([11.1, -14, 35])).toBeNull()
    expect(volume.labelAt([11.1, -14, 35])).toBe(0)
  })

  it('leafs by its voxels, whichever way they are stored', async () => {
    const volume = await volumeOf(ct())
    expect([0, 1, 2].map((axis) => volume.stepMm(axis as 0 | 1 | 2))).toEqual([2, 3, 5])
    const turned = await volumeOf(ct({ affine: [0, 0, 5, 0, 2, 0, 0, 0, 0, 3, 0, 0] }))
    expect([0, 1, 2].map((axis) => turned.stepMm(axis as 0 | 1 | 2))).toEqual([5, 2, 3])
  })

  it('is the same compressed, and decoded on the way', async () => {
    const packed = gzipSync(new Uint8Array(ct()))
    const volume = await volumeOf(packed.buffer)
    expect(volume.huAt([8, -14, 35])).toBe(121)
  })

  it('has its values scaled as the header says', async () => {
    const volume = await volumeOf(ct({ slope: 2, intercept: -1024 }))
    expect(volume.huAt([8, -14, 35])).toBe(2 * 121 - 1024)
  })

  it('has no labels without a label map', async () => {
    const volume = await volumeOf(ct())
    expect(volume.labels).toBeNull()
    expect(volume.labelAt([8, -14, 35])).toBe(0)
  })

  it('gives its half floats away once', async () => {
    const volume = await volumeOf(ct())
    expect(volume.takeHalves()).toHaveLength(COUNT)
    expect(() => volume.takeHalves()).toThrow()
  })

  it.each([
    { name: 'a label map on another grid', ctFile: ct(), labelsFile: labels([2, 2, 2]) },
    { name: 'other voxels than int16', ctFile: labels(), labelsFile: null },
    { name: 'a file that is cut off', ctFile: ct().slice(0, 380), labelsFile: null },
  ])('refuses $name', async ({ ctFile, labelsFile }) => {
    await expect(prepareVolume(ctFile, labelsFile)).rejects.toThrow(NotAPreview)
  })
})
