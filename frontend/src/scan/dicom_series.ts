/** DICOM files grouped into series, each of which can be sent as one scan or says why not. */

import type { Candidate, Refusal, ScanFile } from './candidate'
import { NATIVE_SYNTAXES, type DicomHeader, type DicomPlane } from './dicom_header'
import { dicomThumbnail } from './dicom_slice'
import { MAX_FILES, MAX_SCAN_BYTES, MIN_VOXELS_PER_AXIS } from './limits'

/** A DICOM file, and what its header says. */
export interface DicomFile {
  file: ScanFile
  header: DicomHeader
}

/** The directory of a medium (PS3.10, section 8.6): it lists people and files, and is no image. */
const MEDIA_DIRECTORY = '1.2.840.10008.1.3.10'

/** Objects with pixels that are no scan: masks, doses, drawings on images, documents. */
const WITHOUT_INTENSITIES = new Set([
  'SEG',
  'RTDOSE',
  'RTIMAGE',
  'RTSTRUCT',
  'RTPLAN',
  'PR',
  'SR',
  'KO',
  'REG',
  'DOC',
])

/** RLE, and the JPEG, JPEG-LS and JPEG 2000 families: what the API decodes. */
const DECODED_BY_API = new Set([
  ...NATIVE_SYNTAXES,
  ...['5', '4.50', '4.51', '4.57', '4.70', '4.80', '4.81', '4.90', '4.91'].map(
    (end) => `1.2.840.10008.1.2.${end}`,
  ),
])

/** One slice: a file, or a frame of one. */
export interface DicomSlice extends DicomFile {
  frame: number
  plane: DicomPlane | null
}

/** One candidate a series. `modalities` are those that some task takes; null for all. */
export function seriesCandidates(
  files: readonly DicomFile[],
  modalities: readonly string[] | null,
): Candidate[] {
  const series = new Map<string, DicomFile[]>()
  for (const file of files) {
    const { seriesUid, modality, sopClass } = file.header
    if (sopClass === MEDIA_DIRECTORY) continue
    const key = `${seriesUid} ${modality}`
    const members = series.get(key)
    if (members === undefined) series.set(key, [file])
    else members.push(file)
  }
  return [...series].map(([key, members]) => candidateOf(key, onceEach(members), modalities))
}

/** A folder that was copied into itself holds each file twice. */
function onceEach(files: readonly DicomFile[]): DicomFile[] {
  const seen = new Map(files.map((file, n) => [file.header.sopInstanceUid || n, file]))
  return [...seen.values()]
}

function candidateOf(
  id: string,
  members: readonly DicomFile[],
  modalities: readonly string[] | null,
): Candidate {
  const scanned = members.filter(({ header }) => isIntensityImage(header) && !isLocalizer(header))
  const shown = scanned.length > 0 ? scanned : members
  const slices = inOrder(shown.flatMap(slicesOf))
  const first = shown[0]?.header
  const sizeBytes = shown.reduce((sum, { file }) => sum + file.size, 0)
  const middle = slices[Math.floor(slices.length / 2)]
  const plane = middle?.plane
  const pixels = middle?.header.pixels
  const gapMm = sliceDistanceMm(slices)
  return {
    id,
    kind: 'dicom',
    files: shown.map(({ file }) => file),
    archive: null,
    sizeBytes,
    description: {
      title: titleOf(shown),
      modality: first?.modality === '' ? null : (first?.modality ?? null),
      shape: pixels ? [pixels.columns, pixels.rows, slices.length] : null,
      spacingMm: plane && gapMm ? [plane.spacingMm[1], plane.spacingMm[0], gapMm] : null,
      sliceCount: slices.length,
    },
    refusal: refusalOf(members, slices, sizeBytes, modalities),
    thumbnail: () => (middle ? dicomThumbnail(middle) : Promise.resolve(null)),
  }
}

function titleOf(files: readonly DicomFile[]): string {
  const described = files.find(({ header }) => header.seriesDescription !== '')
  return described?.header.seriesDescription ?? files[0]?.file.name ?? ''
}

