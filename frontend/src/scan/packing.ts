/** A scan as the one file that is sent. */

import type { Candidate, PackedScan, Packing, ScanFile } from './candidate'
import { isGzip, startOf } from './file_bytes'
import { MAX_SCAN_BYTES } from './limits'
import { PackedTooLarge, UnreadableFile } from './packing_errors'
import { zipInWorker } from './zip_in_worker'

/**
 * Pack a scan; `packing` matters for a DICOM series alone.
 *
 * @param onShare called with the share done, 0 to 1; a conversion starts with a stretch of 0
 * @throws PackingError
 * @throws the signal's reason when it is aborted
 */
export async function packScan(
  candidate: Candidate,
  packing: Packing,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<PackedScan> {
  const packed = await pack(candidate, packing, onShare, signal)
  signal.throwIfAborted()
  if (packed.blob.size > MAX_SCAN_BYTES) throw new PackedTooLarge()
  return packed
}

async function pack(
  candidate: Candidate,
  packing: Packing,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<PackedScan> {
  const { kind, files, archive } = candidate
  const [file] = files
  if (file === undefined) throw new UnreadableFile()
  if (kind === 'zip') return { blob: await bytesOf(file), filename: 'scan.zip' }
  if (kind === 'nifti') {
    const blob = await bytesOf(file)
    const gzipped = isGzip(new Uint8Array(await blob.slice(0, 3).arrayBuffer()))
    return { blob, filename: gzipped ? 'scan.nii.gz' : 'scan.nii' }
  }
  if (packing === 'nifti') {
    // Loaded by those who choose it: a megabyte of WebAssembly.
    const { convertToNifti } = await import('./conversion')
    return { blob: await convertToNifti(candidate, onShare, signal), filename: 'scan.nii.gz' }
  }
  const blob = archive ?? (await zipInWorker(files, onShare, signal))
  return { blob, filename: 'scan.zip' }
}

/** Readable at its start at least: a file may be gone since it was chosen. */
async function bytesOf(file: ScanFile): Promise<Blob> {
  try {
    await startOf(file, 1)
    return file instanceof Blob ? file : await new Response(file.stream()).blob()
  } catch (error) {
    throw new UnreadableFile(undefined, { cause: error })
  }
}
