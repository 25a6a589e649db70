/** One scan to its presigned URLs: in parallel parts, with pauses, through lost connections. */

import type { Api } from '../api/client'
import { ApiError } from '../api/errors'
import type { UploadTicket } from '../api/types'
import type { PackedScan } from '../scan/candidate'
import { PutRefused } from './put'
import { insister, passes, type Insist } from './retrying'
import { browserEnvironment, type UploadEnvironment } from './upload_environment'
import { canBeSentAgain, FORBIDDEN, isForbidden, isGone } from './upload_failures'
import { uploadGate, type UploadGate } from './upload_gate'
import { partsOf, type Part } from './upload_parts'
import { speedometer, type Speedometer, type UploadProgress } from './upload_progress'

/** `waiting`: the connection is lost, or the store is busy; it goes on by itself. */
export type UploadPhase = 'sending' | 'waiting' | 'paused' | 'completing'

export interface UploadEvents {
  /**
   * The job's id, as soon as it is known; called again with another one if the upload had to be
   * begun anew. (A single PUT cannot be signed again.)
   */
  onJob?: (jobId: string) => void
  onProgress?: (progress: UploadProgress) => void
  onPhase?: (phase: UploadPhase) => void
}

export interface Upload {
  /**
   * The job's id, once all has arrived and `completeUpload` has answered. Rejects with an ApiError,
   * NetworkError or PutRefused when there is no use in trying on; the upload can be resumed by its
   * job's id.
   */
  readonly finished: Promise<string>
  pause: () => void
  resume: () => void
  /** Stop for good: `finished` rejects with an AbortError. The job stays: `api.remove` it. */
  abort: () => void
}

export interface UploadOptions extends UploadEvents {
  userId: string
  /** An upload that was begun before: parts that arrived are not sent again. */
  jobId?: string | null
  environment?: UploadEnvironment
}

/** Browsers keep six connections to a host; four leave room for the page's own calls. */
const PARALLEL_PARTS = 4
const SHORTEST_REPORT_MS = 100
/** A signed URL is not used when so little of its time is left: a part takes a while. */
const SAFE_SHARE_OF_LIFETIME = 0.8
/** Of sending what is missing: more than one is needed only when something else went wrong. */
const MOST_ROUNDS = 3

export function uploadScan(api: Api, scan: PackedScan, options: UploadOptions): Upload {
  const gate = uploadGate((phase) => options.onPhase?.(phase))
  const run = new Run(api, scan, options, gate)
  return {
    finished: run.finish(options.jobId ?? null),
    pause: gate.pause,
    resume: gate.resume,
    abort: gate.abort,
  }
}

interface SignedUrl {
  url: string
  headers: Record<string, string>
  /** By the environment's clock. */
  usableUntil: number
}

interface Sendable {
  kind: 'single' | 'multipart'
  jobId: string
  /** Those that have not arrived. */
  parts: readonly Part[]
}

type Begun = { kind: 'arrived'; jobId: string } | Sendable

class Run {
  private readonly environment: UploadEnvironment
  private readonly urls = new Map<number, SignedUrl>()
  private readonly sentOf = new Map<number, number>()
  private readonly speed: Speedometer
  private readonly insist: Insist
  private reportedAt = -Infinity

  constructor(
    private readonly api: Api,
    private readonly scan: PackedScan,
    private readonly options: UploadOptions,
    private readonly gate: UploadGate,
  ) {
    this.environment = options.environment ?? browserEnvironment
    this.speed = speedometer(scan.blob.size, this.environment.now)
    this.insist = insister(gate, this.environment, this.speed.restart)
  }

  async finish(resumedId: string | null): Promise<string> {
    let begun = resumedId === null ? await this.startAnew() : await this.takeUp(resumedId)
    for (let round = 1; ; round += 1) {
      if (begun.kind === 'arrived') return begun.jobId
      try {
        await this.send(begun)
        this.gate.say('completing')
        const { jobId } = begun
        await this.insist(() => this.api.completeUpload(jobId))
        return jobId
      } catch (error) {
        if (round === MOST_ROUNDS || !canBeSentAgain(error, begun.kind)) throw error
        begun = await this.again(begun)
      }
    }
  }

  /** The missing parts; or a new job, because a single PUT is signed only when a job begins. */
  private async again(begun: Begun): Promise<Begun> {
    if (begun.kind === 'multipart') return this.takeUp(begun.jobId)
    return this.replace(begun.jobId)
  }

  private async replace(jobId: string): Promise<Begun> {
    // A job without its scan is of no use; it is forgotten by itself if this fails.
    await this.api.remove(jobId).catch(() => undefined)
    return this.startAnew()
  }

