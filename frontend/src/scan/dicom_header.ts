/** The header of one DICOM file, read up to its pixels; no tag that names a person. */

import dicomParser, { type DataSet, type Element } from 'dicom-parser'

import type { ScanFile } from './candidate'
import { startOf } from './file_bytes'

type Vec3 = readonly [number, number, number]

/** How the pixels of a file are stored (PS3.3, C.7.6.3). */
export interface DicomPixels {
  transferSyntax: string
  rows: number
  columns: number
  bitsAllocated: number
  bitsStored: number
  signed: boolean
  inverted: boolean
  slope: number
  intercept: number
  /** Where the pixel data starts. */
  at: number
}

/** Where a slice lies, in LPS mm: the frame of DICOM. */
export interface DicomPlane {
  positionMm: Vec3
  rowDirection: Vec3
  columnDirection: Vec3
  /** Distance of rows, then of columns. */
  spacingMm: readonly [number, number]
}

export interface DicomHeader {
  sopInstanceUid: string
  sopClass: string
  seriesUid: string
  seriesDescription: string
  seriesNumber: string
  modality: string
  imageTypes: readonly string[]
  samplesPerPixel: number
  photometric: string
  frameCount: number
  pixels: DicomPixels | null
  /** Of each frame; null where its tags are missing or invalid. */
  planes: readonly (DicomPlane | null)[]
}

const PIXEL_DATA = 'x7fe00010'
/** Most headers end within this. */
export const DICOM_START_BYTES = 32 * 2 ** 10
/** Private tags and functional groups of frames need more. */
const TRIED_BYTES = [DICOM_START_BYTES, 512 * 2 ** 10, 4 * 2 ** 20, 64 * 2 ** 20]

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2'
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2'
export const NATIVE_SYNTAXES: readonly string[] = [
  IMPLICIT_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
]
const DEFLATED = '1.2.840.10008.1.2.1.99'

/** The file holds less than it says, or something else. */
export class DamagedDicom extends Error {}
/** All of it is deflated: nothing can be told. */
export class DeflatedDicom extends Error {}

/**
 * @param start the file's first DICOM_START_BYTES
 * @throws DamagedDicom, DeflatedDicom
 */
export async function readDicomHeader(
  file: ScanFile,
  start: Uint8Array<ArrayBuffer>,
): Promise<DicomHeader> {
  let failure: unknown
  for (const count of TRIED_BYTES) {
    const bytes = count === DICOM_START_BYTES ? start : await startOf(file, count)
    try {
      const dataSet = parse(bytes)
      if (isWhole(dataSet, bytes.length < count)) return headerOf(dataSet)
    } catch (error) {
      if (error instanceof DeflatedDicom) throw error
      failure = error
    }
    if (bytes.length < count) break
  }
  throw new DamagedDicom('The DICOM file breaks off within its header.', { cause: failure })
}

/** The parser takes what it finds at the end of the bytes for the end of the file. */
const isWhole = (dataSet: DataSet, isWholeFile: boolean) =>
  isWholeFile || dataSet.elements[PIXEL_DATA] !== undefined

function parse(bytes: Uint8Array): DataSet {
  const isPart10 = String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM'
  if (!isPart10) return parseOldExport(bytes)
  if (transferSyntaxOf(bytes) === DEFLATED) throw new DeflatedDicom()
  return dicomParser.parseDicom(bytes, { untilTag: PIXEL_DATA })
}

/** By the file meta information alone, which is never deflated; null if it does not say. */
function transferSyntaxOf(bytes: Uint8Array): string | null {
  // 128 free bytes, DICM, then a first element of 12 bytes that holds the length of the others.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 144 + (bytes.length >= 144 ? view.getUint32(140, true) : 0)
  return dicomParser.readPart10Header(bytes.subarray(0, end)).string('x00020010') ?? null
}

/** Without the 128 bytes and the file meta information that later files have. */
function parseOldExport(bytes: Uint8Array): DataSet {
  const valueType = String.fromCharCode(...bytes.subarray(4, 6))
  const TransferSyntaxUID = /^[A-Z]{2}$/.test(valueType)
    ? EXPLICIT_LITTLE_ENDIAN
    : IMPLICIT_LITTLE_ENDIAN
  return dicomParser.parseDicom(bytes, { TransferSyntaxUID, untilTag: PIXEL_DATA })
}

