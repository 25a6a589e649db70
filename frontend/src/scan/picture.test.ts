import { expect, test } from 'vitest'

import { fittedSize, greyLevels, nearestSamples, SOFT_TISSUE, windowFor } from './picture'

test('the longer side fills the box', () => {
  expect(fittedSize(400, 200, 100)).toEqual({ width: 100, height: 50 })
  expect(fittedSize(200, 400, 100)).toEqual({ width: 50, height: 100 })
  expect(fittedSize(1000, 1, 100)).toEqual({ width: 100, height: 1 })
})

test('samples lie under the middles of pixels', () => {
  expect(nearestSamples(2, 4)).toEqual([1, 3])
  expect(nearestSamples(4, 2)).toEqual([0, 0, 1, 1])
})

test('CT, and what has air like it, is shown in the soft tissue window', () => {
  expect(windowFor(Float32Array.of(0, 1), 'CT')).toBe(SOFT_TISSUE)
  expect(windowFor(Float32Array.of(-1000, 40), null)).toBe(SOFT_TISSUE)
})

test('other pictures are shown from their darkest to their brightest', () => {
  const values = Float32Array.from({ length: 101 }, (_, n) => n * 10)
  expect(windowFor(values, 'MR')).toEqual({ low: 20, high: 980 })
  expect(windowFor(Float32Array.of(Number.NaN, 0, 7), null)).toMatchObject({ low: 0 })
})

test('grey runs from black to white, the other way round in an inverted window', () => {
  const values = Float32Array.of(-1000, -160, 40, 240, 1000)
  expect([...greyLevels(values, SOFT_TISSUE)]).toEqual([0, 0, 128, 255, 255])
  expect([...greyLevels(values, { low: 240, high: -160 })]).toEqual([255, 255, 128, 0, 0])
})
