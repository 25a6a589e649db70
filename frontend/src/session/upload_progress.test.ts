import { expect, test } from 'vitest'

import { speedometer } from './upload_progress'

function metre(totalBytes = 1000) {
  let now = 0
  const speed = speedometer(totalBytes, () => now)
  return { at: (ms: number, sentBytes: number) => ((now = ms), speed.progress(sentBytes)), speed }
}

test('nothing is said of the speed in the first second', () => {
  const { at } = metre()
  expect(at(0, 0)).toEqual({
    sentBytes: 0,
    totalBytes: 1000,
    bytesPerSecond: null,
    secondsLeft: null,
  })
  expect(at(900, 500)).toMatchObject({ bytesPerSecond: null, secondsLeft: null })
  expect(at(2000, 500)).toMatchObject({ bytesPerSecond: 250, secondsLeft: 2 })
})

test('the speed is that of the last ten seconds', () => {
  const { at } = metre()
  at(0, 0)
  at(1000, 700) // fast at first
  for (let second = 2; second <= 12; second += 1) at(second * 1000, 700 + second)
  expect(at(13_000, 713)).toMatchObject({ bytesPerSecond: 1, secondsLeft: 287 })
})

test('a part that is taken back, or a pause, does not count as speed', () => {
  const { at, speed } = metre()
  at(0, 0)
  at(2000, 400)
  expect(at(3000, 300)).toMatchObject({ bytesPerSecond: null })
  expect(at(5000, 400)).toMatchObject({ bytesPerSecond: 50 })
  speed.restart()
  expect(at(60_000, 400)).toMatchObject({ bytesPerSecond: null })
})

test('an upload that stands still has no end in sight', () => {
  const { at } = metre()
  at(0, 100)
  expect(at(5000, 100)).toMatchObject({ bytesPerSecond: 0, secondsLeft: null })
})
