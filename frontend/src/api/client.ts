/** Calls of the API; one function a route, named after what it does. */

import { ApiError, NetworkError, UnexpectedAnswer } from './errors'
import type {
  ApiErrorBody,
  Deletion,
  Job,
  JobsPage,
  ProcessRequest,
  SignedPart,
  Tasks,
  UploadState,
  UploadTicket,
} from './types'

const API_URL = (import.meta.env['VITE_API_URL'] as string | undefined) ?? ''

/** What the page asks of the API; tests put a fake in its place. */
export interface Api {
  tasks: (signal?: AbortSignal) => Promise<Tasks>
  startUpload: (scan: { filename: string; size: number; userId: string }) => Promise<UploadTicket>
  /** A new job on the scan of another one. */
  reuseScan: (fromJobId: string, userId: string) => Promise<string>
  uploadState: (jobId: string) => Promise<UploadState>
  signParts: (jobId: string, partNumbers: readonly number[]) => Promise<SignedPart[]>
  completeUpload: (jobId: string) => Promise<void>
  process: (request: ProcessOptions) => Promise<void>
  job: (jobId: string, signal?: AbortSignal) => Promise<Job>
  jobs: (userId: string, cursor?: string) => Promise<JobsPage>
  cancel: (jobId: string) => Promise<void>
  remove: (jobId: string) => Promise<Deletion>
}

/** A process request in which what has a default may be left out. */
export type ProcessOptions = Pick<ProcessRequest, 'jobId'> & Partial<ProcessRequest>

/** The API over HTTP. */
export const httpApi: Api = {
  tasks: (signal) => call('GET', '/tasks', { signal }),
  startUpload: (scan) => call('POST', '/upload', { body: scan }),
  reuseScan: async (fromJobId, userId) =>
    (await call<{ jobId: string }>('POST', '/upload', { body: { fromJobId, userId } })).jobId,
  uploadState: (jobId) => call('GET', `/upload/${jobId}`),
  signParts: async (jobId, partNumbers) =>
    (
      await call<{ parts: SignedPart[] }>('POST', `/upload/${jobId}/parts`, {
        body: { partNumbers },
      })
    ).parts,
  completeUpload: (jobId) => call('POST', `/upload/${jobId}/complete`),
  process: (request) => call('POST', '/process/totalseg', { body: request }),
  job: async (jobId, signal) => (await call<{ job: Job }>('GET', `/jobs/${jobId}`, { signal })).job,
  jobs: (userId, cursor) => {
    const query = new URLSearchParams({ userId, ...(cursor === undefined ? {} : { cursor }) })
    return call('GET', `/jobs?${query.toString()}`)
  },
  cancel: (jobId) => call('POST', `/jobs/${jobId}/cancel`),
  remove: (jobId) => call('DELETE', `/jobs/${jobId}`),
}

interface CallOptions {
  body?: unknown
  signal?: AbortSignal | undefined
}

async function call<Answer>(method: string, path: string, options: CallOptions = {}) {
  const { body, signal } = options
  let answer: Response
  try {
    answer = await fetch(`${API_URL}${path}`, {
      method,
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new NetworkError({ cause: error })
  }
  const content = await readJson(answer)
  if (answer.ok) return content as Answer
  const retryAfter = Number(answer.headers.get('Retry-After'))
  const named = (content as { error?: ApiErrorBody }).error
  if (named === undefined) throw new UnexpectedAnswer(answer.status)
  throw new ApiError(answer.status, named, retryAfter > 0 ? retryAfter : null)
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json()
  } catch (error) {
    throw new UnexpectedAnswer(answer.status, { cause: error })
  }
}
