/** From the two files of a preview to what the slices are drawn from; runs in a worker. */

import { gunzipped } from './gunzip'
import { halfFloats } from './half_float'
import { NotAPreview, readCt, readLabels, type Dims } from './nifti'

export interface PreparedVolume {
  readonly dims: Dims
  readonly affineRasMm: readonly number[]
  /** HU = slope · stored + intercept. */
  readonly stored: Int16Array<ArrayBuffer>
  readonly slope: number
  readonly intercept: number
  /** HU in half precision, for the texture. */
  readonly halves: Uint16Array<ArrayBuffer>
  readonly labels: Uint8Array<ArrayBuffer> | null
}

export async function prepareVolume(
  ctFile: ArrayBuffer,
  labelsFile: ArrayBuffer | null,
): Promise<PreparedVolume> {
  const { voxels, dims, affineRasMm, slope, intercept } = readCt(await gunzipped(ctFile))
  const labels = labelsFile === null ? null : readLabels(await gunzipped(labelsFile))
  if (labels !== null && labels.dims.join() !== dims.join()) {
    throw new NotAPreview(`label map of ${labels.dims.join('×')} over a scan of ${dims.join('×')}`)
  }
  const stored = voxels as Int16Array<ArrayBuffer> // its own copy of the bytes
  return {
    dims,
    affineRasMm,
    stored,
    slope,
    intercept,
    halves: halfFloats(stored, slope, intercept) as Uint16Array<ArrayBuffer>,
    labels: labels === null ? null : (labels.voxels as Uint8Array<ArrayBuffer>),
  }
}
