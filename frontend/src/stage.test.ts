import { expect, test } from 'vitest'

import type { Waiting } from './api'
import { describeStage } from './stage'

const QUEUED = { stage: 'queued', stageDetail: null, eta_s: null, waiting: null }

function waiting(of: Partial<Waiting>): string {
  const given: Waiting = { reason: 'instance_busy', jobsAhead: 0, eta_s: null, ...of }
  return describeStage({ ...QUEUED, waiting: given })
}

test('a starting GPU is told from a busy one', () => {
  expect(waiting({ reason: 'instance_starting', eta_s: 360, jobsAhead: 2 })).toBe(
    'GPU starting, about 6 min',
  )
  expect(waiting({ reason: 'instance_starting', eta_s: 60.1 })).toBe('GPU starting, about 2 min')
  expect(waiting({ reason: 'instance_starting' })).toBe('The segmentation engine is starting')
  expect(waiting({ jobsAhead: 1 })).toBe('Waiting for the segmentation engine: 1 job ahead')
  expect(waiting({ jobsAhead: 2 })).toBe('Waiting for the segmentation engine: 2 jobs ahead')
  expect(waiting({ jobsAhead: 100 })).toBe(
    'Waiting for the segmentation engine: at least 100 jobs ahead',
  )
})

test('the other stages say how far they are', () => {
  expect(describeStage(QUEUED)).toBe('Waiting for the segmentation engine')
  expect(
    describeStage({
      ...QUEUED,
      stage: 'meshing',
      stageDetail: { done: 3, total: 9 },
      eta_s: 4.2,
    }),
  ).toBe('Making meshes 3/9, about 5 s left')
})
