import { describe, expect, it } from 'vitest'

import { nearestHit, type SurfaceHit } from './picking'

function hit(name: string, distanceMm: number, opacity = 1): SurfaceHit {
  return { name, distanceMm, opacity, pointRasMm: [0, 0, 0] }
}

describe('what is picked', () => {
  it('is the nearest surface, in whatever order they come', () => {
    expect(nearestHit([hit('spleen', 30), hit('liver', 10), hit('aorta', 20)])?.name).toBe('liver')
  })

  it('is what is seen through a faint shell', () => {
    expect(nearestHit([hit('skin', 1, 0.2), hit('liver', 10)])?.name).toBe('liver')
    expect(nearestHit([hit('skin', 1, 0.5), hit('liver', 10)])?.name).toBe('skin')
  })

  it('is the nearest faint one where nothing solid is', () => {
    expect(nearestHit([hit('skin', 9, 0.2), hit('liver', 2, 0.3)])?.name).toBe('liver')
    expect(nearestHit([])).toBeNull()
  })
})
