/** What can go wrong when the API is called; told apart by class, never by text. */

import type { ApiErrorBody } from './types'

/** An error that the API named; texts of its code exist in each language. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ApiErrorBody,
    readonly retryAfterSeconds: number | null,
  ) {
    super(`${body.message} ${body.hint}`)
  }

  get code(): string {
    return this.body.code
  }
}

/** No answer: offline, a name that does not resolve, or CORS. */
export class NetworkError extends Error {
  constructor(options?: ErrorOptions) {
    super('The server could not be reached.', options)
  }
}

/** An answer that the API's contract does not know, such as a proxy's page. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(`The server answered ${status} without saying why.`, options)
  }
}
