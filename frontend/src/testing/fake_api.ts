/** The API in memory, as its contract has it: tests move its jobs on. */

import type { Api, ProcessOptions } from '../api/client'
import { ApiError } from '../api/errors'
import type { Job, JobSummary, ScanOptions, Task } from '../api/types'

export interface FakeApi extends Api {
  readonly stored: Map<string, Job>
  /** Calls in their order, as `method jobId`. */
  readonly calls: string[]
  tasksOffered: Task[]
  /** The next call of this method fails. */
  failNext: (method: keyof Api, error: Error) => void
  /** What a worker, or time, does to a job. */
  change: (jobId: string, part: Partial<Job>) => void
  /** A job whose scan has arrived, or one that is further on. */
  add: (part?: Partial<Job>) => Job
}

const PAGE = 20

export function someJob(part: Partial<Job> = {}): Job {
  return {
    jobId: 'abc123def456',
    status: 'uploaded',
    filename: 'scan.nii.gz',
    size_bytes: 1_234_567,
    createdAt: '2026-03-04T05:06:07Z',
    updatedAt: '2026-03-04T05:06:07Z',
    options: null,
    stage: null,
    progress: null,
    stageDetail: null,
    eta_s: null,
    thumbnail_url: null,
    warnings: [],
    error: null,
    attempt: 0,
    waiting: null,
    inspection: null,
    engine: null,
    timings_s: {},
    cost: null,
    structures: [],
    artifacts: [],
    ...part,
  }
}

export function apiError(status: number, code: string, retryAfterSeconds: number | null = null) {
  return new ApiError(status, { code, message: `${code}.`, hint: 'Do this.' }, retryAfterSeconds)
}

export function createFakeApi(): FakeApi {
  const stored = new Map<string, Job>()
  const calls: string[] = []
  const failures = new Map<keyof Api, Error[]>()
  let made = 0

  const called = (method: keyof Api, of = '') => {
    calls.push(of === '' ? method : `${method} ${of}`)
    const failure = failures.get(method)?.shift()
    if (failure !== undefined) throw failure
  }
  const find = (jobId: string): Job => {
    const job = stored.get(jobId)
    if (job === undefined) throw apiError(404, 'job_not_found')
    if (job.status === 'deleted') throw apiError(410, 'job_deleted')
    return job
  }
  const put = (job: Job): Job => {
    stored.set(job.jobId, job)
    return job
  }
  const newId = () => `job${String(++made).padStart(9, '0')}`
  /** Like the API, every call answers later, never at once. */
  const answer = async <Answer>(give: () => Answer): Promise<Answer> => {
    await Promise.resolve()
    return give()
  }

  const api: FakeApi = {
    stored,
    calls,
    tasksOffered: [],
    failNext: (method, error) => failures.set(method, [...(failures.get(method) ?? []), error]),
    change: (jobId, part) => put({ ...find(jobId), ...part }),
    add: (part) => put(someJob({ jobId: newId(), ...part })),

    tasks: () =>
      answer(() => {
        called('tasks')
        return { ok: true, engine: 'totalsegmentator', tasks: api.tasksOffered }
      }),
    startUpload: ({ filename, size }) =>
      answer(() => {
        called('startUpload')
        const job = put(
          someJob({ jobId: newId(), status: 'awaiting_upload', filename, size_bytes: size }),
        )
        return {
          ok: true,
          jobId: job.jobId,
          upload: {
            kind: 'single',
            method: 'PUT',
            url: `https://bucket.example/${job.jobId}`,
            headers: {},
            expires_s: 3600,
          },
        }
      }),
    reuseScan: (fromJobId) =>
      answer(() => {
        called('reuseScan', fromJobId)
        const { filename, size_bytes } = find(fromJobId)
        return put(someJob({ jobId: newId(), filename, size_bytes })).jobId
      }),
    uploadState: (jobId) =>
      answer(() => {
        called('uploadState', jobId)
        const { status } = find(jobId)
        return {
          ok: true,
          jobId,
          status,
          kind: 'single',
          part_size_bytes: null,
          part_count: null,
          parts: [],
        }
      }),
    signParts: (jobId, partNumbers) =>
      answer(() => {
        called('signParts', jobId)
        return partNumbers.map((partNumber) => ({
          partNumber,
          url: `https://bucket.example/${jobId}?partNumber=${partNumber}`,
        }))
      }),
    completeUpload: (jobId) =>
      answer(() => {
        called('completeUpload', jobId)
        put({ ...find(jobId), status: 'uploaded' })
      }),
    process: ({ jobId, ...request }) =>
      answer(() => {
        called('process', jobId)
        const job = find(jobId)
        const options = optionsOf(request)
        if (job.options !== null) {
          if (JSON.stringify(job.options) === JSON.stringify(options)) return
          throw apiError(409, 'already_processed')
        }
        if (job.status === 'awaiting_upload') throw apiError(409, 'not_uploaded')
        if (job.status !== 'uploaded') throw apiError(409, 'job_conflict')
        put({ ...job, status: 'processing', options, attempt: 1, stage: 'queued', progress: 0 })
      }),
    job: (jobId, signal) =>
      answer(() => {
        called('job', jobId)
        signal?.throwIfAborted()
        return find(jobId)
      }),
    jobs: (_userId, cursor) =>
      answer(() => {
        called('jobs', cursor)
        const all = [...stored.values()].filter(({ status }) => status !== 'deleted').reverse()
        const from = cursor === undefined ? 0 : Number(cursor)
        const next = from + PAGE
        const jobs: JobSummary[] = all.slice(from, next)
        return { ok: true, jobs, cursor: next < all.length ? String(next) : null }
      }),
    cancel: (jobId) =>
      answer(() => {
        called('cancel', jobId)
        const job = find(jobId)
        if (job.status === 'cancelled') return
        if (job.status !== 'processing') throw apiError(409, 'job_conflict')
        put({ ...job, status: 'cancelled' })
      }),
    remove: (jobId) =>
      answer(() => {
        called('remove', jobId)
        const { artifacts } = find(jobId)
        put(someJob({ jobId, status: 'deleted', filename: '' }))
        return {
          ok: true,
          jobId,
          status: 'deleted',
          deletedObjects: artifacts.length + 1,
          remainingObjects: 0,
        }
      }),
  }
  return api
}

/** With the API's defaults for what was left out. */
function optionsOf(request: Omit<ProcessOptions, 'jobId'>): ScanOptions {
  return {
    task: request.task ?? 'total',
    device: request.device ?? 'gpu',
    fast: request.fast ?? true,
    roi_subset: request.roi_subset ?? null,
    reduction_percent: request.reduction_percent ?? 90,
    formats: (request.formats ?? ['glb', 'obj', 'stl', 'zip']) as ScanOptions['formats'],
  }
}
