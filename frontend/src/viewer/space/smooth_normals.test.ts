import {
  BufferAttribute,
  BufferGeometry,
  IcosahedronGeometry,
  InterleavedBuffer,
  InterleavedBufferAttribute,
  Vector3,
} from 'three'
import { mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js'
import { describe, expect, it } from 'vitest'

import { smoothNormals } from './smooth_normals'

const DEGREE = 180 / Math.PI

/** A ball on the grid of a model's file: whole numbers, four to a vertex. */
function storedBall(radius: number): BufferGeometry {
  const ball = new IcosahedronGeometry(radius, 12).deleteAttribute('normal').deleteAttribute('uv')
  const { index, attributes } = mergeVertices(ball)
  const position = attributes['position'] as BufferAttribute
  const grid = new Uint16Array(4 * position.count)
  for (let vertex = 0; vertex < position.count; vertex++) {
    for (let axis = 0; axis < 3; axis++) {
      grid[4 * vertex + axis] = Math.round(position.getComponent(vertex, axis) + radius)
    }
  }
  const stored = new InterleavedBufferAttribute(new InterleavedBuffer(grid, 4), 3, 0)
  return new BufferGeometry().setIndex(index).setAttribute('position', stored)
}

describe('smooth normals', () => {
  it('point outwards, within a degree of the truth and of a foreign sum', () => {
    const radius = 40 * 32
    const geometry = storedBall(radius)
    const normals = smoothNormals(geometry)
    geometry.computeVertexNormals()
    const { position, normal: foreign } = geometry.attributes
    const [found, true_, summed] = [new Vector3(), new Vector3(), new Vector3()]
    expect(normals.count).toBe(position?.count)
    for (let vertex = 0; vertex < normals.count; vertex++) {
      found.fromBufferAttribute(normals, vertex)
      true_.fromBufferAttribute(position as BufferAttribute, vertex).subScalar(radius)
      summed.fromBufferAttribute(foreign as BufferAttribute, vertex)
      expect(found.length()).toBeCloseTo(1, 1)
      expect(found.angleTo(true_) * DEGREE).toBeLessThan(1)
      expect(found.angleTo(summed) * DEGREE).toBeLessThan(0.5)
    }
  })

  it('weigh faces by their area', () => {
    const corners = new Float32Array([0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 4])
    const geometry = new BufferGeometry().setIndex([0, 1, 2, 0, 2, 3])
    geometry.setAttribute('position', new BufferAttribute(corners, 3))
    const normal = new Vector3().fromBufferAttribute(smoothNormals(geometry), 0)
    expect(normal.x).toBeCloseTo(4 / 5, 2)
    expect(normal.y).toBeCloseTo(0, 2)
    expect(normal.z).toBeCloseTo(3 / 5, 2)
  })

  it('have no direction where nothing has an area', () => {
    const geometry = new BufferGeometry().setIndex([0, 0, 0])
    geometry.setAttribute('position', new BufferAttribute(new Float32Array([7, 7, 7]), 3))
    expect([...smoothNormals(geometry).data.array]).toEqual([0, 0, 0, 0])
  })
})
