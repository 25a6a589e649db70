import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'

import { rasMmFromGltf } from './patient_frame'

describe('a point of the model in the patient', () => {
  it.each([
    { gltf: [1, 0, 0], ras: [-1000, 0, 0], name: 'left' },
    { gltf: [0, 1, 0], ras: [0, 0, 1000], name: 'head' },
    { gltf: [0, 0, 1], ras: [0, 1000, 0], name: 'front' },
  ] as const)('lies to the $name', ({ gltf, ras }) => {
    const point = new Vector3(...gltf).applyMatrix4(rasMmFromGltf())
    expect(point.distanceTo(new Vector3(...ras))).toBeLessThan(1e-9)
  })

  it('is not mirrored', () => {
    expect(rasMmFromGltf().determinant()).toBeGreaterThan(0)
  })
})
