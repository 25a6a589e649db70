/**
 * The members of a zip by its central directory (APPNOTE 6.3.10, sections 4.3 and 4.4): nothing
 * else of the archive is read until a member is.
 */

import { Inflate } from 'fflate'

import type { ScanFile } from './candidate'

const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const LOCATOR64_BYTES = 20
const END64_BYTES = 56
const MEMBER_SIGNATURE = 0x02014b50
const MEMBER_BYTES = 46
const LOCAL_BYTES = 30
/** Stands where the number is in the zip64 fields. */
const BEYOND_32_BITS = 0xffffffff
/** Of a member's name and extra field; after longer ones it takes a second read. */
const LONGEST_NAMES = 4096
const DEFLATE_OVERHEAD = 1024
const STORED = 0
const DEFLATED = 8

export class DamagedZip extends Error {}

export interface ZipListing {
  members: ZipMember[]
  encrypted: boolean
  /** Compression methods that the page cannot inflate. */
  unknownMethods: number[]
}

interface Place {
  at: number
  size: number
  inflatedSize: number
  method: number
}

/** Plain data, which can be sent to a worker. */
export interface MemberParts {
  name: string
  archive: Blob
  place: Place
}

/** Inflated when it is read. */
export class ZipMember implements ScanFile {
  readonly name: string
  readonly size: number

  constructor(readonly parts: MemberParts) {
    this.name = parts.name
    this.size = parts.place.inflatedSize
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { readable, writable } = new TransformStream<
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>
    >()
    void this.packed().then(
      (packed) => packed.pipeTo(writable).catch(() => undefined), // a reader that had enough
      (error: unknown) => writable.abort(error),
    )
    return readable
  }

  /** At most `count` bytes: by one read, since thousands of members are looked into. */
  async start(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const { archive, place } = this.parts
    // Deflated bytes are hardly ever more than inflated ones; the local names come before them.
    const enough = Math.min(place.size, count + DEFLATE_OVERHEAD)
    const from = place.at
    const read = await archive
      .slice(from, from + LOCAL_BYTES + LONGEST_NAMES + enough)
      .arrayBuffer()
    if (read.byteLength < LOCAL_BYTES) throw new DamagedZip('A member lies beyond the end.')
    const dataAt = LOCAL_BYTES + localNamesBytes(new DataView(read))
    const packed =
      dataAt + enough <= read.byteLength
        ? new Uint8Array(read, dataAt, enough)
        : new Uint8Array(await archive.slice(from + dataAt, from + dataAt + enough).arrayBuffer())
    return place.method === STORED ? packed.slice(0, count) : inflatedStart(packed, count)
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(await this.packed()).arrayBuffer()
  }

  private async packed(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { archive, place } = this.parts
    const { at, size, method } = place
    // Name and extra field may be longer here than in the central directory.
    const local = await viewOf(archive, at, LOCAL_BYTES)
    const start = at + LOCAL_BYTES + localNamesBytes(local)
    const bytes = archive.slice(start, start + size).stream()
    return method === STORED ? bytes : bytes.pipeThrough(new DecompressionStream('deflate-raw'))
  }
}

/** Of name and extra field, both of 16-bit lengths. */
const localNamesBytes = (local: DataView) => local.getUint16(26, true) + local.getUint16(28, true)

function inflatedStart(packed: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  const start = new Uint8Array(count)
  let filled = 0
  const inflate = new Inflate((chunk) => {
    const taken = chunk.subarray(0, count - filled)
    start.set(taken, filled)
    filled += taken.length
  })
  inflate.push(packed) // there may be more of it
  return start.subarray(0, filled)
}

