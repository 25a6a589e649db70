/** The page knows the engines' sentences by heart: they must still be what the engines say. */

import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { limitsOf, SENTENCES, type Statement } from './engine_limits'

const SEGMENTERS = '../sagemaker/scan_to_mesh/segmenters' // from frontend/
const SOURCES = ['hounsfield/engine.py', 'totalsegmentator/segmenter.py']

/** Python's text with the joints of adjacent literals taken out. */
const said = SOURCES.map((path) => readFileSync(`${SEGMENTERS}/${path}`, 'utf8'))
  .join('\n')
  .replaceAll(/"\s*\n\s*"/g, '')

test.each(Object.entries(SENTENCES))('an engine says what is known as %s', (_name, sentence) => {
  expect(said).toContain(sentence)
})

test('every limit that an engine states is known', () => {
  const constants = [...said.matchAll(/^\w*LIMITS = \(?\s*"([^"]+)"/gm)].map(
    ([, text = '']) => text,
  )
  expect(constants).toHaveLength(Object.keys(SENTENCES).length)
  expect(constants.map((text) => limitsOf(text).unknown)).toEqual(constants.map(() => ''))
})

describe('taking a text apart', () => {
  test.each<[string, Statement[], string]>([
    ['', [], ''],
    [SENTENCES.synthetic, ['synthetic'], ''],
    [
      `${SENTENCES.totalsegmentator} ${SENTENCES.fast} ${SENTENCES.unverified}`,
      ['totalsegmentator', 'fast', 'unverified'],
      '',
    ],
    [`New. ${SENTENCES.fast} Newer.`, ['fast'], 'New. Newer.'],
  ])('%s', (words, known, unknown) => {
    expect(limitsOf(words)).toEqual({ known, unknown })
  })
})
