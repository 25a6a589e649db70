/** DICOM files in one zip, numbered: names of files may name the patient. */

import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

import type { ScanFile } from './candidate'

/** Pixels that compress at all do so at level 1, several times faster than at the default. */
const LEVEL = 1
/** The writer knows no zip64. */
export const LARGEST_ZIP_BYTES = 0xffffffff
export const MOST_ZIP_MEMBERS = 0xffff
/** Deflated members gain nothing from being held in pieces of a few kB. */
const PIECE_BYTES = 8 * 2 ** 20

export class ZipTooLarge extends Error {}

/**
 * @param onRead called with the bytes read so far
 * @throws ZipTooLarge
 * @throws the signal's reason when it is aborted
 * @throws DOMException if a file cannot be read
 */
export async function zipFiles(
  files: readonly ScanFile[],
  onRead: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Blob> {
  if (files.length > MOST_ZIP_MEMBERS) throw new ZipTooLarge()
  const output = collector()
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    output.add(chunk)
  })
  let readBytes = 0
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted()
    const member = memberOf(`${String(index + 1).padStart(6, '0')}.dcm`, file.size)
    zip.add(member)
    for await (const chunk of chunksOf(file)) {
      member.push(chunk)
      readBytes += chunk.length
      if (output.size() > LARGEST_ZIP_BYTES) throw new ZipTooLarge()
      onRead(readBytes)
    }
    member.push(new Uint8Array(0), true)
  }
  zip.end()
  if (output.size() > LARGEST_ZIP_BYTES) throw new ZipTooLarge()
  return output.blob()
}

function memberOf(name: string, size: number): ZipDeflate | ZipPassThrough {
  const member = size === 0 ? new ZipPassThrough(name) : new ZipDeflate(name, { level: LEVEL })
  member.mtime = NO_TIME
  return member
}

/** The earliest that a zip can say: when the files were packed is nobody's business. */
const NO_TIME = new Date(1980, 0, 1)

async function* chunksOf(file: ScanFile): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** Pieces become Blobs, which browsers keep on the disk when there are many. */
function collector() {
  let pieces: Blob[] = []
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let chunkBytes = 0
  let total = 0
  const flush = () => {
    pieces = [...pieces, new Blob(chunks)]
    chunks = []
    chunkBytes = 0
  }
  return {
    add: (chunk: Uint8Array<ArrayBuffer>) => {
      chunks.push(chunk)
      chunkBytes += chunk.length
      total += chunk.length
      if (chunkBytes >= PIECE_BYTES) flush()
    },
    size: () => total,
    blob: () => {
      flush()
      return new Blob(pieces, { type: 'application/zip' })
    },
  }
}
