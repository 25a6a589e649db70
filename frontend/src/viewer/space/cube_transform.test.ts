import { Matrix4, PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'

import type { ViewDirection } from '../../session/scene'
import { cubeTransform, faceTransform } from './cube_transform'
import { LOOK_DIRECTIONS, LOOK_FROM } from './look_direction'

function matrixOf(css: string): Matrix4 {
  const numbers = /matrix3d\(([^)]*)\)/.exec(css)?.[1]?.split(',').map(Number) ?? []
  return new Matrix4().fromArray(numbers)
}

/** Where a face's middle, its right edge and its lower edge point on the screen (CSS axes). */
function seen(face: ViewDirection, from: ViewDirection) {
  const camera = new PerspectiveCamera()
  camera.up.set(0, 0, 1)
  camera.position.set(...LOOK_FROM[from]).multiplyScalar(100)
  camera.lookAt(0, 0, 0)
  camera.updateMatrixWorld()
  const whole = matrixOf(cubeTransform(camera.matrixWorldInverse)).multiply(
    matrixOf(faceTransform(face, 20)),
  )
  const turned = (x: number, y: number, z: number) =>
    new Vector3(x, y, z).applyMatrix4(whole).toArray().map(Math.round)
  return { middle: turned(0, 0, 1), right: turned(1, 0, 0), down: turned(0, 1, 0) }
}

describe('the orientation cube', () => {
  it.each(LOOK_DIRECTIONS)('faces who looks from %s with that letter, upright', (direction) => {
    const { middle, right, down } = seen(direction, direction)
    expect(middle.map((value) => value + 0)).toEqual([0, 0, 1])
    expect(right.map((value) => value + 0)).toEqual([1, 0, 0])
    expect(down.map((value) => value + 0)).toEqual([0, 1, 0])
  })

  it('has the patient’s right on the left, seen from the front', () => {
    expect(seen('R', 'A').middle[0]).toBe(-1)
    expect(seen('L', 'A').middle[0]).toBe(1)
    expect(seen('S', 'A').middle[1]).toBe(-1)
  })
})
