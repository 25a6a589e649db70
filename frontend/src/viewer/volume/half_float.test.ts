import { DataUtils } from 'three'
import { expect, it } from 'vitest'

import { halfBits, halfFloats } from './half_float'

it('is the nearest half float, for every HU and beyond', () => {
  for (let hu = -32768; hu <= 32767; hu += 1) {
    // Steps of a half float: 1 up to 2048, 2 up to 4096, … 16 up to 32768.
    const step = Math.max(1, 2 ** (Math.floor(Math.log2(Math.max(1, Math.abs(hu)))) - 10))
    expect(Math.abs(DataUtils.fromHalfFloat(halfBits(hu)) - hu)).toBeLessThanOrEqual(step / 2)
  }
})

it.each([0, 1, -1, 0.5, 1 / 3, 1e-6, -3e-8, 65504, 2049, 2051])(
  'gives %d as three does',
  (value) => {
    const ours = DataUtils.fromHalfFloat(halfBits(value))
    const theirs = DataUtils.fromHalfFloat(DataUtils.toHalfFloat(value))
    expect(Math.abs(ours - value)).toBeLessThanOrEqual(Math.abs(theirs - value))
  },
)

it('keeps to the range', () => {
  expect(DataUtils.fromHalfFloat(halfBits(1e9))).toBe(65504)
  expect(DataUtils.fromHalfFloat(halfBits(-1e9))).toBe(-65504)
})

it('applies slope and intercept', () => {
  const halves = halfFloats(new Int16Array([-1000, 0, 1024]), 2, -24)
  expect(Array.from(halves, (bits) => DataUtils.fromHalfFloat(bits))).toEqual([-2024, -24, 2024])
})
