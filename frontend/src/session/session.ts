/**
 * One scan's way: from chosen files to its job's end. A state machine that knows neither React nor
 * the browser; every step that takes time belongs to a way that another file, another address or
 * a step back calls off.
 */

import { createStore, type StoreApi } from 'zustand/vanilla'

import { ApiError } from '../api/errors'
import type { Job, JobStatus, ScanOptions } from '../api/types'
import type { Packing } from '../scan/candidate'
import type { packScan } from '../scan/packing'
import type { readFiles } from '../scan/read_files'
import type { Address, Route } from './address'
import { Delivery, type DeliveryEvents, type DeliveryParts, type Parcel } from './delivery'
import { OVER, type Following, type FollowOptions } from './following'
import { problemOf, type Problem } from './problem'
import { DEFAULT_OPTIONS, fitted } from './scan_options'
import {
  addressedJob,
  modalityOf,
  type Choosing,
  type FilesSource,
  type JobSource,
  type SessionState,
} from './session_state'
import { knownModalities, type TasksList } from './tasks'

export interface SessionParts extends DeliveryParts {
  tasks: TasksList
  address: Address
  readFiles: typeof readFiles
  packScan: typeof packScan
  follow: (jobId: string, options: FollowOptions) => Following
}

const START: SessionState = { name: 'start', problem: null }
/** A job whose scan has arrived waits for options, unless it was given them just now. */
const OVER_OR_UNASKED: readonly JobStatus[] = [...OVER, 'uploaded']
/** The job runs, or has run, with other options: it is shown rather than complained about. */
const RAN_BEFORE = ['already_processed', 'job_conflict']

export class Session {
  readonly store: StoreApi<SessionState> = createStore<SessionState>(() => START)
  private way = new AbortController()
  private following: Following | null = null
  private readonly delivery: Delivery

  constructor(private readonly parts: SessionParts) {
    this.delivery = new Delivery(parts)
  }

  /** Go on where the address, or an upload that a reload interrupted, says. Once. */
  async open(): Promise<void> {
    const { address, tasks } = this.parts
    address.store.subscribe((route) => void this.arrive(route))
    tasks.store.subscribe(() => this.fitOptions())
    void tasks.load()
    await this.arrive(address.store.getState())
  }

