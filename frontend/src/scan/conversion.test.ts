// @vitest-environment node
import { describe, expect, test } from 'vitest'

import { niftiBytes } from '../testing/nifti_bytes'
import { hasGridOf } from './conversion'
import { withoutTexts } from './nifti_texts'

describe('a converted volume is compared with the positions of the slices', () => {
  const head = niftiBytes({
    shape: [4, 5, 6],
    affine: [
      [-0.7, 0, 0, 0],
      [0, 0.7, 0, 0],
      [0, 0, 2.5, 0],
    ],
  })
  const shape = [4, 5, 6]

  test.each([
    ['the same', shape, [0.7, 0.7, 2.5], true],
    ['rounded', shape, [0.703, 0.703, 2.5], true],
    ['another distance of slices', shape, [0.7, 0.7, 1], false],
    ['a slice less', [4, 5, 7], [0.7, 0.7, 2.5], false],
    ['a grid that is not known', shape, null, false],
  ])('%s', (_, wanted, spacingMm, fits) => {
    expect(hasGridOf(head, { shape: wanted, spacingMm })).toBe(fits)
  })
})

test('free texts of a header are blanked, and nothing else', async () => {
  const original = niftiBytes({ voxels: [1, 2, 3] })
  const named = original.slice()
  for (const at of [14, 148, 228, 328]) named.set(new TextEncoder().encode('Surname'), at)
  const blanked = await withoutTexts(new Blob([named]))
  expect(new Uint8Array(await blanked.arrayBuffer())).toEqual(original)
})
