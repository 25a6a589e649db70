/** Holds an upload's requests back while it is paused, and ends them all when it is given up. */

import type { UploadPhase } from './uploader'

export interface UploadGate {
  /** Waits while paused; the signal ends one round of requests, at a pause or for good. */
  open: () => Promise<AbortSignal>
  pause: () => void
  resume: () => void
  abort: () => void
  /** Aborted when the upload is given up. */
  readonly ended: AbortSignal
  /** End the requests that are under way; new ones may follow. */
  dropRequests: () => void
  /** Some part waits for better times, until the returned function is called. */
  waits: () => () => void
  say: (phase: 'sending' | 'completing') => void
}

export function uploadGate(onPhase: (phase: UploadPhase) => void): UploadGate {
  const ending = new AbortController()
  let round = new AbortController()
  let paused = false
  let waiting = 0
  let active: 'sending' | 'completing' = 'sending'
  let told: UploadPhase | null = null
  let goOn: () => void = () => undefined
  let opened = Promise.resolve()

  const tell = () => {
    const phase = paused ? 'paused' : waiting > 0 ? 'waiting' : active
    if (phase !== told && !ending.signal.aborted) onPhase(phase)
    told = phase
  }
  const dropRequests = () => {
    round.abort(new DOMException('The request was dropped.', 'AbortError'))
    round = new AbortController()
  }
  const resume = () => {
    if (!paused) return
    paused = false
    goOn()
    tell()
  }
  return {
    ended: ending.signal,
    open: async () => {
      await opened
      ending.signal.throwIfAborted()
      return round.signal
    },
    pause: () => {
      if (paused || ending.signal.aborted) return
      paused = true
      opened = new Promise((resolve) => (goOn = resolve))
      dropRequests()
      tell()
    },
    resume,
    abort: () => {
      ending.abort(new DOMException('The upload was cancelled.', 'AbortError'))
      dropRequests()
      resume()
    },
    dropRequests,
    waits: () => {
      waiting += 1
      tell()
      return () => {
        waiting -= 1
        tell()
      }
    },
    say: (phase) => {
      active = phase
      tell()
    },
  }
}