const isLocalizer = (header: DicomHeader) => header.imageTypes.includes('LOCALIZER')

const isIntensityImage = (header: DicomHeader) =>
  header.pixels !== null &&
  !WITHOUT_INTENSITIES.has(header.modality) &&
  header.samplesPerPixel === 1 &&
  header.photometric.startsWith('MONOCHROME')

function refusalOf(
  members: readonly DicomFile[],
  slices: readonly DicomSlice[],
  sizeBytes: number,
  modalities: readonly string[] | null,
): Refusal | null {
  const images = members.filter(({ header }) => isIntensityImage(header))
  const [image] = images
  if (image === undefined) return 'no_image'
  if (images.every(({ header }) => isLocalizer(header))) return 'localizer'
  const { modality } = image.header
  if (modality !== '' && modalities?.includes(modality) === false) return 'wrong_modality'
  if (slices.length < MIN_VOXELS_PER_AXIS) return 'too_few_slices'
  if (slices.some(({ plane }) => plane === null)) return 'no_geometry'
  if (slices.some(({ header }) => !isDecodable(header))) return 'unsupported'
  if (members.some(breaksOff)) return 'damaged'
  if (repeats(slices)) return 'time_series'
  return sizeBytes > MAX_SCAN_BYTES || members.length > MAX_FILES ? 'too_large' : null
}

const isDecodable = ({ pixels }: DicomHeader) => DECODED_BY_API.has(pixels?.transferSyntax ?? '')

/** Whether uncompressed pixels are fewer than the header says. */
function breaksOff({ file, header: { pixels, frameCount } }: DicomFile): boolean {
  if (pixels === null) return false
  if (!NATIVE_SYNTAXES.includes(pixels.transferSyntax)) return false
  const { at, rows, columns, bitsAllocated } = pixels
  return file.size < at + (rows * columns * frameCount * bitsAllocated) / 8
}

function slicesOf(file: DicomFile): DicomSlice[] {
  return Array.from({ length: file.header.frameCount }, (_, frame) => ({
    ...file,
    frame,
    plane: file.header.planes[frame] ?? null,
  }))
}

/** Along the normal of the first slice, in mm; null where a slice has no place. */
function positionsMm(slices: readonly DicomSlice[]): (number | null)[] {
  const reference = slices.find(({ plane }) => plane !== null)?.plane
  if (!reference) return slices.map(() => null)
  const [a, b, c] = reference.rowDirection
  const [d, e, f] = reference.columnDirection
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  return slices.map(
    ({ plane }) =>
      plane?.positionMm.reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0) ?? null,
  )
}

function inOrder(slices: readonly DicomSlice[]): DicomSlice[] {
  const along = new Map(positionsMm(slices).map((position, n) => [slices[n], position ?? 0]))
  return [...slices].sort((a, b) => (along.get(a) ?? 0) - (along.get(b) ?? 0))
}

/** Median distance of neighbours; null for less than two places. */
function sliceDistanceMm(ordered: readonly DicomSlice[]): number | null {
  const places = positionsMm(ordered).filter((position) => position !== null)
  const gaps = places
    .slice(1)
    .map((position, n) => Math.abs(position - (places[n] ?? position)))
    .filter((gap) => gap > SAME_PLACE_MM)
    .sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 2)] ?? null
}

const SAME_PLACE_MM = 0.001

/** Each place at least twice, by different images: phases of a heart, or of a contrast agent. */
function repeats(ordered: readonly DicomSlice[]): boolean {
  const counts = new Map<string, number>()
  for (const { plane, header } of ordered) {
    const directions = [...(plane?.rowDirection ?? []), ...(plane?.columnDirection ?? [])]
    const numbers = [...(plane?.positionMm ?? []), ...directions].map((value) => value.toFixed(3))
    const key = [...numbers, header.pixels?.rows, header.pixels?.columns].join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts.values()].every((count) => count > 1)
}
