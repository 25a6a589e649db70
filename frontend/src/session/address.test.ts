// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'

import { browserAddress, hashOf, routeOf, type Route } from './address'

beforeEach(() => history.replaceState(null, '', '/'))

test.each<[string, Route]>([
  ['', { page: 'start' }],
  ['#jobs', { page: 'jobs' }],
  ['#abc123def456', { page: 'job', jobId: 'abc123def456' }],
])('%s says %o, and back', (hash, route) => {
  expect(routeOf(hash)).toEqual(route)
  expect(hashOf(route)).toBe(hash)
})

test.each(['#', '#a', '#../jobs', '#<script>alert(1)</script>'])(
  '%s is no job and leads to the start',
  (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'start' })
  },
)

test('a step can be undone by the back button', async () => {
  const address = browserAddress()
  address.go({ page: 'job', jobId: 'abc123def456' })
  expect(location.hash).toBe('#abc123def456')
  const undone = new Promise((resolve) => window.addEventListener('popstate', resolve))
  history.back()
  await undone
  expect(address.store.getState()).toEqual({ page: 'start' })
})

test('the same step twice is one', () => {
  const address = browserAddress()
  address.go({ page: 'jobs' })
  const { length } = history
  address.go({ page: 'jobs' })
  expect(history.length).toBe(length)
})

test('a link that is clicked or typed is followed', async () => {
  const address = browserAddress()
  const followed = new Promise((resolve) => window.addEventListener('hashchange', resolve))
  location.hash = '#abc123def456'
  await followed
  expect(address.store.getState()).toEqual({ page: 'job', jobId: 'abc123def456' })
})
