// @vitest-environment jsdom
import { expect, it } from 'vitest'

import { lengthText, MeasureLine } from './measure_line'

it('writes a length with one decimal, as the language does', () => {
  expect(lengthText([0, 0, 0], [3, 4, 0], 'en')).toBe('5.0')
  expect(lengthText([0, 0, 0], [30, 40, 0.5], 'es')).toBe('50,0')
})

it('shows the line and its label only when both points are there', () => {
  const marks = document.createElement('div')
  marks.append(...Array.from({ length: 4 }, () => document.createElement('div')))
  const line = new MeasureLine(marks, (a, b) => `${lengthText(a, b, 'en')} mm`)
  const [stroke, first, second, label] = Array.from(marks.children) as HTMLElement[]
  line.update([{ x: 10, y: 20 }], [[0, 0, 0]], 1)
  expect([stroke?.hidden, first?.hidden, second?.hidden, label?.hidden]).toEqual([
    true,
    false,
    true,
    true,
  ])
  const points = [
    { x: 10, y: 20 },
    { x: 40, y: 60 },
  ]
  line.update(
    points,
    [
      [0, 0, 0],
      [12, 0, 0],
    ],
    0.5,
  )
  expect(label?.textContent).toBe('12.0 mm')
  expect(stroke?.style.transform).toContain('scaleX(50)')
  line.update([], [], 1)
  expect(label?.hidden).toBe(true)
})
