/** A file to its presigned URLs; the bytes never pass through the API. */

import { completeUpload, signParts, startUpload, type MultipartUpload } from './api'

/** Browsers keep six connections to a host; four leave room for the page's own calls. */
const PARALLEL_PARTS = 4

export type Put = (url: string, body: Blob, headers: Record<string, string>) => Promise<void>

/**
 * Make a job of a file.
 *
 * @param onSent called with the share that has arrived, 0 to 1
 * @returns the job's id
 */
export async function uploadScan(
  file: File,
  userId: string,
  onSent: (share: number) => void,
  put: Put = putByFetch,
): Promise<string> {
  const ticket = await startUpload(file.name, file.size, userId)
  if (ticket.upload.kind === 'single') {
    await put(ticket.upload.url, file, ticket.upload.headers)
  } else {
    await putParts(ticket.jobId, file, ticket.upload, onSent, put)
  }
  onSent(1)
  await completeUpload(ticket.jobId)
  return ticket.jobId
}

async function putParts(
  jobId: string,
  file: File,
  upload: MultipartUpload,
  onSent: (share: number) => void,
  put: Put,
): Promise<void> {
  const urls = new Map(upload.parts.map((part) => [part.partNumber, part.url]))
  const size = upload.part_size_bytes
  let next = 1
  let sent = 0
  const worker = async (): Promise<void> => {
    while (next <= upload.part_count) {
      const number = next++
      // Later URLs are signed just before their part goes out, so that none expires in the queue.
      const url = urls.get(number) ?? (await signParts(jobId, [number]))[0]!.url
      const part = file.slice((number - 1) * size, Math.min(number * size, file.size))
      await put(url, part, {})
      sent += part.size
      onSent(sent / file.size)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_PARTS }, worker))
}

async function putByFetch(url: string, body: Blob, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body, headers })
  if (!answer.ok) throw new Error(`The upload was refused (${answer.status}). Try again.`)
}
