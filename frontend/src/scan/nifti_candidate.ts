/** A NIfTI file as something that can be sent. */

import type { Candidate, Refusal, ScanFile } from './candidate'
import { HEAD_BYTES, niftiKindOf } from './content'
import { gunzipped, isGzip, startOf, startOfStream } from './file_bytes'
import { MAX_SCAN_BYTES, MIN_VOXELS_PER_AXIS } from './limits'
import { parseNiftiHeader, type NiftiHeader } from './nifti_header'
import { middleAxialSlice, STORED_TYPES } from './nifti_slice'
import { pngOf, windowFor } from './picture'

/** Deflate cannot expand more than this (zlib's technical notes: 1032:1). */
const GZIP_MAX_RATIO = 1032

/** 64-bit whole numbers: the API reads them, the page makes no picture of them. */
const INT64_TYPES = [1024, 1280]

/** Null if the file, perhaps after gzip, is no NIfTI. */
export async function niftiCandidate(file: ScanFile, id: string): Promise<Candidate | null> {
  const start = await startOf(file, HEAD_BYTES)
  const gzipped = isGzip(start)
  let head = start
  try {
    if (gzipped) head = await startOfStream(gunzipped(file), HEAD_BYTES)
  } catch {
    return candidateOf(file, id, null, 'damaged')
  }
  const kind = niftiKindOf(head)
  if (kind === null) return null
  if (kind === 'nifti_header') return candidateOf(file, id, null, 'two_files')
  let header: NiftiHeader
  try {
    header = parseNiftiHeader(head)
  } catch {
    return candidateOf(file, id, null, 'damaged')
  }
  return candidateOf(file, id, header, refusalOf(file, header, gzipped))
}

function refusalOf(file: ScanFile, header: NiftiHeader, gzipped: boolean): Refusal | null {
  const { shape, datatype } = header
  if (!STORED_TYPES.has(datatype) && !INT64_TYPES.includes(datatype)) return 'no_image'
  if (shape.length > 3) return 'time_series'
  if (shape.length < 3 || Math.min(...shape) < MIN_VOXELS_PER_AXIS) return 'too_few_slices'
  if (!header.spacingMm.every((mm) => Number.isFinite(mm) && mm > 0)) return 'no_geometry'
  const voxelBytes = shape.reduce((product, count) => product * count, header.bytesPerVoxel)
  const atMost = file.size * (gzipped ? GZIP_MAX_RATIO : 1)
  if (atMost < header.voxelsAt + voxelBytes) return 'damaged'
  return file.size > MAX_SCAN_BYTES ? 'too_large' : null
}

function candidateOf(
  file: ScanFile,
  id: string,
  header: NiftiHeader | null,
  refusal: Refusal | null,
): Candidate {
  return {
    id,
    kind: 'nifti',
    files: [file],
    archive: null,
    sizeBytes: file.size,
    description: {
      title: file.name,
      modality: null, // NIfTI does not say
      shape: header?.shape ?? null,
      spacingMm: header?.spacingMm ?? null,
      sliceCount: null,
    },
    refusal,
    thumbnail: async () => {
      const picturable = header !== null && header.shape.length >= 2 && refusal !== 'damaged'
      const slice = picturable ? await middleAxialSlice(file, header) : null
      return slice && pngOf(slice, windowFor(slice.values, null))
    },
  }
}
