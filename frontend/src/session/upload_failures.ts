/** What failures of an upload mean for going on with it. */

import { ApiError } from '../api/errors'
import { PutRefused } from './put'

/** S3's answer to an expired or wrong signature. */
export const FORBIDDEN = 403

/** The signature of a URL has expired, or is wrong. */
export const isForbidden = (error: unknown) =>
  error instanceof PutRefused && error.status === FORBIDDEN

/** The job is unknown, deleted, or was open for too long. */
export const isGone = (error: unknown) =>
  error instanceof ApiError &&
  ['job_not_found', 'job_deleted', 'upload_expired', 'job_conflict'].includes(error.code)

/** Whether completing an upload failed by what has not arrived, or a URL by its age. */
export function canBeSentAgain(error: unknown, kind: 'single' | 'multipart'): boolean {
  if (kind === 'multipart') return error instanceof ApiError && error.code === 'parts_missing'
  return isForbidden(error) || (error instanceof ApiError && error.code === 'scan_not_found')
}
