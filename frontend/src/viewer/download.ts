/** Downloads with progress. */

export class DownloadFailed extends Error {
  override readonly name = 'DownloadFailed'
}

export interface DownloadOptions {
  readonly signal: AbortSignal
  /** How many bytes are expected; `onProgress` gets shares of it from 0 to 1. */
  readonly sizeBytes: number
  readonly onProgress: (share: number) => void
}

/** The whole file at a URL. */
export async function download(url: string, options: DownloadOptions): Promise<ArrayBuffer> {
  const { signal, sizeBytes, onProgress } = options
  const answer = await fetch(url, { signal })
  if (!answer.ok || answer.body === null) throw new DownloadFailed(`HTTP ${answer.status}`)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  const reader = answer.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    received += value.length
    // What is decompressed on the way is longer than what was stored.
    if (sizeBytes > 0) onProgress(Math.min(1, received / sizeBytes))
  }
  return new Blob(pieces).arrayBuffer()
}
