/** How an upload goes on. */

export interface UploadProgress {
  sentBytes: number
  totalBytes: number
  /** Of the last seconds; null until it is known. */
  bytesPerSecond: number | null
  secondsLeft: number | null
}
