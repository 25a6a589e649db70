/** What compiles may still break at run time: a placeholder that one language misspells. */

import { describe, expect, test } from 'vitest'

import { NAMESPACES, resourcesOf } from './resources'

type Leaves = Record<string, string>

function leaves(node: unknown, path: string): Leaves {
  if (typeof node === 'string') return { [path]: node }
  if (typeof node !== 'object' || node === null) throw new Error(`${path} is neither text nor tree`)
  return Object.assign(
    {},
    ...Object.entries(node).map(([key, value]) => leaves(value, `${path}.${key}`)),
  ) as Leaves
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].map(([, name]) => name)
const english = leaves(resourcesOf('en'), '')
const spanish = leaves(resourcesOf('es'), '')

test('there are texts in every area', () => {
  for (const area of NAMESPACES) {
    expect([area, Object.keys(english).some((key) => key.startsWith(`.${area}.`))]).toEqual([
      area,
      true,
    ])
  }
})

test('both languages have the same keys', () => {
  expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort())
})

test('both languages name the same placeholders', () => {
  const named = (all: Leaves) =>
    Object.fromEntries(
      Object.entries(all).map(([key, text]) => [key, [...new Set(placeholders(text))].sort()]),
    )
  expect(named(spanish)).toEqual(named(english))
})

test('no text is empty, or has a lost brace', () => {
  const odd = Object.entries({
    ...english,
    ...Object.fromEntries(Object.entries(spanish).map(([key, text]) => [`es${key}`, text])),
  }).filter(([, text]) => text.trim() === '' || /[{}]/.test(text.replaceAll(/\{\{\w+\}\}/g, '')))
  expect(odd).toEqual([])
})

describe('plural forms', () => {
  // Both languages tell `one` from `other`. Spanish has `many` too, from a million on: nothing that
  // is counted here comes near it.
  const forms = Object.keys(english).filter((key) => /_(zero|one|two|few|many|other)$/.test(key))

  test('there are some', () => {
    expect(forms.length).toBeGreaterThan(0)
  })

  test('each has one and other, and no further form', () => {
    const stems = new Set(forms.map((key) => key.replace(/_\w+$/, '')))
    expect(forms.sort()).toEqual(
      [...stems].flatMap((stem) => [`${stem}_one`, `${stem}_other`]).sort(),
    )
  })

  test('`other` names the count, in both languages', () => {
    const lacking = forms.filter(
      (key) =>
        key.endsWith('_other') &&
        [english, spanish].some((all) => !placeholders(all[key] ?? '').includes('count')),
    )
    expect(lacking).toEqual([])
  })
})
