/** The API, as docs/openapi.json describes it. */

const API_URL: string = import.meta.env.VITE_API_URL ?? ''

export type JobStatus =
  | 'awaiting_upload'
  | 'uploaded'
  | 'processing'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'deleted'

export interface ApiErrorBody {
  code: string
  message: string
  hint: string
}

export interface Artifact {
  name: string
  size_bytes: number
  url: string
}

export interface Structure {
  name: string
  display_name: string
  body_system: string
  encloses: boolean
  color_rgb: [number, number, number]
  volume_ml: number
  mean_hu: number | null
  truncated: boolean
}

export interface Engine {
  name: string
  version: string
  limits: string
}

/** What a processing job waits for while no worker is at it. */
export interface Waiting {
  reason: 'instance_starting' | 'instance_busy'
  jobsAhead: number
  eta_s: number | null
}

export interface Job {
  jobId: string
  status: JobStatus
  filename: string
  stage: string | null
  progress: number | null
  stageDetail: { done: number; total: number } | null
  eta_s: number | null
  waiting: Waiting | null
  warnings: { code: string; message: string }[]
  error: ApiErrorBody | null
  engine: Engine | null
  structures: Structure[]
  artifacts: Artifact[]
}

export interface SignedPart {
  partNumber: number
  url: string
}

export interface SingleUpload {
  kind: 'single'
  url: string
  headers: Record<string, string>
}

export interface MultipartUpload {
  kind: 'multipart'
  part_size_bytes: number
  part_count: number
  parts: SignedPart[]
}

export interface UploadTicket {
  jobId: string
  upload: SingleUpload | MultipartUpload
}

/** An error that the API named. */
export class ApiError extends Error {
  constructor(readonly body: ApiErrorBody) {
    super(`${body.message} ${body.hint}`)
  }
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${API_URL}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const content = await answer.json()
  if (!answer.ok) throw new ApiError(content.error)
  return content
}

export function startUpload(filename: string, size: number, userId: string): Promise<UploadTicket> {
  return call('POST', '/upload', { filename, size, userId })
}

export async function signParts(jobId: string, partNumbers: number[]): Promise<SignedPart[]> {
  return (await call<{ parts: SignedPart[] }>('POST', `/upload/${jobId}/parts`, { partNumbers }))
    .parts
}

export function completeUpload(jobId: string): Promise<unknown> {
  return call('POST', `/upload/${jobId}/complete`)
}

export function process(jobId: string): Promise<unknown> {
  return call('POST', '/process/totalseg', { jobId, device: 'auto' })
}

export async function getJob(jobId: string): Promise<Job> {
  return (await call<{ job: Job }>('GET', `/jobs/${jobId}`)).job
}

export function cancelJob(jobId: string): Promise<unknown> {
  return call('POST', `/jobs/${jobId}/cancel`)
}