  private async startAnew(): Promise<Begun> {
    const { filename, blob } = this.scan
    const { userId } = this.options
    const ticket = await this.insist(() =>
      this.api.startUpload({ filename, size: blob.size, userId }),
    )
    if (this.gate.ended.aborted) {
      await this.api.remove(ticket.jobId).catch(() => undefined) // nobody knows of it
      this.gate.ended.throwIfAborted()
    }
    this.options.onJob?.(ticket.jobId)
    return this.use(ticket)
  }

  private use({ jobId, upload }: UploadTicket): Begun {
    this.urls.clear()
    this.sentOf.clear()
    const usableUntil = this.environment.now() + upload.expires_s * 1000 * SAFE_SHARE_OF_LIFETIME
    if (upload.kind === 'single') {
      this.urls.set(1, { url: upload.url, headers: upload.headers, usableUntil })
      return { kind: 'single', jobId, parts: partsOf(this.scan.blob.size, this.scan.blob.size) }
    }
    for (const { partNumber, url } of upload.parts) {
      this.urls.set(partNumber, { url, headers: {}, usableUntil })
    }
    return { kind: 'multipart', jobId, parts: partsOf(this.scan.blob.size, upload.part_size_bytes) }
  }

  /** Go on where an upload stopped. */
  private async takeUp(jobId: string): Promise<Begun> {
    try {
      const state = await this.insist(() => this.api.uploadState(jobId))
      this.options.onJob?.(jobId)
      if (state.status !== 'awaiting_upload') return { kind: 'arrived', jobId }
      if (state.kind === 'single' || state.part_size_bytes === null) return await this.judge(jobId)
      const sizes = new Map(state.parts.map((part) => [part.partNumber, part.size_bytes]))
      const all = partsOf(this.scan.blob.size, state.part_size_bytes)
      const missing = all.filter(({ number, from, to }) => sizes.get(number) !== to - from)
      this.sentOf.clear()
      for (const part of all) {
        if (!missing.includes(part)) this.sentOf.set(part.number, part.to - part.from)
      }
      return { kind: 'multipart', jobId, parts: missing }
    } catch (error) {
      if (isGone(error)) return this.startAnew()
      throw error
    }
  }

  /** The bytes of a single PUT are all there or not at all: only completing it tells. */
  private async judge(jobId: string): Promise<Begun> {
    try {
      await this.insist(() => this.api.completeUpload(jobId))
      return { kind: 'arrived', jobId }
    } catch (error) {
      if (error instanceof ApiError && error.code === 'scan_not_found') return this.replace(jobId)
      throw error
    }
  }

  private async send(upload: Sendable): Promise<void> {
    const { kind, parts } = upload
    this.gate.say('sending')
    this.report(true)
    const queue = parts.values()
    const failed = new AbortController()
    const mayPass = (error: unknown) =>
      passes(error) || (kind === 'multipart' && isForbidden(error))
    const worker = async () => {
      for (const part of queue) {
        await this.insist((signal) => {
          failed.signal.throwIfAborted()
          return this.sendPart(upload, part, signal)
        }, mayPass)
      }
    }
    try {
      const count = Math.min(PARALLEL_PARTS, parts.length)
      await Promise.all(Array.from({ length: count }, worker))
    } catch (error) {
      failed.abort()
      this.gate.dropRequests() // of the other parts
      throw error
    }
    this.report(true)
  }

  private async sendPart(upload: Sendable, part: Part, signal: AbortSignal): Promise<void> {
    const { number, from, to } = part
    try {
      const { url, headers } = await this.urlOf(upload, number)
      signal.throwIfAborted()
      await this.environment.put({
        url,
        body: this.scan.blob.slice(from, to),
        headers,
        onSent: (bytes) => this.count(number, Math.min(bytes, to - from)),
        signal,
      })
      this.count(number, to - from)
    } catch (error) {
      this.sentOf.delete(number)
      if (isForbidden(error)) this.urls.delete(number)
      throw error
    }
  }

  /** Signed late: a URL must not expire while its part waits in the queue. */
  private async urlOf({ kind, jobId }: Sendable, number: number): Promise<SignedUrl> {
    const known = this.urls.get(number)
    if (known !== undefined && this.environment.now() < known.usableUntil) return known
    if (kind === 'single') throw new PutRefused(FORBIDDEN)
    const [signed] = await this.api.signParts(jobId, [number])
    if (signed === undefined) throw new PutRefused(FORBIDDEN)
    return { url: signed.url, headers: {}, usableUntil: Infinity }
  }

  private count(number: number, bytes: number): void {
    this.sentOf.set(number, bytes)
    this.report(false)
  }

  private report(always: boolean): void {
    const now = this.environment.now()
    if (!always && now - this.reportedAt < SHORTEST_REPORT_MS) return
    this.reportedAt = now
    const sentBytes = [...this.sentOf.values()].reduce((sum, bytes) => sum + bytes, 0)
    this.options.onProgress?.(this.speed.progress(sentBytes))
  }
}