function headerOf(dataSet: DataSet): DicomHeader {
  const frameCount = Math.max(1, dataSet.intString('x00280008') ?? 1)
  return {
    sopInstanceUid: dataSet.string('x00080018') ?? '',
    sopClass: dataSet.string('x00080016') ?? dataSet.string('x00020002') ?? '',
    seriesUid: dataSet.string('x0020000e') ?? '',
    seriesDescription: textOf(dataSet, 'x0008103e'),
    seriesNumber: dataSet.string('x00200011') ?? '',
    modality: dataSet.string('x00080060') ?? '',
    imageTypes: (dataSet.string('x00080008') ?? '').split('\\'),
    samplesPerPixel: dataSet.uint16('x00280002') ?? 1,
    photometric: dataSet.string('x00280004') ?? 'MONOCHROME2',
    frameCount,
    pixels: pixelsOf(dataSet),
    planes: groupsOfFrames(dataSet, frameCount).map(planeOf),
  }
}

function pixelsOf(dataSet: DataSet): DicomPixels | null {
  const data = dataSet.elements[PIXEL_DATA]
  const rows = dataSet.uint16('x00280010') ?? 0
  const columns = dataSet.uint16('x00280011') ?? 0
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0
  if (data === undefined || rows * columns * bitsAllocated === 0) return null
  const [groups = [dataSet]] = groupsOfFrames(dataSet, 1)
  const rescale = (tag: string) => numbers(groups, 'x00289145', tag)[0]
  return {
    transferSyntax: dataSet.string('x00020010') ?? IMPLICIT_LITTLE_ENDIAN,
    rows,
    columns,
    bitsAllocated,
    bitsStored: dataSet.uint16('x00280101') ?? bitsAllocated,
    signed: dataSet.uint16('x00280103') === 1,
    inverted: dataSet.string('x00280004') === 'MONOCHROME1',
    slope: rescale('x00281053') ?? 1,
    intercept: rescale('x00281052') ?? 0,
    at: data.dataOffset,
  }
}

/**
 * For each frame the datasets in which to look for a tag, nearest first: functional groups of the
 * frame, then those shared by all (PS3.3, C.7.6.16), then the file's own.
 */
function groupsOfFrames(dataSet: DataSet, frameCount: number): DataSet[][] {
  const shared = itemsOf(dataSet.elements['x52009229']).slice(0, 1)
  const perFrame = itemsOf(dataSet.elements['x52009230'])
  if (perFrame.length > 0) return perFrame.map((groups) => [groups, ...shared, dataSet])
  // A film without a place for each frame has none.
  return frameCount === 1 ? [[...shared, dataSet]] : []
}

const itemsOf = (sequence: Element | undefined): DataSet[] =>
  (sequence?.items ?? []).flatMap((item) => item.dataSet ?? [])

/** A tag's numbers in the nearest functional group that has it, or in the file's own tags. */
function numbers(groups: readonly DataSet[], sequence: string, tag: string): number[] {
  for (const group of groups) {
    for (const holder of [...itemsOf(group.elements[sequence]).slice(0, 1), group]) {
      const value = holder.string(tag)
      if (value !== undefined && value !== '') return value.split('\\').map(Number)
    }
  }
  return []
}

function planeOf(groups: readonly DataSet[]): DicomPlane | null {
  const position = numbers(groups, 'x00209113', 'x00200032')
  const orientation = numbers(groups, 'x00209116', 'x00200037')
  const [rowMm, columnMm] = numbers(groups, 'x00289110', 'x00280030')
  const positionMm = vector(position)
  const rowDirection = vector(orientation.slice(0, 3))
  const columnDirection = vector(orientation.slice(3))
  if (positionMm === null || rowDirection === null || columnDirection === null) return null
  if (rowMm === undefined || columnMm === undefined || !(rowMm > 0) || !(columnMm > 0)) return null
  return { positionMm, rowDirection, columnDirection, spacingMm: [rowMm, columnMm] }
}

function vector(values: readonly number[]): Vec3 | null {
  const [x, y, z] = values
  if (values.length !== 3 || !values.every(Number.isFinite)) return null
  return x === undefined || y === undefined || z === undefined ? null : [x, y, z]
}

/** Encodings of Specific Character Set (PS3.3, C.12.1.1.2) that scanners use without escapes. */
const ENCODINGS: Record<string, string> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  GB18030: 'gb18030',
  GBK: 'gbk',
}

function textOf(dataSet: DataSet, tag: string): string {
  const element = dataSet.elements[tag]
  if (element === undefined) return ''
  const charset = dataSet.string('x00080005')?.split('\\')[0] ?? ''
  const bytes = dataSet.byteArray.slice(element.dataOffset, element.dataOffset + element.length)
  const text = new TextDecoder(ENCODINGS[charset] ?? 'latin1').decode(bytes)
  return text.replaceAll('\0', '').trim()
}
