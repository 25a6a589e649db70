/** Clipping planes across the axes of RAS+, and the faces that they cut. */

import { BufferAttribute, BufferGeometry, Group, Mesh, Plane, Vector3, type Material } from 'three'

import type { Clip, SceneState } from '../../session/scene'
import type { Bounds } from '../slices/slice_frame'

export const CLIP_AXES = ['x', 'y', 'z'] as const
type ClipAxis = (typeof CLIP_AXES)[number]
const UNIT: Readonly<Record<ClipAxis, readonly [number, number, number]>> = {
  x: [1, 0, 0],
  y: [0, 1, 0],
  z: [0, 0, 1],
}

/** Planes of three, which keeps what lies on the side of their normal. */
export function clippingPlanes(clips: SceneState['clips']): Plane[] {
  return CLIP_AXES.filter((axis) => clips[axis].enabled).map((axis) => {
    const { positionMm, flipped } = clips[axis]
    const side = flipped ? 1 : -1
    return new Plane(new Vector3(...UNIT[axis]).multiplyScalar(side), -side * positionMm)
  })
}

/** What is kept of the bounds along an axis. */
export function keptRange(
  { enabled, positionMm, flipped }: Clip,
  low: number,
  high: number,
): readonly [number, number] {
  if (!enabled) return [low, high]
  const position = Math.min(high, Math.max(low, positionMm))
  return flipped ? [position, high] : [low, position]
}

/** Corners of the rectangle across an axis, two triangles; null where nothing is left. */
export function rectangleAcross(
  axis: number,
  positionMm: number,
  ranges: readonly (readonly [number, number])[],
): Float32Array | null {
  const [u, v] = [0, 1, 2].filter((each) => each !== axis)
  const alongU = ranges[u ?? 0]
  const alongV = ranges[v ?? 0]
  if (u === undefined || v === undefined || alongU === undefined || alongV === undefined)
    return null
  if (alongU[0] >= alongU[1] || alongV[0] >= alongV[1]) return null
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
    [1, 1],
    [0, 1],
  ] as const
  const points = new Float32Array(18)
  corners.forEach(([cu, cv], corner) => {
    points[3 * corner + axis] = positionMm
    points[3 * corner + u] = alongU[cu]
    points[3 * corner + v] = alongV[cv]
  })
  return points
}

/** Rectangles across the three axes that take their colours from the volume. */
export class Rectangles {
  readonly group = new Group()
  private readonly meshes: readonly Mesh<BufferGeometry, Material>[]

  constructor(material: Material, renderOrder: number) {
    this.meshes = CLIP_AXES.map(() => {
      const mesh = new Mesh(new BufferGeometry(), material)
      mesh.frustumCulled = false
      mesh.renderOrder = renderOrder
      this.group.add(mesh)
      return mesh
    })
  }

  /** Put one rectangle across each axis at these positions; null leaves it out. */
  place(
    positions: readonly (number | null)[],
    ranges: readonly (readonly [number, number])[],
  ): void {
    this.meshes.forEach((mesh, axis) => {
      const position = positions[axis] ?? null
      const points = position === null ? null : rectangleAcross(axis, position, ranges)
      mesh.visible = points !== null
      if (points !== null) mesh.geometry.setAttribute('position', new BufferAttribute(points, 3))
    })
  }

  dispose(): void {
    for (const { geometry } of this.meshes) geometry.dispose()
  }
}

/** Ranges of what the clipping planes keep of a scan. */
export function keptRanges(
  clips: SceneState['clips'],
  { low, high }: Bounds,
): (readonly [number, number])[] {
  return CLIP_AXES.map((axis, i) => keptRange(clips[axis], low[i] ?? 0, high[i] ?? 0))
}
