/** Getting a packed scan to the API, also when a reload or another page comes in between. */

import type { Api } from '../api/client'
import type { ScanOptions } from '../api/types'
import type { PackedScan } from '../scan/candidate'
import type { SaveOutcome, UnfinishedUploads } from './unfinished_uploads'
import type { UploadLock } from './upload_lock'
import type { Upload, UploadEvents, uploadScan } from './uploader'

/** What is sent, and how it is to be processed then. */
export interface Parcel {
  scan: PackedScan
  options: ScanOptions
  /** Of an upload that was begun before. */
  jobId: string | null
}

export interface DeliveryEvents extends Omit<UploadEvents, 'onJob'> {
  onJob: (jobId: string) => void
  onSaved: (saved: SaveOutcome) => void
}

export interface DeliveryParts {
  api: Api
  userId: string
  unfinished: UnfinishedUploads<ScanOptions>
  uploadLock: UploadLock
  uploadScan: typeof uploadScan
}

export class Delivery {
  private upload: Upload | null = null
  private parcel: Parcel | null = null
  private letGo: (() => void) | null = null

  constructor(private readonly parts: DeliveryParts) {}

  /** Resolves to the job's id once all has arrived. `forget` it when it is of no use any more. */
  async send(parcel: Parcel, events: DeliveryEvents, signal: AbortSignal): Promise<string> {
    const { api, userId, unfinished } = this.parts
    const { scan, options, jobId } = parcel
    this.parcel = parcel
    const keeps = await this.hold()
    signal.throwIfAborted()
    this.upload = this.parts.uploadScan(api, scan, {
      ...events,
      userId,
      jobId,
      onJob: (given) => {
        this.parcel = { ...parcel, jobId: given }
        events.onJob(given)
        // Where another tab keeps its own upload, this one must not take its place.
        if (!keeps) events.onSaved('unavailable')
        else void unfinished.save({ jobId: given, ...scan, context: options }).then(events.onSaved)
      },
    })
    const { upload } = this
    signal.addEventListener('abort', () => upload.abort(), { once: true })
    return upload.finished
  }

  /** What was being sent, to be sent once more. */
  get last(): Parcel | null {
    return this.parcel
  }

  /** An upload that was interrupted, unless another tab of this browser is at it. */
  async findUnfinished(): Promise<Parcel | null> {
    const found = await this.parts.unfinished.find()
    if (found === null || !(await this.hold())) return null
    const { blob, filename, context, jobId } = found
    return { scan: { blob, filename }, options: context, jobId }
  }

  pause(): void {
    this.upload?.pause()
  }

  resume(): void {
    this.upload?.resume()
  }

  /** The bytes are deleted here; what arrived is not. */
  async forget(): Promise<void> {
    if (this.letGo !== null) await this.parts.unfinished.remove()
    this.upload = null
    this.parcel = null
    this.letGo?.()
    this.letGo = null
  }

  private async hold(): Promise<boolean> {
    this.letGo ??= await this.parts.uploadLock.tryHold()
    return this.letGo !== null
  }
}
