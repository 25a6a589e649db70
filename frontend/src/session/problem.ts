/** What went wrong, as the page shows it: a code that has a text in each language. */

import { ApiError, NetworkError, UnexpectedAnswer } from '../api/errors'
import type { ApiErrorBody } from '../api/types'
import { PackingError } from '../scan/packing_errors'
import { PutLost, PutRefused } from './put'

/** Codes of what goes wrong in the page itself; the API's own codes stand beside them. */
export const PAGE_CODES = [
  'network',
  'unexpected_answer',
  'packing_unreadable',
  'packing_too_large',
  'packing_conversion_failed',
  'packing_several_volumes',
  'packing_out_of_memory',
  'upload_refused',
  'internal_page_error',
] as const

export interface Problem {
  readonly code: string
  /** The API's own words (English), for codes that have no text here; null for the page's own. */
  readonly words: Pick<ApiErrorBody, 'message' | 'hint'> | null
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return namedProblem(error.body)
  if (error instanceof NetworkError || error instanceof PutLost) {
    return { code: 'network', words: null }
  }
  if (error instanceof UnexpectedAnswer) return { code: 'unexpected_answer', words: null }
  if (error instanceof PackingError) return { code: `packing_${error.reason}`, words: null }
  if (error instanceof PutRefused) return { code: 'upload_refused', words: null }
  return { code: 'internal_page_error', words: null }
}

/** A failure that a job holds, or the body of an error. */
export function namedProblem({ code, message, hint }: ApiErrorBody): Problem {
  return { code, words: { message, hint } }
}