  /** Read other files; whatever was going on ends. */
  async chooseFiles(files: readonly File[]): Promise<void> {
    await this.discardUpload()
    const { signal } = this.newWay()
    this.set({ name: 'reading', progress: null })
    this.parts.address.go({ page: 'start' })
    const modalities = knownModalities(this.parts.tasks.store.getState())
    try {
      const candidates = await this.parts.readFiles(files, {
        ...(modalities === null ? {} : { modalities }),
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.set({ name: 'reading', progress })
        },
      })
      if (signal.aborted) return
      if (candidates.length === 0) this.set(START)
      else this.show({ kind: 'files', candidates, chosen: null, packing: 'zip' })
    } catch (error) {
      if (!signal.aborted) this.set({ name: 'start', problem: problemOf(error) })
    }
  }

  choose(candidateId: string): void {
    const state = this.store.getState()
    if (state.name !== 'choosing' || state.source.kind !== 'files') return
    const chosen = state.source.candidates.find(({ id }) => id === candidateId)
    if (chosen?.refusal !== null) return
    this.set({ ...state, source: { ...state.source, chosen }, problem: null })
    this.fitOptions()
  }

  setPacking(packing: Packing): void {
    const state = this.store.getState()
    if (state.name !== 'choosing' || state.source.kind !== 'files') return
    this.set({ ...state, source: { ...state.source, packing }, problem: null })
  }

  setOptions(options: Partial<ScanOptions>): void {
    const state = this.store.getState()
    if (state.name === 'choosing') {
      this.set({ ...state, options: { ...state.options, ...options }, problem: null })
    }
  }

  /** Send and process what is chosen. */
  async begin(): Promise<void> {
    const state = this.store.getState()
    if (state.name !== 'choosing') return
    const { source, options } = state
    if (source.kind === 'files') await this.pack(source, options)
    else if (source.job.status === 'uploaded') {
      await this.submit(source.job.jobId, options, this.newWay().signal)
    } else await this.processAgain(source.job.jobId, options)
  }

  /** Files that could not even be listed. */
  fail(error: unknown): void {
    if (this.store.getState().name === 'start')
      this.set({ name: 'start', problem: problemOf(error) })
  }

  pause(): void {
    this.delivery.pause()
  }

  resume(): void {
    this.delivery.resume()
  }

  /** Try what failed once more. */
  async tryAgain(): Promise<void> {
    const state = this.store.getState()
    if (state.name === 'uploading' && this.delivery.last !== null) {
      await this.send(this.delivery.last, this.newWay().signal)
    } else if (state.name === 'submitting') {
      const { jobId, fromJobId, options } = state
      if (jobId !== null) await this.submit(jobId, options, this.newWay().signal)
      else if (fromJobId !== null) await this.processAgain(fromJobId, options)
    } else if (state.name === 'following') this.follow(state.jobId, { submitted: false })
  }

  /** Back to what was chosen; before the scan is sent nothing is lost by that. */
  stopPacking(): void {
    const state = this.store.getState()
    if (state.name !== 'packing') return
    this.newWay()
    this.set({ name: 'choosing', source: state.source, options: state.options, problem: null })
  }

  /** An empty page; an upload that was going on is given up. */
  async newScan(): Promise<void> {
    await this.discardUpload()
    this.newWay()
    this.set(START)
    this.parts.address.go({ page: 'start' })
  }

  async cancelJob(): Promise<void> {
    const state = this.store.getState()
    if (state.name !== 'following') return
    const { jobId } = state
    const report = (part: { cancelling: boolean; cancelProblem: Problem | null }) => {
      const now = this.store.getState()
      if (now.name === 'following' && now.jobId === jobId) this.set({ ...now, ...part })
    }
    report({ cancelling: true, cancelProblem: null })
    try {
      await this.parts.api.cancel(jobId)
      this.following?.lookNow()
    } catch (error) {
      report({ cancelling: false, cancelProblem: problemOf(error) })
    }
  }

  /** A new job on the scan of another one: its bytes are not sent again. */
  async processAgain(fromJobId: string, options: ScanOptions): Promise<void> {
    const { signal } = this.newWay()
    const submitting = { name: 'submitting', jobId: null, fromJobId, options } as const
    this.set({ ...submitting, problem: null })
    if (this.parts.address.store.getState().page === 'jobs')
      this.parts.address.go({ page: 'start' })
    try {
      const made = await this.parts.api.reuseScan(fromJobId, this.parts.userId)
      if (!signal.aborted) await this.submit(made, options, signal)
    } catch (error) {
      if (!signal.aborted) this.set({ ...submitting, problem: problemOf(error) })
    }
  }

  /** Choose other options for the scan of the job that is shown. */
  async changeOptions(): Promise<void> {
    const state = this.store.getState()
    if (state.name === 'over') {
      this.newWay()
      this.show({ kind: 'job', job: state.job }, state.job.options ?? DEFAULT_OPTIONS)
    } else if (state.name === 'submitting') {
      const jobId = state.jobId ?? state.fromJobId
      if (jobId !== null) await this.offerAgain(jobId, state.options)
    }
  }

  /** The way back from `changeOptions`. */
  backToJob(): void {
    const state = this.store.getState()
    if (state.name !== 'choosing' || state.source.kind !== 'job') return
    this.newWay()
    this.set({ name: 'over', job: state.source.job })
  }

  private async arrive(route: Route): Promise<void> {
    if (route.page === 'job') {
      const state = this.store.getState()
      if (addressedJob(state) === route.jobId) return
      if (state.name === 'uploading' && state.jobId === route.jobId) return
      this.follow(route.jobId, { submitted: false })
      await this.resumeUnfinished(route.jobId)
    } else {
      if (route.page === 'start' && addressedJob(this.store.getState()) !== null) {
        this.newWay()
        this.set(START)
      }
      if (this.store.getState().name === 'start') await this.resumeUnfinished(null)
    }
  }

  /** Whichever there is, or this job's alone. */
  private async resumeUnfinished(jobId: string | null): Promise<void> {
    const { signal } = this.way
    const found = await this.delivery.findUnfinished()
    if (found === null || signal.aborted || (jobId !== null && found.jobId !== jobId)) return
    await this.send(found, this.newWay().signal)
  }

  private async pack(source: FilesSource, options: ScanOptions): Promise<void> {
    const { chosen } = source
    if (chosen === null) return
    const { signal } = this.newWay()
    this.set({ name: 'packing', source, options, share: 0 })
    try {
      const onShare = (share: number) => {
        if (!signal.aborted) this.set({ name: 'packing', source, options, share })
      }
      const scan = await this.parts.packScan(chosen, source.packing, onShare, signal)
      if (!signal.aborted) await this.send({ scan, options, jobId: null }, signal)
    } catch (error) {
      if (signal.aborted) return
      this.set({ name: 'choosing', source, options, problem: problemOf(error) })
    }
  }

  private async send(parcel: Parcel, signal: AbortSignal): Promise<void> {
    const report = (part: Partial<Extract<SessionState, { name: 'uploading' }>>) => {
      const state = this.store.getState()
      if (!signal.aborted && state.name === 'uploading') this.set({ ...state, ...part })
    }
    this.set({
      name: 'uploading',
      jobId: parcel.jobId,
      options: parcel.options,
      progress: null,
      phase: 'sending',
      saved: null,
      problem: null,
    })
    try {
      const events: DeliveryEvents = {
        onJob: (jobId) => report({ jobId }),
        onSaved: (saved) => report({ saved }),
        onProgress: (progress) => report({ progress }),
        onPhase: (phase) => report({ phase }),
      }
      const jobId = await this.delivery.send(parcel, events, signal)
      if (!signal.aborted) await this.submit(jobId, parcel.options, signal)
    } catch (error) {
      report({ problem: problemOf(error) })
    }
  }

  private async submit(jobId: string, options: ScanOptions, signal: AbortSignal): Promise<void> {
    const submitting = { name: 'submitting', jobId, fromJobId: null, options } as const
    this.set({ ...submitting, problem: null })
    this.parts.address.go({ page: 'job', jobId })
    try {
      await this.parts.api.process({ jobId, ...options })
    } catch (error) {
      if (!ranBefore(error)) {
        // The scan is there: its bytes are kept only where nobody knows whether it was heard.
        if (error instanceof ApiError) await this.delivery.forget()
        if (!signal.aborted) this.set({ ...submitting, problem: problemOf(error) })
        return
      }
    }
    await this.delivery.forget()
    if (!signal.aborted) this.follow(jobId, { submitted: true })
  }

  private follow(jobId: string, { submitted }: { submitted: boolean }): void {
    const { signal } = this.newWay()
    const report = (part: Partial<Extract<SessionState, { name: 'following' }>>) => {
      const state = this.store.getState()
      if (!signal.aborted && state.name === 'following') this.set({ ...state, ...part })
    }
    this.set({
      name: 'following',
      jobId,
      job: null,
      connection: 'ok',
      cancelling: false,
      cancelProblem: null,
      problem: null,
    })
    this.following = this.parts.follow(jobId, {
      signal,
      until: submitted ? OVER : OVER_OR_UNASKED,
      onJob: (job) => report({ job }),
      onConnection: (connection) => report({ connection }),
    })
    this.following.finished.then(
      (job) => {
        if (!signal.aborted) this.end(job)
      },
      (error: unknown) => report({ problem: problemOf(error) }),
    )
  }

  private end(job: Job): void {
    if (job.status === 'uploaded') this.show({ kind: 'job', job })
    else this.set({ name: 'over', job })
  }

  private async offerAgain(jobId: string, options: ScanOptions): Promise<void> {
    const { signal } = this.newWay()
    try {
      const job = await this.parts.api.job(jobId, signal)
      if (!signal.aborted) this.show({ kind: 'job', job }, options)
    } catch (error) {
      const state = this.store.getState()
      if (signal.aborted || state.name !== 'submitting') return
      this.set({ ...state, problem: problemOf(error) })
    }
  }

  private show(source: FilesSource | JobSource, options: ScanOptions = DEFAULT_OPTIONS): void {
    const first =
      source.kind === 'files'
        ? { ...source, chosen: source.candidates.find(({ refusal }) => refusal === null) ?? null }
        : source
    this.set({ name: 'choosing', source: first, options, problem: null })
    this.fitOptions()
  }

  /** A task that runs here and suits the scan, as soon as both are known. */
  private fitOptions(): void {
    const state = this.store.getState()
    const known = this.parts.tasks.store.getState()
    if (state.name !== 'choosing' || known.name !== 'ready') return
    const options = fitted(state.options, known.tasks, modalityOf(state.source))
    if (options !== state.options) this.set({ ...state, options } satisfies Choosing)
  }

  /** What was going on is called off; what is unfinished can be found again. */
  private newWay(): AbortController {
    this.way.abort()
    this.way = new AbortController()
    this.following = null
    return this.way
  }

  private async discardUpload(): Promise<void> {
    const state = this.store.getState()
    if (state.name !== 'uploading' && state.name !== 'submitting') return
    this.newWay()
    await this.delivery.forget()
    if (state.name === 'submitting') return
    // What arrived is of no use to anybody; it expires where this fails.
    if (state.jobId !== null) this.parts.api.remove(state.jobId).catch(() => undefined)
  }

  private set(state: SessionState): void {
    this.store.setState(state, true)
  }
}

function ranBefore(error: unknown): boolean {
  return error instanceof ApiError && RAN_BEFORE.includes(error.code)
}
