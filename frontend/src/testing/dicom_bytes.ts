/** Small DICOM files, written tag by tag (PS3.10; explicit VR). */

export interface SliceOptions {
  series?: string
  sop?: string
  sopClass?: string
  description?: string | Uint8Array
  charset?: string
  modality?: string
  imageType?: string
  photometric?: string
  rows?: number
  columns?: number
  bitsAllocated?: 8 | 16 | 32
  bitsStored?: number
  signed?: boolean
  /** LPS mm; null leaves it out. */
  position?: readonly number[] | null
  /** Row spacing, column spacing. */
  spacing?: readonly number[]
  slope?: number
  intercept?: number
  transferSyntax?: string
  /** As stored; null for a file without pixels. */
  pixels?: readonly number[] | null
}

let made = 0

export const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1'
export const EXPLICIT_BIG = '1.2.840.10008.1.2.2'

/** An axial slice of 4 × 3 pixels unless said otherwise. */
export function dicomBytes(options: SliceOptions = {}): Uint8Array<ArrayBuffer> {
  const rows = options.rows ?? 3
  const columns = options.columns ?? 4
  const bits = options.bitsAllocated ?? 16
  const syntax = options.transferSyntax ?? EXPLICIT_LITTLE
  const little = syntax !== EXPLICIT_BIG
  const sop = options.sop ?? `1.2.3.${++made}`
  const { position = [0, 0, 0], pixels = Array.from({ length: rows * columns }, () => 0) } = options
  const body = [
    element(0x0008, 0x0005, 'CS', options.charset ?? 'ISO_IR 192', little),
    element(0x0008, 0x0008, 'CS', options.imageType ?? 'ORIGINAL\\PRIMARY\\AXIAL', little),
    element(0x0008, 0x0016, 'UI', options.sopClass ?? '1.2.840.10008.5.1.4.1.1.2', little),
    element(0x0008, 0x0018, 'UI', sop, little),
    element(0x0008, 0x0060, 'CS', options.modality ?? 'CT', little),
    element(0x0008, 0x103e, 'LO', options.description ?? '', little),
    element(0x0010, 0x0010, 'PN', 'Surname^Given', little),
    element(0x0020, 0x000e, 'UI', options.series ?? '1.2.3', little),
    ...(position === null
      ? []
      : [
          element(0x0020, 0x0032, 'DS', position.join('\\'), little),
          element(0x0020, 0x0037, 'DS', '1\\0\\0\\0\\1\\0', little),
        ]),
    short(0x0028, 0x0002, 1, little),
    element(0x0028, 0x0004, 'CS', options.photometric ?? 'MONOCHROME2', little),
    short(0x0028, 0x0010, rows, little),
    short(0x0028, 0x0011, columns, little),
    element(0x0028, 0x0030, 'DS', (options.spacing ?? [1, 1]).join('\\'), little),
    short(0x0028, 0x0100, bits, little),
    short(0x0028, 0x0101, options.bitsStored ?? bits, little),
    short(0x0028, 0x0103, options.signed === false ? 0 : 1, little),
    element(0x0028, 0x1052, 'DS', String(options.intercept ?? 0), little),
    element(0x0028, 0x1053, 'DS', String(options.slope ?? 1), little),
    ...(pixels === null
      ? []
      : [element(0x7fe0, 0x0010, 'OW', stored(pixels, bits, little), little)]),
  ]
  const syntaxElement = element(0x0002, 0x0010, 'UI', syntax, true)
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, syntaxElement.length, true)
  const meta = [element(0x0002, 0x0000, 'UL', length, true), syntaxElement]
  const preamble = new Uint8Array(132)
  preamble.set(ascii('DICM'), 128)
  return joined([preamble, ...meta, ...body])
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

const ascii = (text: string) => new TextEncoder().encode(text)

function element(
  group: number,
  number: number,
  type: string,
  value: string | Uint8Array,
  little: boolean,
): Uint8Array {
  const bytes = typeof value === 'string' ? ascii(value) : value
  const even = new Uint8Array(bytes.length + (bytes.length % 2))
  if (typeof value === 'string' && type !== 'UI') even.fill(0x20)
  even.set(bytes)
  const long = type === 'OW'
  const head = new DataView(new ArrayBuffer(long ? 12 : 8))
  head.setUint16(0, group, little)
  head.setUint16(2, number, little)
  head.setUint8(4, type.charCodeAt(0))
  head.setUint8(5, type.charCodeAt(1))
  if (long) head.setUint32(8, even.length, little)
  else head.setUint16(6, even.length, little)
  return joined([new Uint8Array(head.buffer), even])
}

function short(group: number, number: number, value: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(2)
  new DataView(bytes.buffer).setUint16(0, value, little)
  return element(group, number, 'US', bytes, little)
}

function stored(pixels: readonly number[], bits: 8 | 16 | 32, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer((pixels.length * bits) / 8))
  pixels.forEach((value, index) => {
    // Two's complement: signed and unsigned are written alike.
    if (bits === 8) view.setInt8(index, value)
    else if (bits === 16) view.setInt16(index * 2, value, little)
    else view.setInt32(index * 4, value, little)
  })
  return new Uint8Array(view.buffer)
}
