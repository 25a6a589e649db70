/** This browser's jobs, newest first, page by page. */

import { createStore, type StoreApi } from 'zustand/vanilla'

import type { Api } from '../api/client'
import { ApiError } from '../api/errors'
import type { JobSummary } from '../api/types'
import type { Clock, PageVisibility } from './clock'
import { problemOf, type Problem } from './problem'

export interface JobsState {
  /** Null until they were listed for the first time. */
  readonly jobs: readonly JobSummary[] | null
  /** There are older ones. */
  readonly cursor: string | null
  readonly loading: boolean
  readonly problem: Problem | null
  /** Being deleted. */
  readonly deleting: ReadonlySet<string>
  readonly lastDeletion: { jobId: string; objects: number } | null
}

const BETWEEN_LOOKS_MS = 10_000
const GONE = ['job_not_found', 'job_deleted']

export class JobsList {
  readonly store: StoreApi<JobsState> = createStore<JobsState>(() => ({
    jobs: null,
    cursor: null,
    loading: false,
    problem: null,
    deleting: new Set(),
    lastDeletion: null,
  }))

  constructor(
    private readonly api: Pick<Api, 'jobs' | 'remove'>,
    private readonly userId: string,
  ) {}

  /** The newest ones; older ones that were listed before stay below them. */
  async refresh(): Promise<void> {
    await this.list(async () => {
      const { jobs, cursor } = await this.api.jobs(this.userId)
      const { jobs: before, cursor: cursorBefore } = this.store.getState()
      const older = olderThan(jobs, before ?? [])
      return { jobs: [...jobs, ...older], cursor: older.length > 0 ? cursorBefore : cursor }
    })
  }

  async loadMore(): Promise<void> {
    const { cursor } = this.store.getState()
    if (cursor === null) return
    await this.list(async () => {
      const page = await this.api.jobs(this.userId, cursor)
      const { jobs } = this.store.getState()
      return { jobs: [...(jobs ?? []), ...page.jobs], cursor: page.cursor }
    })
  }

  /** List now, and again as long as some job is processing. Returns what ends it. */
  watch(clock: Clock, page: PageVisibility): () => void {
    let stopTimer: () => void = () => undefined
    let ended = false
    const look = async () => {
      if (!page.hidden) await this.refresh()
      const { jobs } = this.store.getState()
      const moving = jobs?.some(({ status }) => status === 'processing') ?? false
      if (!ended && moving) stopTimer = clock.after(BETWEEN_LOOKS_MS, () => void look())
    }
    void look()
    return () => {
      ended = true
      stopTimer()
    }
  }

  /** Delete a job with all that is stored of it. */
  async remove(jobId: string): Promise<void> {
    const { store } = this
    store.setState(({ deleting }) => ({
      deleting: new Set([...deleting, jobId]),
      problem: null,
      lastDeletion: null,
    }))
    try {
      const { deletedObjects } = await this.api.remove(jobId)
      store.setState({ lastDeletion: { jobId, objects: deletedObjects } })
      this.drop(jobId)
    } catch (error) {
      // Somebody else was faster: what was wanted is the case.
      if (error instanceof ApiError && GONE.includes(error.code)) this.drop(jobId)
      else store.setState({ problem: problemOf(error) })
    } finally {
      store.setState(({ deleting }) => ({
        deleting: new Set([...deleting].filter((each) => each !== jobId)),
      }))
    }
  }

  private drop(jobId: string): void {
    this.store.setState(({ jobs }) => ({
      jobs: jobs?.filter((job) => job.jobId !== jobId) ?? null,
    }))
  }

  private async list(ask: () => Promise<Pick<JobsState, 'jobs' | 'cursor'>>): Promise<void> {
    const { store } = this
    if (store.getState().loading) return
    store.setState({ loading: true, problem: null })
    try {
      store.setState(await ask())
    } catch (error) {
      store.setState({ problem: problemOf(error) })
    } finally {
      store.setState({ loading: false })
    }
  }
}

/** Those of `before` that come after the page's last one: it did not reach down to them. */
function olderThan(page: readonly JobSummary[], before: readonly JobSummary[]): JobSummary[] {
  const last = page.at(-1)
  if (last === undefined) return []
  const place = before.findIndex(({ jobId }) => jobId === last.jobId)
  return place < 0 ? [] : before.slice(place + 1)
}
