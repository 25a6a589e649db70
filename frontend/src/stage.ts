/** Where a processing job is, in words. */

import type { Job, Waiting } from './api'

const STAGES: Record<string, string> = {
  queued: 'Waiting for the segmentation engine',
  loading: 'Reading the scan',
  segmenting: 'Segmenting',
  meshing: 'Making meshes',
  exporting: 'Writing files',
  publishing: 'Storing files',
}
/** The API counts no further. */
const MOST_AHEAD = 100

export function describeStage(
  job: Pick<Job, 'stage' | 'stageDetail' | 'eta_s' | 'waiting'>,
): string {
  if (job.waiting) return describeWaiting(job.waiting)
  const steps = job.stageDetail ? ` ${job.stageDetail.done}/${job.stageDetail.total}` : ''
  const left = job.eta_s === null ? '' : `, about ${Math.ceil(job.eta_s)} s left`
  return `${STAGES[job.stage ?? 'queued'] ?? job.stage}${steps}${left}`
}

function describeWaiting({ reason, jobsAhead, eta_s }: Waiting): string {
  if (reason === 'instance_starting') {
    if (eta_s === null) return 'The segmentation engine is starting'
    return `GPU starting, about ${Math.ceil(eta_s / 60)} min`
  }
  const jobs = jobsAhead === 1 ? '1 job' : `${jobsAhead} jobs`
  const count = jobsAhead >= MOST_AHEAD ? `at least ${jobs}` : jobs
  return `${STAGES['queued']}: ${count} ahead`
}
