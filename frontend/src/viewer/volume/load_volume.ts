/** A job's previews, downloaded and unpacked. */

import type { Artifact } from '../../api/types'
import { download } from '../download'
import type { PreparedVolume } from './prepare'
import { Volume } from './volume'
import type { WorkerAnswer, WorkerTask } from './volume.worker'

export const CT_PREVIEW = 'ct_preview.nii.gz'
export const LABELS_PREVIEW = 'segmentation_preview.nii.gz'

export interface VolumeFiles {
  readonly ct: Artifact
  readonly labels: Artifact | null
}

/** The files that slices are drawn from; null for a result that was made without them. */
export function volumeFiles(artifacts: readonly Artifact[]): VolumeFiles | null {
  const ct = artifacts.find(({ name }) => name === CT_PREVIEW)
  if (ct === undefined) return null
  return { ct, labels: artifacts.find(({ name }) => name === LABELS_PREVIEW) ?? null }
}

export async function loadVolume(
  { ct, labels }: VolumeFiles,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Volume> {
  const total = ct.size_bytes + (labels?.size_bytes ?? 0)
  const shares = { ct: 0, labels: 0 }
  const fetched = (artifact: Artifact, part: keyof typeof shares) =>
    download(artifact.url, {
      signal,
      sizeBytes: artifact.size_bytes,
      onProgress: (share) => {
        shares[part] = share * artifact.size_bytes
        if (total > 0) onProgress((shares.ct + shares.labels) / total)
      },
    })
  const [ctFile, labelsFile] = await Promise.all([
    fetched(ct, 'ct'),
    labels === null ? null : fetched(labels, 'labels'),
  ])
  return new Volume(await unpacked({ ct: ctFile, labels: labelsFile }, signal))
}

function unpacked(task: WorkerTask, signal: AbortSignal): Promise<PreparedVolume> {
  const worker = new Worker(new URL('./volume.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<PreparedVolume>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) =>
      'volume' in data ? resolve(data.volume) : reject(new Error(data.failure))
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage(task, [task.ct, ...(task.labels === null ? [] : [task.labels])])
  }).finally(() => worker.terminate())
}
