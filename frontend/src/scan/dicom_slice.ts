/** One slice of a DICOM series as a picture; null where the page has no decoder for it. */

import dicomParser from 'dicom-parser'

import { EXPLICIT_BIG_ENDIAN, NATIVE_SYNTAXES, type DicomPixels } from './dicom_header'
import type { DicomSlice } from './dicom_series'
import {
  fittedSize,
  nearestSamples,
  pngOf,
  shrunk,
  windowFor,
  type GreySlice,
  type GreyWindow,
} from './picture'
import { numberReader, type StoredType } from './stored_numbers'

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50'
const LARGEST_COMPRESSED_FILE = 64 * 2 ** 20

/** Pixels of a slice as a PNG with the proportions of its millimetres. */
export async function dicomThumbnail(slice: DicomSlice): Promise<Blob | null> {
  const { pixels, modality } = slice.header
  if (pixels === null) return null
  if (pixels.transferSyntax === JPEG_BASELINE) {
    const picture = await jpegOf(slice)
    return picture && shrunk(picture, sizeOf(slice, pixels))
  }
  const grey = await nativeSlice(slice)
  if (grey === null) return null
  const window = windowFor(grey.values, modality)
  return pngOf(grey, pixels.inverted && modality !== 'CT' ? inverted(window) : window)
}

/** MONOCHROME1 shows its lowest numbers white (PS3.3, C.7.6.3.1.2). */
const inverted = ({ low, high }: GreyWindow): GreyWindow => ({ low: high, high: low })

function sizeOf({ plane }: DicomSlice, { rows, columns }: DicomPixels) {
  const [rowMm, columnMm] = plane?.spacingMm ?? [1, 1]
  return fittedSize(columns * columnMm, rows * rowMm)
}

/** Rescaled values of an uncompressed slice. */
export async function nativeSlice(slice: DicomSlice): Promise<GreySlice | null> {
  const { header, file, frame } = slice
  const { pixels } = header
  if (pixels === null || !NATIVE_SYNTAXES.includes(pixels.transferSyntax)) return null
  const type = storedType(pixels)
  if (type === null) return null
  const { rows, columns, bitsAllocated } = pixels
  const frameBytes = (rows * columns * bitsAllocated) / 8
  const from = pixels.at + frame * frameBytes
  const stored =
    file instanceof Blob
      ? await file.slice(from, from + frameBytes).arrayBuffer()
      : (await file.arrayBuffer()).slice(from, from + frameBytes)
  if (stored.byteLength < frameBytes) return null
  const littleEndian = pixels.transferSyntax !== EXPLICIT_BIG_ENDIAN
  const read = numberReader(new Uint8Array(stored), type, littleEndian)
  const size = sizeOf(slice, pixels)
  const acrossColumns = nearestSamples(size.width, columns)
  const values = nearestSamples(size.height, rows).flatMap((row) =>
    acrossColumns.map((column) => {
      const value = withoutOverlays(read(row * columns + column), pixels)
      return value * pixels.slope + pixels.intercept
    }),
  )
  return { ...size, values: Float32Array.from(values) }
}

function storedType({ bitsAllocated, signed }: DicomPixels): StoredType | null {
  switch (bitsAllocated) {
    case 8:
      return signed ? 'int8' : 'uint8'
    case 16:
      return signed ? 'int16' : 'uint16'
    case 32:
      return signed ? 'int32' : 'uint32'
    default:
      return null
  }
}

/** Bits above those stored may hold drawings in old files; a sign lies at the highest stored. */
function withoutOverlays(value: number, { bitsStored, bitsAllocated, signed }: DicomPixels) {
  const unused = 32 - bitsStored
  if (bitsStored >= bitsAllocated) return value
  return signed ? (value << unused) >> unused : (value << unused) >>> unused
}

async function jpegOf({ file, frame }: DicomSlice): Promise<Blob | null> {
  if (file.size > LARGEST_COMPRESSED_FILE) return null
  const dataSet = dicomParser.parseDicom(new Uint8Array(await file.arrayBuffer()))
  const data = dataSet.elements['x7fe00010']
  if (data?.fragments === undefined) return null
  const table = data.basicOffsetTable ?? []
  const offsets = table.length > 0 ? table : dicomParser.createJPEGBasicOffsetTable(dataSet, data)
  const jpeg = dicomParser.readEncapsulatedImageFrame(dataSet, data, frame, offsets)
  return new Blob([Uint8Array.from(jpeg)], { type: 'image/jpeg' })
}
