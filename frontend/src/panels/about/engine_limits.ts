/**
 * What an engine's result is not good for. The API says it in English sentences; those known here
 * have a text in each language, and any other one is shown as it came: a limit is never left out.
 */

import type { about } from '../../i18n/texts/about'

export type Statement = keyof typeof about.en.statements

/** The API's sentences; a test holds them against the engines' sources. */
export const SENTENCES: Readonly<Record<Statement, string>> = {
  totalsegmentator:
    'Found by neural networks trained on routine clinical scans of adults. A research tool, not a medical device: every structure needs a look before anything is decided by it.',
  fast: 'Coarse model: thin and small structures are approximate.',
  unverified: 'The weights were not compared with a list of known hashes.',
  synthetic:
    'NOT FOR PATIENTS: these weights were trained on synthetic phantoms only, to test the software. They segment no patient, and whatever they find in a real scan is meaningless.',
  hounsfield:
    'Separates tissues by X-ray density, connectivity and place. It knows no organs: liver, heart or kidneys are one soft tissue. Muscle and body regions are approximate; contrast agent, implants, pathology, children and unusual positions mislead it. Not for diagnosis.',
}

export interface Limits {
  known: readonly Statement[]
  /** What is left when they are taken out; empty where nothing is. */
  unknown: string
}

export function limitsOf(words: string): Limits {
  const known: Statement[] = []
  let unknown = words
  for (const [statement, sentence] of Object.entries(SENTENCES) as [Statement, string][]) {
    if (!unknown.includes(sentence)) continue
    known.push(statement)
    unknown = unknown.replace(sentence, ' ')
  }
  return { known, unknown: unknown.replaceAll(/\s+/g, ' ').trim() }
}