/** @throws DamagedZip */
export async function listZip(archive: Blob): Promise<ZipListing> {
  const { at, size, count } = await findDirectory(archive)
  const directory = await viewOf(archive, at, size)
  const listing: ZipListing = { members: [], encrypted: false, unknownMethods: [] }
  let offset = 0
  for (let index = 0; index < count; index += 1) {
    if (offset + MEMBER_BYTES > size || directory.getUint32(offset, true) !== MEMBER_SIGNATURE) {
      throw new DamagedZip('The central directory breaks off.')
    }
    const entry = entryAt(directory, offset)
    offset += entry.bytes
    if (entry.name.endsWith('/')) continue // a folder
    if (entry.encrypted) listing.encrypted = true
    else if (![STORED, DEFLATED].includes(entry.place.method)) {
      listing.unknownMethods.push(entry.place.method)
    } else listing.members.push(new ZipMember({ name: entry.name, archive, place: entry.place }))
  }
  return listing
}

async function findDirectory(archive: Blob): Promise<{ at: number; size: number; count: number }> {
  const tailAt = Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT)
  const tail = await viewOf(archive, tailAt, archive.size - tailAt)
  for (let end = tail.byteLength - END_BYTES; end >= 0; end -= 1) {
    if (tail.getUint32(end, true) !== END_SIGNATURE) continue
    const count = tail.getUint16(end + 10, true)
    const size = tail.getUint32(end + 12, true)
    const at = tail.getUint32(end + 16, true)
    if (count < 0xffff && size < BEYOND_32_BITS && at < BEYOND_32_BITS) return { at, size, count }
    return findDirectory64(archive, tailAt + end - LOCATOR64_BYTES)
  }
  throw new DamagedZip('The archive has no end.')
}

async function findDirectory64(archive: Blob, locatorAt: number) {
  const locator = await viewOf(archive, locatorAt, LOCATOR64_BYTES)
  const end = await viewOf(archive, bigAt(locator, 8), END64_BYTES)
  return { count: bigAt(end, 32), size: bigAt(end, 40), at: bigAt(end, 48) }
}

function entryAt(directory: DataView, offset: number) {
  const uint16 = (at: number) => directory.getUint16(offset + at, true)
  const uint32 = (at: number) => directory.getUint32(offset + at, true)
  const [nameBytes, extraBytes, commentBytes] = [uint16(28), uint16(30), uint16(32)]
  const bytes = MEMBER_BYTES + nameBytes + extraBytes + commentBytes
  if (offset + bytes > directory.byteLength) throw new DamagedZip('A member breaks off.')
  const start = directory.byteOffset + offset + MEMBER_BYTES
  const name = new TextDecoder().decode(new Uint8Array(directory.buffer, start, nameBytes))
  const place = { at: uint32(42), size: uint32(20), inflatedSize: uint32(24), method: uint16(10) }
  const extra = new DataView(directory.buffer, start + nameBytes, extraBytes)
  return { name, bytes, encrypted: (uint16(8) & 1) === 1, place: widened(place, extra) }
}

/** The zip64 field (0x0001) holds those of the three numbers that do not fit, in this order. */
function widened(place: Place, extra: DataView): Place {
  let at = 0
  while (at + 4 <= extra.byteLength && extra.getUint16(at, true) !== 1) {
    at += 4 + extra.getUint16(at + 2, true)
  }
  let next = at + 4
  const wide = (value: number) => {
    if (value !== BEYOND_32_BITS || next + 8 > extra.byteLength) return value
    next += 8
    return bigAt(extra, next - 8)
  }
  const inflatedSize = wide(place.inflatedSize)
  const size = wide(place.size)
  return { ...place, inflatedSize, size, at: wide(place.at) }
}

const bigAt = (view: DataView, at: number) => Number(view.getBigUint64(at, true))

async function viewOf(archive: Blob, at: number, size: number): Promise<DataView> {
  const bytes = at < 0 ? new ArrayBuffer(0) : await archive.slice(at, at + size).arrayBuffer()
  if (bytes.byteLength < size) throw new DamagedZip('The archive breaks off.')
  return new DataView(bytes)
}
