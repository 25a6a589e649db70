/** Which failures pass by themselves, and how long to wait for it. */

import { ApiError, NetworkError, UnexpectedAnswer } from '../api/errors'
import { PutLost, PutRefused } from './put'
import type { UploadEnvironment } from './upload_environment'
import type { UploadGate } from './upload_gate'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** About two minutes of waiting, without an hour's deadlock where nothing ever comes back. */
const MOST_ATTEMPTS = 8

/** Whether the same request may succeed later. */
export function passes(error: unknown): boolean {
  if (error instanceof NetworkError || error instanceof PutLost) return true
  if (error instanceof ApiError || error instanceof UnexpectedAnswer || error instanceof PutRefused)
    return error.status >= 500 || error.status === 429 || error.status === 408
  return false
}

/** Whether the connection is what failed. */
const isLostConnection = (error: unknown) =>
  error instanceof NetworkError || error instanceof PutLost

/**
 * Exponential, with jitter, so that many pages do not come back at the same moment; what the server
 * asks for goes first.
 *
 * @param attempt 0 after the first failure
 * @param random from 0 to 1
 */
export function waitMs(attempt: number, error: unknown, random: number): number {
  const asked = error instanceof ApiError ? error.retryAfterSeconds : null
  if (asked !== null) return asked * 1000
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + random / 2)
}

/** Try until it succeeds, cannot pass, or has failed too often; waits while paused. */
export type Insist = <Answer>(
  act: (signal: AbortSignal) => Promise<Answer>,
  mayPass?: (error: unknown) => boolean,
) => Promise<Answer>

/** @param onSetback called before it is tried again */
export function insister(
  gate: UploadGate,
  environment: UploadEnvironment,
  onSetback: () => void,
): Insist {
  return async (act, mayPass = passes) => {
    let attempt = 0
    for (;;) {
      const signal = await gate.open()
      try {
        return await act(signal)
      } catch (error) {
        gate.ended.throwIfAborted()
        onSetback()
        if (signal.aborted) continue // by a pause
        if (!mayPass(error) || attempt >= MOST_ATTEMPTS) throw error
        const done = gate.waits()
        try {
          if (isLostConnection(error) && !environment.isOnline()) {
            await environment.whenOnline(gate.ended) // which is no failed attempt
          } else {
            await environment.wait(waitMs(attempt, error, environment.random()), gate.ended)
            attempt += 1
          }
        } finally {
          done()
        }
      }
    }
  }
}
