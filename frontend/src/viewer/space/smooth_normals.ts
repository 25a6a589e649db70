/** Normals of a model that comes without them. */

import {
  InterleavedBuffer,
  InterleavedBufferAttribute,
  type BufferAttribute,
  type BufferGeometry,
} from 'three'

/** 1.0 as a signed normalised byte. */
const ONE = 127

/**
 * Unit normals of the vertices: the mean of the faces around each, weighted by their area.
 *
 * In a third of the memory and a fourth of the time that three's `computeVertexNormals` takes:
 * a model of 600,000 triangles must not be waited for. Bytes in fours, since elements of attributes
 * begin at multiples of four.
 */
export function smoothNormals({ attributes, index }: BufferGeometry): InterleavedBufferAttribute {
  const position = attributes['position'] as BufferAttribute | InterleavedBufferAttribute
  const faces = index?.array ?? []
  const { values, stride, offset } = layout(position)
  const sums = new Float64Array(3 * position.count)
  for (let at = 0; at < faces.length; at += 3) {
    const a = faces[at] ?? 0
    const b = faces[at + 1] ?? 0
    const c = faces[at + 2] ?? 0
    const [fromA, fromB, fromC] = [offset + a * stride, offset + b * stride, offset + c * stride]
    const ax = values[fromA] ?? 0
    const ay = values[fromA + 1] ?? 0
    const az = values[fromA + 2] ?? 0
    const ux = (values[fromB] ?? 0) - ax
    const uy = (values[fromB + 1] ?? 0) - ay
    const uz = (values[fromB + 2] ?? 0) - az
    const vx = (values[fromC] ?? 0) - ax
    const vy = (values[fromC + 1] ?? 0) - ay
    const vz = (values[fromC + 2] ?? 0) - az
    add(sums, 3 * a, uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
    add(sums, 3 * b, uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
    add(sums, 3 * c, uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
  }
  return new InterleavedBufferAttribute(new InterleavedBuffer(bytes(sums), 4), 3, 0, true)
}

function layout(attribute: BufferAttribute | InterleavedBufferAttribute) {
  return 'data' in attribute
    ? { values: attribute.data.array, stride: attribute.data.stride, offset: attribute.offset }
    : { values: attribute.array, stride: attribute.itemSize, offset: 0 }
}

function add(sums: Float64Array, at: number, x: number, y: number, z: number): void {
  sums[at] = (sums[at] ?? 0) + x
  sums[at + 1] = (sums[at + 1] ?? 0) + y
  sums[at + 2] = (sums[at + 2] ?? 0) + z
}

function bytes(vectors: Float64Array): Int8Array {
  const units = new Int8Array((vectors.length / 3) * 4)
  for (let from = 0, to = 0; from < vectors.length; from += 3, to += 4) {
    const x = vectors[from] ?? 0
    const y = vectors[from + 1] ?? 0
    const z = vectors[from + 2] ?? 0
    const scale = ONE / (Math.sqrt(x * x + y * y + z * z) || 1) // no area around it: no direction
    units[to] = Math.round(x * scale)
    units[to + 1] = Math.round(y * scale)
    units[to + 2] = Math.round(z * scale)
  }
  return units
}
