/** How an upload goes on. */

export interface UploadProgress {
  sentBytes: number
  totalBytes: number
  /** Of the last seconds; null until it is known. */
  bytesPerSecond: number | null
  secondsLeft: number | null
}

/** Long enough to smooth over parts that end together, short enough to follow a changed network. */
const WINDOW_MS = 10_000
/** Before that, the first bytes sit in buffers and the speed is fiction. */
const SHORTEST_MS = 1_000

/** Measures the speed of the last seconds. */
export interface Speedometer {
  progress: (sentBytes: number) => UploadProgress
  /** After a pause: what was before says nothing of what comes. */
  restart: () => void
}

/** @param now milliseconds of a clock that only runs forward */
export function speedometer(totalBytes: number, now: () => number): Speedometer {
  let samples: { at: number; sentBytes: number }[] = []
  return {
    progress: (sentBytes) => {
      const at = now()
      // A part that failed is taken back: speed is measured anew from there.
      const last = samples.at(-1)
      if (last !== undefined && sentBytes < last.sentBytes) samples = []
      samples = [...samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, sentBytes }]
      const bytesPerSecond = speedOf(samples)
      const secondsLeft =
        bytesPerSecond === null || bytesPerSecond === 0
          ? null
          : (totalBytes - sentBytes) / bytesPerSecond
      return { sentBytes, totalBytes, bytesPerSecond, secondsLeft }
    },
    restart: () => (samples = []),
  }
}

function speedOf(samples: readonly { at: number; sentBytes: number }[]): number | null {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS) return null
  return ((last.sentBytes - first.sentBytes) / (last.at - first.at)) * 1000
}
