import { expect, it } from 'vitest'

import { scaleBar } from './scale_bar'

it.each([
  { mmPerPixel: 1, maxPixels: 120, label: '10 cm', pixels: 100 },
  { mmPerPixel: 0.5, maxPixels: 120, label: '5 cm', pixels: 100 },
  { mmPerPixel: 0.1, maxPixels: 99, label: '5 mm', pixels: 50 },
  { mmPerPixel: 0.03, maxPixels: 100, label: '2 mm', pixels: 2 / 0.03 },
  { mmPerPixel: 0.001, maxPixels: 300, label: '0.2 mm', pixels: 200 },
])('is round and fits: $label', ({ mmPerPixel, maxPixels, label, pixels }) => {
  const bar = scaleBar(mmPerPixel, maxPixels)
  expect(bar.label).toBe(label)
  expect(bar.pixels).toBeCloseTo(pixels, 6)
})
