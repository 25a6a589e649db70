import { expect, test } from 'vitest'

import {
  formatBytes,
  formatInteger,
  formatQuantity,
  formatSeconds,
  formatSignedPercent,
  formatUsd,
} from './formats'

test.each([
  [1512.108, '1,512', '1512'],
  [15_121.08, '15,121', '15.121'],
  [42.633, '42.6', '42,6'],
  [4.2633, '4.26', '4,26'],
  [0.42633, '0.426', '0,426'],
  [-745.65, '-746', '-746'],
])('a quantity of %d', (value, english, spanish) => {
  expect([formatQuantity(value, 'en'), formatQuantity(value, 'es')]).toEqual([english, spanish])
})

test.each([
  [-0.04, '-0.04%', '-0,04\u00A0%'],
  [1.257, '+1.26%', '+1,26\u00A0%'],
  [-0.0001, '0%', '0\u00A0%'],
])('a difference of %d percent', (value, english, spanish) => {
  expect([formatSignedPercent(value, 'en'), formatSignedPercent(value, 'es')]).toEqual([
    english,
    spanish,
  ])
})

test('an integer is never “-0”', () => {
  expect(formatInteger(-0.3, 'en')).toBe('0')
})

test.each([
  [0, '0 bytes', '0 bytes'],
  [999, '999 bytes', '999 bytes'],
  [1000, '1 kB', '1 kB'],
  [1_410_000, '1.4 MB', '1,4 MB'],
  [21_500_000, '22 MB', '22 MB'],
  [2_300_000_000, '2.3 GB', '2,3 GB'],
  [5_000_000_000_000, '5,000 GB', '5000 GB'],
])('a file of %d bytes', (bytes, english, spanish) => {
  expect([formatBytes(bytes, 'en'), formatBytes(bytes, 'es')]).toEqual([english, spanish])
})

test.each([
  [0.42, '0.4 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [185.2, '3 min 5 s'],
])('%d seconds', (seconds, english) => {
  expect(formatSeconds(seconds, 'en')).toBe(english)
})

test('amounts below a dollar keep two figures', () => {
  expect(formatUsd(0.04938, 'en')).toBe('$0.049')
  expect(formatUsd(0.5, 'en')).toBe('$0.50')
  expect(formatUsd(1.234, 'en')).toBe('$1.23')
})
