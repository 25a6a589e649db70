/** Reading the part of a file that is needed, through gzip where it is gzipped. */

import type { ScanFile } from './candidate'
import { ZipMember } from './zip_directory'

/** At most `count` bytes from the file's start. */
export async function startOf(file: ScanFile, count: number): Promise<Uint8Array<ArrayBuffer>> {
  if (file instanceof Blob) return new Uint8Array(await file.slice(0, count).arrayBuffer())
  if (file instanceof ZipMember) return file.start(count)
  return startOfStream(file.stream(), count)
}

export const isGzip = (head: Uint8Array) => head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08

/** The file's bytes as they were before gzip. */
export function gunzipped(file: ScanFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return file.stream().pipeThrough(new DecompressionStream('gzip'))
}

/**
 * At most `count` bytes; the rest is not read.
 *
 * @throws TypeError if the stream is damaged before that
 */
export async function startOfStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(count)
  let filled = 0
  const reader = stream.getReader()
  while (filled < count) {
    const { done, value } = await reader.read()
    if (done) return start.subarray(0, filled)
    const taken = value.subarray(0, count - filled)
    start.set(taken, filled)
    filled += taken.length
  }
  await reader.cancel()
  return start
}

/** What lies at these places of a stream, which is read no further than the last of them. */
export async function gather(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  ascendingOffsets: readonly number[],
  bytesEach: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new Uint8Array(ascendingOffsets.length * bytesEach)
  const reader = stream.getReader()
  let chunkStart = 0
  let next = 0 // index into the gathered bytes
  const offsetOf = (index: number) =>
    (ascendingOffsets[Math.floor(index / bytesEach)] ?? Infinity) + (index % bytesEach)
  while (next < gathered.length) {
    const { done, value } = await reader.read()
    if (done) throw new RangeError('The file ends before its last voxel.')
    for (
      let at = offsetOf(next) - chunkStart;
      at < value.length;
      at = offsetOf(next) - chunkStart
    ) {
      gathered[next] = value[at] ?? 0
      next += 1
    }
    chunkStart += value.length
  }
  await reader.cancel()
  return gathered
}
