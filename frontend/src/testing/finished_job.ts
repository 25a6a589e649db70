/** A finished job as the API gives it, with made-up numbers for the structures of a task. */

import type { Artifact, Job, Structure, TaskStructure } from '../api/types'

const WITHOUT_MESH = 'gallbladder'

/** Each number is of a size that its place in the list gives, so that all of them differ. */
export function foundStructure(of: TaskStructure, index: number): Structure {
  const volumeMl = Number((((index * 7919) % 1600) + 0.4321 * (index + 1)).toFixed(3))
  const triangles = 400 + index * 97
  return {
    ...of,
    voxels: Math.round(volumeMl * 296),
    volume_ml: volumeMl,
    mean_hu: ((index * 37) % 400) - 100.25,
    sd_hu: 12.5 + index,
    truncated: index % 7 === 3,
    centroid_ras_mm: [index, -index, 2 * index],
    mesh:
      of.name === WITHOUT_MESH
        ? null
        : {
            triangles,
            triangles_before: triangles * 10,
            watertight: true,
            volume_ml: volumeMl,
            surface_cm2: Number((volumeMl ** (2 / 3) * 6).toFixed(2)),
            volume_difference_percent: -0.04,
            deviation_p95_mm: 0.12 + index / 1000,
            deviation_max_mm: 0.48 + index / 1000,
            centroid_difference_mm: 0.03,
            same_side: index % 5 === 4 ? null : true,
          },
  }
}

/** A presigned URL as S3 signs it: the time of signing and the lifetime are in it. */
export function presignedUrl(name: string, signedAt: Date, lifetimeS = 3600): string {
  const date = signedAt.toISOString().replace(/[-:]|\.\d+/g, '')
  const query = new URLSearchParams({
    'X-Amz-Date': date,
    'X-Amz-Expires': String(lifetimeS),
    'X-Amz-Signature': 'ab12',
  })
  return `https://bucket.example/jobs/abc123def456/artifacts/${name}?${query.toString()}`
}

export function artifact(name: string, sizeBytes: number, signedAt: Date): Artifact {
  return {
    name,
    content_type: 'application/octet-stream',
    content_encoding: null,
    size_bytes: sizeBytes,
    sha256: name.length.toString(16).padStart(64, '0'),
    url: presignedUrl(name, signedAt),
  }
}

export function finishedJob(
  taskStructures: readonly TaskStructure[],
  { signedAt = new Date(), ...changes }: Partial<Job> & { signedAt?: Date } = {},
): Job {
  const structures = taskStructures.map(foundStructure)
  const meshed = structures.filter(({ mesh }) => mesh !== null)
  return {
    jobId: 'abc123def456',
    status: 'completed',
    filename: 'scan.nii.gz',
    size_bytes: 188_416_000,
    createdAt: '2026-03-02T09:30:00.000+00:00',
    updatedAt: '2026-03-02T09:36:10.000+00:00',
    options: {
      task: 'total',
      device: 'gpu',
      fast: true,
      roi_subset: null,
      reduction_percent: 90,
      formats: ['glb', 'obj', 'stl', 'zip'],
    },
    stage: null,
    progress: 1,
    stageDetail: null,
    eta_s: null,
    thumbnail_url: null,
    waiting: null,
    warnings: [
      { code: 'gantry_tilt', message: 'The slices are tilted by 12.0 degrees.' },
      {
        code: 'mesh_missing',
        message: 'Gallbladder: no mesh could be made of 3 voxels.',
      },
    ],
    error: null,
    attempt: 1,
    inspection: {
      accepted: true,
      file_format: 'nifti',
      modality: 'CT',
      geometry: {
        shape: [512, 512, 431],
        affine_ras_mm: [
          [-0.78, 0, 0, 200],
          [0, -0.78, 0, 200],
          [0, 0, 1.5, -300],
          [0, 0, 0, 1],
        ],
        spacing_mm: [0.78, 0.78, 1.5],
        orientation: 'LPS',
        orientation_trusted: true,
      },
      series_count: null,
      file_sha256: null,
      failure: null,
    },
    engine: {
      name: 'totalsegmentator',
      version: '2.18.0',
      device: 'cuda',
      models: ['Dataset297_TotalSegmentator_total_3mm_1559subj (sha256 9f2c…)'],
      limits:
        'Found by neural networks trained on routine clinical scans of adults. A research tool, ' +
        'not a medical device: every structure needs a look before anything is decided by it. ' +
        'Coarse model: thin and small structures are approximate.',
    },
    timings_s: { loading: 6.2, segmenting: 41.7, meshing: 88.3, exporting: 12.4, publishing: 9.1 },
    cost: {
      usd: 0.049_38,
      cold_start_usd: 0.081,
      instance_type: 'ml.g6.xlarge',
      basis: 'Measured seconds on the instance; prices of us-east-1, 2026-01-15.',
    },
    structures,
    artifacts: [
      artifact('segmentation.nii.gz', 1_230_000, signedAt),
      artifact('statistics.json', 61_000, signedAt),
      artifact('statistics.csv', 20_000, signedAt),
      artifact('preview.png', 640_000, signedAt),
      artifact('model.glb', 6_700_000, signedAt),
      artifact('model.web.glb', 1_410_000, signedAt),
      artifact('model.obj', 15_000_000, signedAt),
      artifact('model.mtl', 8100, signedAt),
      ...meshed.map(({ name }, index) => artifact(`${name}.obj`, 12_000 + index * 7000, signedAt)),
      ...meshed.map(({ name }, index) => artifact(`${name}.stl`, 23_000 + index * 9000, signedAt)),
      artifact('bundle.zip', 21_500_000, signedAt),
      artifact('manifest.json', 94_000, signedAt),
    ],
    ...changes,
  }
}
