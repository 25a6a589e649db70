import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { contrastRatio, linearSrgb, tokensOf } from './contrast'

const css = readFileSync('src/style.css', 'utf8')
const THEMES = { light: ':root', dark: "[data-theme='dark']" } as const
const GROUNDS = ['page', 'surface', 'raised'] as const

/** Foreground, background. Normal text asks for 4.5. */
const TEXT: readonly (readonly [string, string])[] = [
  ...['ink', 'muted', 'accent-ink', 'danger'].flatMap((text) =>
    GROUNDS.map((ground) => [text, ground] as const),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-warning', 'warning'],
]

/** What shows where a control is or what state it is in asks for 3; `line` only decorates. */
const MARKS: readonly (readonly [string, string])[] = [
  ...['control', 'accent', 'focus'].flatMap((mark) =>
    GROUNDS.map((ground) => [mark, ground] as const),
  ),
]

describe.each(Object.entries(THEMES))('the %s theme', (_theme, selector) => {
  const tokens = tokensOf(css, selector)
  const ratio = (one: string, other: string) =>
    contrastRatio(tokens[one] ?? `no ${one}`, tokens[other] ?? `no ${other}`)

  test.each(TEXT)('%s is read on %s', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(MARKS)('%s is seen on %s', (mark, ground) => {
    expect(ratio(mark, ground)).toBeGreaterThanOrEqual(3)
  })
})

test('both themes have the same roles', () => {
  const [light, dark] = Object.values(THEMES).map((rule) => Object.keys(tokensOf(css, rule)).sort())
  expect(light).toEqual(dark)
})

describe('the reckoning', () => {
  test('white and black are 21 apart', () => {
    expect(contrastRatio('oklch(1 0 0)', 'oklch(0 0 0)')).toBeCloseTo(21, 3)
  })

  // CSS Color 4 names these as what sRGB's primaries are in OKLCH.
  test.each([
    ['oklch(0.62796 0.25768 29.234)', [1, 0, 0]],
    ['oklch(0.86644 0.29483 142.495)', [0, 1, 0]],
    ['oklch(0.45201 0.31321 264.052)', [0, 0, 1]],
  ])('%s is %j', (colour, rgb) => {
    linearSrgb(colour).forEach((value, index) => {
      expect(value).toBeCloseTo(rgb[index] ?? NaN, 3)
    })
  })
})
