/** Watching a job from afar: looks often while it moves, seldom while it stands. */

import type { Api } from '../api/client'
import { ApiError } from '../api/errors'
import type { Job, JobStatus } from '../api/types'
import type { Clock, PageVisibility } from './clock'

export type Connection = 'ok' | 'retrying'

export interface FollowEvents {
  onJob: (job: Job) => void
  onConnection: (connection: Connection) => void
}

export interface Following {
  /** The job once it needs no more looks; rejects when it cannot be seen, or when aborted. */
  readonly finished: Promise<Job>
  /** Do not wait for the next look. */
  lookNow: () => void
}

export interface FollowOptions extends FollowEvents {
  signal: AbortSignal
  /** Statuses that end it; those in which nothing more happens where it is left out. */
  until?: readonly JobStatus[]
}

export interface FollowSurroundings {
  clock: Clock
  page: PageVisibility
  /** From 0 to 1. */
  random: () => number
}

const SHORTEST_MS = 2_000
const LONGEST_MS = 15_000
const GROWTH = 1.5
/** Looks of many pages must not fall together: each waits up to this share less or more. */
const JITTER = 0.2
export const OVER: readonly JobStatus[] = ['completed', 'failed', 'cancelled', 'deleted']

export function followJob(
  api: Pick<Api, 'job'>,
  jobId: string,
  surroundings: FollowSurroundings,
  options: FollowOptions,
): Following {
  const waiting = new Waiting(surroundings, options.signal)
  return { finished: lookUntilOver(api, jobId, waiting, options), lookNow: () => waiting.end() }
}

async function lookUntilOver(
  api: Pick<Api, 'job'>,
  jobId: string,
  waiting: Waiting,
  { signal, until = OVER, onJob, onConnection }: FollowOptions,
): Promise<Job> {
  let waitMs = SHORTEST_MS
  let before = ''
  for (;;) {
    let atLeastMs = 0
    try {
      const job = await api.job(jobId, signal)
      signal.throwIfAborted()
      onConnection('ok')
      onJob(job)
      if (until.includes(job.status)) return job
      const now = position(job)
      waitMs = now === before ? longer(waitMs) : SHORTEST_MS
      before = now
    } catch (error) {
      signal.throwIfAborted()
      if (isFinal(error)) throw error
      onConnection('retrying')
      waitMs = longer(waitMs)
      atLeastMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    }
    await waiting.wait(waitMs, atLeastMs)
  }
}

/** Whatever changes when something has moved. */
function position({ status, stage, progress, stageDetail, waiting }: Job): string {
  return JSON.stringify([status, stage, progress, stageDetail, waiting])
}

function longer(waitMs: number): number {
  return Math.min(waitMs * GROWTH, LONGEST_MS)
}

/** What asking again will not mend: no such job, deleted, not one's own. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429
  )
}

/** A pause that lasts while the page is hidden, and ends as soon as it is shown again. */
class Waiting {
  private finish: (() => void) | null = null

  constructor(
    private readonly surroundings: FollowSurroundings,
    private readonly signal: AbortSignal,
  ) {}

  end(): void {
    this.finish?.()
  }

  async wait(ms: number, atLeastMs: number): Promise<void> {
    const { clock, page, random } = this.surroundings
    const jittered = ms * (1 + JITTER * (2 * random() - 1))
    await new Promise<void>((resolve) => {
      const done = () => {
        this.finish = null
        stopTimer()
        stopListening()
        this.signal.removeEventListener('abort', done)
        resolve()
      }
      const stopTimer = clock.after(Math.max(jittered, atLeastMs), () => {
        if (!page.hidden) done()
      })
      const stopListening = page.listen(() => {
        if (!page.hidden) done()
      })
      this.signal.addEventListener('abort', done)
      this.finish = done
    })
    this.signal.throwIfAborted()
  }
}
