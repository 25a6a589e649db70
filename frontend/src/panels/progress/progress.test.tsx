import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import type { Job } from '../../api/types'
import { DEFAULT_OPTIONS } from '../../session/scan_options'
import type { FollowingJob } from '../../session/session_state'
import { expectAccessible } from '../../testing/axe'
import { someJob } from '../../testing/fake_api'
import { renderWithTexts } from '../../testing/render_with_texts'
import { EndedView } from './ended_view'
import { ProcessingView } from './processing_view'

afterEach(cleanup)

const nothing = () => undefined

async function follow(job: Partial<Job>, part: Partial<FollowingJob> = {}, language?: 'en' | 'es') {
  const state: FollowingJob = {
    name: 'following',
    jobId: 'abc123def456',
    job: someJob({ status: 'processing', options: DEFAULT_OPTIONS, progress: 0, ...job }),
    connection: 'ok',
    cancelling: false,
    cancelProblem: null,
    problem: null,
    ...part,
  }
  const onCancel = vi.fn()
  const { container } = await renderWithTexts(
    <ProcessingView state={state} onCancel={onCancel} onTryAgain={nothing} onNewScan={nothing} />,
    language ?? 'en',
  )
  return { container, onCancel }
}

/** What the present stage says. */
function present(container: Element): string | null | undefined {
  return container.querySelector('[aria-current=step]')?.textContent
}

test.each([
  [{ reason: 'instance_starting', jobsAhead: 0, eta_s: 230 }, 'GPU starting, about 4 min'],
  [{ reason: 'instance_starting', jobsAhead: 0, eta_s: null }, 'GPU starting'],
  [
    { reason: 'instance_starting', jobsAhead: 1, eta_s: 230 },
    'GPU starting, about 4 min · 1 job ahead',
  ],
  [{ reason: 'instance_busy', jobsAhead: 2, eta_s: null }, 'Waiting: 2 jobs ahead'],
  [{ reason: 'instance_busy', jobsAhead: 0, eta_s: null }, 'Next in the queue'],
  [{ reason: 'instance_busy', jobsAhead: 100, eta_s: null }, 'Waiting: 100 or more jobs ahead'],
  [null, 'In the queue'],
] as const)('says what a queued job waits for: %o', async (waiting, words) => {
  const { container } = await follow({ stage: 'queued', waiting })
  expect(present(container)).toBe(`Waiting: in progress${words}`)
})

test('says how far the stage is', async () => {
  const { container } = await follow(
    { stage: 'meshing', progress: 0.614, stageDetail: { done: 71, total: 117 }, eta_s: 95 },
    {},
    'es',
  )
  expect(present(container)).toBe('Generación de mallas: en curso71 de 117')
  expect(screen.getByText('61 %')).toBeDefined()
  expect(screen.getByText('quedan unos 2 min')).toBeDefined()
  expect(container.querySelectorAll('[data-state=done]')).toHaveLength(3)
  expect(container.querySelectorAll('[data-state=pending]')).toHaveLength(2)
})

test('is cancelled by a button, once', async () => {
  const { onCancel } = await follow({ stage: 'segmenting' })
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the job' }))
  expect(onCancel).toHaveBeenCalledTimes(1)
})

test('says when the connection is lost, and goes on', async () => {
  const { container } = await follow({ stage: 'segmenting' }, { connection: 'retrying' })
  expect(screen.getByText(/keeps trying to reach it/)).toBeDefined()
  expect(present(container)).toContain('Segmenting')
})

test('a job that cannot be seen says why', async () => {
  await follow({}, { job: null, problem: { code: 'job_deleted', words: null } })
  expect(screen.getByRole('alert').textContent).toContain(
    'This job was deleted, with all of its files',
  )
})

test('a failed job says what happened and what to do, and is tried again', async () => {
  const retry = vi.fn()
  const { container } = await renderWithTexts(
    <EndedView
      job={someJob({
        status: 'failed',
        options: DEFAULT_OPTIONS,
        error: { code: 'worker_died', message: 'It ended.', hint: 'Try again.' },
        warnings: [
          { code: 'mesh_missing', message: 'Liver: no mesh.' },
          { code: 'mesh_missing', message: 'Spleen: no mesh.' },
        ],
      })}
      onRetry={retry}
      onOtherOptions={nothing}
      onNewScan={nothing}
    />,
  )
  expect(screen.getByRole('alert').textContent).toContain('The processing broke off')
  expect(container.querySelectorAll('[data-warning]')).toHaveLength(1)
  expect(screen.getByText('Spleen: no mesh.')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledTimes(1)
  await expectAccessible(container)
})

test('the stages are accessible', async () => {
  const { container } = await follow({
    stage: 'segmenting',
    progress: 0.3,
    stageDetail: { done: 3, total: 5 },
  })
  await expectAccessible(container)
})
