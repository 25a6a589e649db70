import { describe, expect, it } from 'vitest'
import { PerspectiveCamera, Vector3 } from 'three'

import { fittingDistance, LOOK_FROM } from './look_direction'

/** Where a point lies on the screen of a camera that looks from a direction at the origin. */
function onScreen(direction: keyof typeof LOOK_FROM, point: [number, number, number]) {
  const camera = new PerspectiveCamera(30, 1, 1, 5000)
  camera.up.set(0, 0, 1)
  camera.position.set(...LOOK_FROM[direction]).multiplyScalar(1000)
  camera.lookAt(0, 0, 0)
  camera.updateMatrixWorld()
  return new Vector3(...point).project(camera)
}

describe('looking from', () => {
  it('the front shows the patient’s right on the left and the head on top', () => {
    expect(onScreen('A', [50, 0, 0]).x).toBeLessThan(0)
    expect(onScreen('A', [0, 0, 50]).y).toBeGreaterThan(0)
  })

  it('behind shows the patient’s right on the right', () => {
    expect(onScreen('P', [50, 0, 0]).x).toBeGreaterThan(0)
  })

  it('the left shows the front on the left, from the right on the right', () => {
    expect(onScreen('L', [0, 50, 0]).x).toBeLessThan(0)
    expect(onScreen('R', [0, 50, 0]).x).toBeGreaterThan(0)
  })

  it('the feet is as an axial slice; from the head it is mirrored, the front on top in both', () => {
    expect(onScreen('I', [50, 0, 0]).x).toBeLessThan(0)
    expect(onScreen('I', [0, 50, 0]).y).toBeGreaterThan(0)
    expect(onScreen('S', [50, 0, 0]).x).toBeGreaterThan(0)
    expect(onScreen('S', [0, 50, 0]).y).toBeGreaterThan(0)
  })
})

describe('the distance', () => {
  it('is where the farthest corner touches the edge of what is seen', () => {
    expect(fittingDistance([[10, 0, 0]], 0.5, 0.25)).toBe(20)
    expect(fittingDistance([[0, 10, 5]], 0.5, 0.25)).toBe(45)
    expect(
      fittingDistance(
        [
          [10, 0, 0],
          [0, -10, 5],
        ],
        0.5,
        0.25,
      ),
    ).toBe(45)
  })
})
