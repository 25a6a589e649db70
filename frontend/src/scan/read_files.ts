/** From chosen files to the scans that they hold; told by content, never by name. */

import type { Candidate } from './candidate'

export interface ReadProgress {
  readCount: number
  totalCount: number
}

export interface ReadOptions {
  /** Modalities that some task takes, such as `['CT', 'MR']`; all where it is left out. */
  modalities?: readonly string[]
  signal?: AbortSignal
  onProgress?: (progress: ReadProgress) => void
}

/** Scans found, best first: those that can be sent, then by size. Empty if no file was given. */
export const readFiles: (
  files: readonly File[],
  options?: ReadOptions,
) => Promise<Candidate[]> = () => {
  throw new Error('not written yet')
}
