/** The states of one scan's way through the page. */

import type { Job, ScanOptions } from '../api/types'
import type { Candidate, Packing } from '../scan/candidate'
import type { ReadProgress } from '../scan/read_files'
import type { Connection } from './following'
import type { Problem } from './problem'
import type { SaveOutcome } from './unfinished_uploads'
import type { UploadPhase } from './uploader'
import type { UploadProgress } from './upload_progress'

export interface FilesSource {
  kind: 'files'
  candidates: readonly Candidate[]
  /** Null while nothing among the candidates can be sent. */
  chosen: Candidate | null
  packing: Packing
}

/** A scan that the API has already: it arrived before, or is to be processed once more. */
export interface JobSource {
  kind: 'job'
  job: Job
}

export interface Start {
  name: 'start'
  problem: Problem | null
}

export interface Reading {
  name: 'reading'
  progress: ReadProgress | null
}

export interface Choosing {
  name: 'choosing'
  source: FilesSource | JobSource
  options: ScanOptions
  /** Of the attempt before, such as a file that could not be packed. */
  problem: Problem | null
}

export interface PackingScan {
  name: 'packing'
  source: FilesSource
  options: ScanOptions
  /** 0 to 1. */
  share: number
}

export interface Uploading {
  name: 'uploading'
  /** Null until the API has given one. */
  jobId: string | null
  options: ScanOptions
  progress: UploadProgress | null
  phase: UploadPhase
  /** Whether it survives a reload; null until that is known. */
  saved: SaveOutcome | null
  /** With one the upload stands still until it is tried again. */
  problem: Problem | null
}

export interface Submitting {
  name: 'submitting'
  /** Null until there is a job on the scan of `fromJobId`. */
  jobId: string | null
  /** The job whose scan is used again; null where the scan was sent. */
  fromJobId: string | null
  options: ScanOptions
  problem: Problem | null
}

export interface FollowingJob {
  name: 'following'
  jobId: string
  /** Null until it was seen for the first time. */
  job: Job | null
  connection: Connection
  cancelling: boolean
  cancelProblem: Problem | null
  /** The job cannot be seen: nothing more will come. */
  problem: Problem | null
}

export interface Over {
  name: 'over'
  job: Job
}

export type SessionState =
  Start | Reading | Choosing | PackingScan | Uploading | Submitting | FollowingJob | Over

/** The job that the address names in this state; null where it names none. */
export function addressedJob(state: SessionState): string | null {
  switch (state.name) {
    case 'choosing':
      return state.source.kind === 'job' ? state.source.job.jobId : null
    case 'submitting':
    case 'following':
      return state.jobId
    case 'over':
      return state.job.jobId
    case 'start':
    case 'reading':
    case 'packing':
    case 'uploading':
      return null
  }
}

/** What the inspection calls the modality of a scan that does not say it, as no NIfTI does. */
const NOT_STATED = 'unknown'

/** What the scan says that it is; null where it says nothing. */
export function modalityOf(source: FilesSource | JobSource): string | null {
  if (source.kind === 'files') return source.chosen?.description.modality ?? null
  const modality = source.job.inspection?.modality ?? null
  return modality === NOT_STATED ? null : modality
}
