/** One scan to its presigned URLs: in parallel parts, with pauses, through lost connections. */

import type { Api } from '../api/client'
import type { PackedScan } from '../scan/candidate'
import type { UploadProgress } from './upload_progress'

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
  /** The job's id, once all has arrived and `completeUpload` has answered. */
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
}

export const uploadScan: (api: Api, scan: PackedScan, options: UploadOptions) => Upload = () => {
  throw new Error('not written yet')
}
