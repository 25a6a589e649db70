/** Following a job until it is over. */

import { getJob, type Job } from './api'

const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 15_000
const OVER: readonly string[] = ['completed', 'failed', 'cancelled', 'deleted']

/** Report the job now and whenever it moves on; resolves with its last state. */
export async function followJob(
  jobId: string,
  onJob: (job: Job) => void,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<Job> {
  let delay = FIRST_DELAY_MS
  let before = ''
  for (;;) {
    const job = await getJob(jobId)
    onJob(job)
    if (OVER.includes(job.status)) return job
    const now = `${job.status} ${job.stage} ${job.progress}`
    delay = now === before ? Math.min(delay * 1.5, LONGEST_DELAY_MS) : FIRST_DELAY_MS
    before = now
    await sleep(delay)
  }
}
