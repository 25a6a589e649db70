import { expect, test } from 'vitest'

import { someJob } from '../testing/fake_api'
import { modalityOf } from './session_state'

const INSPECTION = {
  accepted: true,
  file_format: 'nifti',
  geometry: null,
  series_count: null,
  file_sha256: null,
  failure: null,
}

test.each([
  ['CT', 'CT'],
  ['MR', 'MR'],
  // As of any NIfTI: no task may be refused for it.
  ['unknown', null],
  [null, null],
])('a stored scan of modality %s counts as %s', (modality, expected) => {
  const job = someJob({ inspection: { ...INSPECTION, modality } })

  expect(modalityOf({ kind: 'job', job })).toBe(expected)
})
