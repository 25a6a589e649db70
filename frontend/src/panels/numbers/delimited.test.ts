import { expect, test } from 'vitest'

import { csv, tabSeparated } from './delimited'

test('CSV begins with a byte order mark, ends lines with CRLF, and quotes where it must', () => {
  expect(
    csv([
      ['a', 'b,c', 'd"e', 'f\ng'],
      [1.5, null, 'é', -2],
    ]),
  ).toBe('\uFEFFa,"b,c","d""e","f\ng"\r\n1.5,,é,-2\r\n')
})

test('numbers keep all of their figures and the decimal point', () => {
  expect(csv([[42.59699983214389]])).toBe('\uFEFF42.59699983214389\r\n')
})

test('the clipboard gets tabs, and no cell breaks its row', () => {
  expect(tabSeparated([['a\tb', 'c\nd', null, 1.5]])).toBe('a b\tc d\t\t1.5')
})
