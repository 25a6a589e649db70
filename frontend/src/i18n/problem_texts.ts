/** Errors and warnings in the page's language, by code. */

import type { Language } from './language'
import { errors } from './texts/errors'
import { warnings } from './texts/warnings'

export interface ProblemText {
  /** What happened. */
  title: string
  /** What to do. */
  hint: string
}

/** `words` are the API's own (English), for a code that has no text here. */
export function problemText(
  code: string,
  language: Language,
  words: { message: string; hint: string } | null,
): ProblemText {
  const known: Readonly<Record<string, ProblemText>> = errors[language]
  const text = known[code]
  if (text !== undefined) return text
  return words === null
    ? errors[language].internal_error
    : { title: words.message, hint: words.hint }
}

export function warningText(code: string, language: Language, message: string): string {
  const known: Readonly<Record<string, string>> = warnings[language]
  return known[code] ?? message
}
