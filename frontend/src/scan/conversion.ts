/** A DICOM series to one NIfTI file in the page, so that no header leaves it. */

import { Dcm2niix } from '@niivue/dcm2niix'

import type { Candidate, ScanDescription, ScanFile } from './candidate'
import { HEAD_BYTES } from './content'
import { startOf } from './file_bytes'
import { parseNiftiHeader } from './nifti_header'
import { withoutTexts } from './nifti_texts'
import { ConversionFailed, OutOfMemory, SeveralVolumes, UnreadableFile } from './packing_errors'

/** The converter is 32-bit code with at most 2 GiB, and holds more than the voxels at a time. */
const LARGEST_SERIES_BYTES = 1.2 * 2 ** 30

/**
 * @returns a gzipped NIfTI file without free texts
 * @throws PackingError
 * @throws the signal's reason when it is aborted
 */
export async function convertToNifti(
  { files, description }: Pick<Candidate, 'files' | 'description'>,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  if (totalBytes > LARGEST_SERIES_BYTES) throw new OutOfMemory()
  const named = await Promise.all(files.map(numbered))
  signal.throwIfAborted()
  const volumes = (await convert(named, signal)).filter(({ name }) => name.endsWith('.nii'))
  const [volume] = volumes
  if (volume === undefined) throw new ConversionFailed()
  if (volumes.length > 1) throw new SeveralVolumes(volumes.length)
  if (!hasGridOf(await startOf(volume, HEAD_BYTES), description)) throw new ConversionFailed()
  return gzip(await withoutTexts(volume), onShare, signal)
}

/** Whatever rounds headers, a spacing of a hundredth more or less is another volume. */
const SPACING_TOLERANCE = 0.01

/**
 * Whether the volume has the grid that the positions of the slices make. The converter has been
 * seen to take 1 mm for the distance of slices where a multi-frame file gives positions alone.
 */
export function hasGridOf(
  head: Uint8Array<ArrayBuffer>,
  { shape, spacingMm }: Pick<ScanDescription, 'shape' | 'spacingMm'>,
): boolean {
  const converted = parseNiftiHeader(head)
  return [0, 1, 2].every((axis) => {
    const mm = spacingMm?.[axis] ?? Number.NaN
    const difference = Math.abs((converted.spacingMm[axis] ?? Number.NaN) - mm)
    return converted.shape[axis] === shape?.[axis] && difference <= SPACING_TOLERANCE * mm
  })
}

/** Neutral names: the converter sees no path. */
async function numbered(file: ScanFile, index: number): Promise<File> {
  const name = `${String(index + 1).padStart(6, '0')}.dcm`
  if (file instanceof File) return new File([file], name)
  try {
    return new File([await file.arrayBuffer()], name)
  } catch (error) {
    throw new UnreadableFile(undefined, { cause: error })
  }
}

async function convert(files: readonly File[], signal: AbortSignal): Promise<File[]> {
  const converter = new Dcm2niix()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    return await Promise.race([run(converter, files), aborted])
  } finally {
    converter.worker?.terminate()
  }
}

async function run(converter: Dcm2niix, files: readonly File[]): Promise<File[]> {
  try {
    await converter.init()
    return await converter.input(files).z('n').b('n').f('scan').run()
  } catch (error) {
    throw new ConversionFailed(undefined, { cause: error })
  }
}

async function gzip(
  volume: Blob,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  let readBytes = 0
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      readBytes += chunk.length
      onShare(readBytes / volume.size)
      controller.enqueue(chunk)
    },
  })
  const packed = volume
    .stream()
    .pipeThrough(counted, { signal })
    .pipeThrough(new CompressionStream('gzip'))
  return new Response(packed).blob()
}
