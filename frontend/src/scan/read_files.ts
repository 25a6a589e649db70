/** From chosen files to the scans that they hold; told by content, never by name. */

import type { Candidate, Refusal, ScanFile } from './candidate'
import { kindOf } from './content'
import { DeflatedDicom, DICOM_START_BYTES, readDicomHeader } from './dicom_header'
import { seriesCandidates, type DicomFile } from './dicom_series'
import { startOf } from './file_bytes'
import { inParallel } from './in_parallel'
import { niftiCandidate } from './nifti_candidate'
import { DamagedZip, listZip, type ZipListing } from './zip_directory'

export interface ReadProgress {
  readCount: number
  totalCount: number
}

export interface ReadOptions {
  /** Modalities that some task takes, such as `['CT', 'MR']`; all where it is left out. */
  modalities?: readonly string[]
  signal?: AbortSignal
  onProgress?: (progress: ReadProgress) => void
}

/** Disks answer several small reads at once faster than one after the other. */
const PARALLEL_READS = 8
/** So many reports of progress, however many files there are. */
const REPORTS = 100
/** bzip2 and LZMA: the API unpacks them, the page does not. */
const METHODS_OF_API = [12, 14]

/** What one file turned out to be. */
type Reading =
  | { is: 'dicom'; file: DicomFile }
  | { is: 'scan'; candidate: Candidate }
  | { is: 'archive'; file: File }
  | { is: 'broken'; file: ScanFile; refusal: Refusal }
  | { is: 'other'; file: ScanFile }

/**
 * Scans found, best first: those that can be sent, then by size. Files of other kinds are listed
 * only if there is nothing else. Empty if no file was given.
 *
 * @throws the signal's reason when it is aborted
 */
export async function readFiles(
  files: readonly File[],
  options: ReadOptions = {},
): Promise<Candidate[]> {
  const count = counter(options)
  const readings = await readEach(files, count, options)
  const found = candidatesOf(readings, options)
  for (const reading of readings) {
    if (reading.is === 'archive') found.push(...(await readArchive(reading.file, count, options)))
  }
  const others = readings.flatMap((reading) => (reading.is === 'other' ? reading.file : []))
  const shown = found.length > 0 || others.length === 0 ? found : [unusable(others)]
  return shown
    .sort((a, b) => Number(a.refusal !== null) - Number(b.refusal !== null) || bySize(a, b))
    .map((candidate, index) => ({ ...candidate, id: `scan-${index + 1}` }))
}

const bySize = (a: Candidate, b: Candidate) => b.sizeBytes - a.sizeBytes

interface Counter {
  expect: (count: number) => void
  read: () => void
}

function counter({ onProgress }: ReadOptions): Counter {
  let readCount = 0
  let totalCount = 0
  return {
    expect: (count) => (totalCount += count),
    read: () => {
      readCount += 1
      const every = Math.max(1, Math.floor(totalCount / REPORTS))
      if (readCount % every === 0 || readCount === totalCount) {
        onProgress?.({ readCount, totalCount })
      }
    },
  }
}

async function readEach(
  files: readonly ScanFile[],
  count: Counter,
  { signal }: ReadOptions,
): Promise<Reading[]> {
  count.expect(files.length)
  return inParallel(files, PARALLEL_READS, async (file) => {
    signal?.throwIfAborted()
    const reading = await read(file)
    count.read()
    return reading
  })
}

async function read(file: ScanFile): Promise<Reading> {
  try {
    const start = await startOf(file, DICOM_START_BYTES)
    switch (kindOf(start)) {
      case 'dicom':
        return { is: 'dicom', file: { file, header: await readDicomHeader(file, start) } }
      case 'zip':
        // An archive within an archive is not looked into: the API does not, either.
        return file instanceof File ? { is: 'archive', file } : { is: 'other', file }
      case 'nifti':
      case 'nifti_header':
      case 'gzip': {
        const candidate = await niftiCandidate(file, '')
        return candidate === null ? { is: 'other', file } : { is: 'scan', candidate }
      }
      case null:
        return { is: 'other', file }
    }
  } catch (error) {
    // Bytes of strangers fail in many ways; all of them mean the same here.
    const refusal = error instanceof DeflatedDicom ? 'unsupported' : 'damaged'
    return { is: 'broken', file, refusal }
  }
}

function candidatesOf(readings: readonly Reading[], { modalities }: ReadOptions): Candidate[] {
  const dicom = readings.flatMap((reading) => (reading.is === 'dicom' ? reading.file : []))
  const scans = readings.flatMap((reading) => (reading.is === 'scan' ? reading.candidate : []))
  const broken = (['damaged', 'unsupported'] as const).flatMap((refusal) => {
    const files = readings.flatMap((reading) =>
      reading.is === 'broken' && reading.refusal === refusal ? reading.file : [],
    )
    return files.length > 0 ? refused('dicom', files, refusal) : []
  })
  return [...scans, ...seriesCandidates(dicom, modalities ?? null), ...broken]
}

async function readArchive(
  archive: File,
  count: Counter,
  options: ReadOptions,
): Promise<Candidate[]> {
  let listing: ZipListing
  try {
    listing = await listZip(archive)
  } catch (error) {
    if (error instanceof DamagedZip) return [refused('zip', [archive], 'damaged')]
    throw error
  }
  if (listing.encrypted) return [refused('zip', [archive], 'encrypted')]
  if (listing.unknownMethods.length > 0) {
    const unpacked = listing.unknownMethods.every((method) => METHODS_OF_API.includes(method))
    return [refused('zip', [archive], unpacked ? null : 'unsupported')]
  }
  const found = candidatesOf(await readEach(listing.members, count, options), options)
  const [only] = found
  if (only === undefined) return [refused('zip', [archive], 'no_image')]
  if (found.length > 1 || only.kind !== 'dicom') return found
  return [{ ...only, archive, sizeBytes: archive.size }]
}

function unusable(files: readonly ScanFile[]): Candidate {
  const empty = files.every(({ size }) => size === 0)
  return refused('zip', files, empty ? 'empty' : 'not_a_scan')
}

function refused(
  kind: Candidate['kind'],
  files: readonly ScanFile[],
  refusal: Refusal | null,
): Candidate {
  return {
    id: '',
    kind,
    files,
    archive: null,
    sizeBytes: files.reduce((sum, { size }) => sum + size, 0),
    description: {
      title: files[0]?.name ?? '',
      modality: null,
      shape: null,
      spacingMm: null,
      sliceCount: null,
    },
    refusal,
    thumbnail: () => Promise.resolve(null),
  }
}
