/** What an upload needs of the browser; tests put their own in its place. */

import { putByXhr, type Put } from './put'

export interface UploadEnvironment {
  put: Put
  /** Milliseconds of a clock that only runs forward. */
  now: () => number
  /** Rejects with the signal's reason when it is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** From 0 to 1. */
  random: () => number
  isOnline: () => boolean
  /** Resolves when there is a network again; rejects as `wait`. */
  whenOnline: (signal: AbortSignal) => Promise<void>
}

export const browserEnvironment: UploadEnvironment = {
  put: putByXhr,
  now: () => performance.now(),
  random: Math.random,
  isOnline: () => navigator.onLine,
  wait: (ms, signal) =>
    unlessAborted(signal, (done) => {
      const timer = setTimeout(done, ms)
      return () => clearTimeout(timer)
    }),
  whenOnline: (signal) =>
    unlessAborted(signal, (done) => {
      window.addEventListener('online', done)
      return () => window.removeEventListener('online', done)
    }),
}

/** A promise that `start` resolves, and that undoes what `start` began when it is settled. */
function unlessAborted(
  signal: AbortSignal,
  start: (done: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = () => {
      stop()
      reject(signal.reason as Error)
    }
    const stop = start(() => {
      stop()
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
