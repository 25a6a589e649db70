import { expect, test } from 'vitest'

import { expiresAtMs, isExpired } from './presigned_url'

const SIGNED =
  'https://b.example/k?X-Amz-Date=20260302T093000Z&X-Amz-Expires=3600&X-Amz-Signature=a'
const END = Date.UTC(2026, 2, 2, 10, 30)

test('the end is the time of signing and the lifetime', () => {
  expect(expiresAtMs(SIGNED)).toBe(END)
})

test('it counts as over a minute early, so that the download still begins', () => {
  expect(isExpired(SIGNED, END - 60_001)).toBe(false)
  expect(isExpired(SIGNED, END - 59_999)).toBe(true)
})

test.each([
  '/files/abc/model.glb',
  'https://b.example/k?X-Amz-Date=soon&X-Amz-Expires=3600',
  'https://b.example/k?X-Amz-Date=20260302T093000Z',
])('what does not say how long it holds is tried: %s', (url) => {
  expect(expiresAtMs(url)).toBeNull()
  expect(isExpired(url, Number.MAX_SAFE_INTEGER)).toBe(false)
})
