/** A scan and its label map on one grid, in RAS+ mm. */

import { Matrix4, Vector3 } from 'three'

import type { Vec3 } from '../../session/vector'
import type { Bounds } from '../slices/slice_frame'
import type { Axis } from '../slices/planes'
import type { Dims } from './nifti'
import type { PreparedVolume } from './prepare'

export class Volume {
  readonly dims: Dims
  readonly rasMmFromVoxel: Matrix4
  readonly voxelFromRasMm: Matrix4
  /** Of all voxels with their whole extent, along the axes of RAS+. */
  readonly bounds: Bounds
  private readonly prepared: Omit<PreparedVolume, 'halves'> // lest they are kept when taken
  private halves: Uint16Array<ArrayBuffer> | null

  constructor({ halves, ...prepared }: PreparedVolume) {
    this.prepared = prepared
    this.halves = halves
    this.dims = prepared.dims
    this.rasMmFromVoxel = new Matrix4().fromArray(prepared.affineRasMm).transpose()
    this.voxelFromRasMm = this.rasMmFromVoxel.clone().invert()
    this.bounds = boundsOf(this.dims, this.rasMmFromVoxel)
  }

  get labels(): Uint8Array<ArrayBuffer> | null {
    return this.prepared.labels
  }

  /** HU in half precision, to be given to the texture; only once, as it is then released. */
  takeHalves(): Uint16Array<ArrayBuffer> {
    const halves = this.halves
    if (halves === null) throw new Error('the half floats were taken before')
    this.halves = null
    return halves
  }

  /** HU of the voxel at a point; null outside of the scan. */
  huAt(pointRasMm: Vec3): number | null {
    const index = this.indexAt(pointRasMm)
    if (index === null) return null
    const { stored, slope, intercept } = this.prepared
    return Math.round((stored[index] ?? 0) * slope + intercept)
  }

  /** The label value of the voxel at a point; 0 where there is none. */
  labelAt(pointRasMm: Vec3): number {
    const index = this.indexAt(pointRasMm)
    return index === null ? 0 : (this.prepared.labels?.[index] ?? 0)
  }

  /** How far apart slices across an axis of RAS+ are: the spacing of the voxels' nearest axis. */
  stepMm(axis: Axis): number {
    const elements = this.rasMmFromVoxel.elements
    let best = { along: -1, spacing: 1 }
    for (let column = 0; column < 3; column++) {
      const [x = 0, y = 0, z = 0] = elements.slice(4 * column, 4 * column + 3)
      const spacing = Math.hypot(x, y, z)
      const along = Math.abs([x, y, z][axis] ?? 0) / spacing
      if (along > best.along) best = { along, spacing }
    }
    return best.spacing
  }

  /** The middle of the voxel in the middle. */
  centre(): Vec3 {
    const [i, j, k] = this.dims
    const middle = new Vector3(Math.floor(i / 2), Math.floor(j / 2), Math.floor(k / 2))
    return middle.applyMatrix4(this.rasMmFromVoxel).toArray()
  }

  private indexAt(pointRasMm: Vec3): number | null {
    const { x, y, z } = new Vector3(...pointRasMm).applyMatrix4(this.voxelFromRasMm)
    const [nx, ny, nz] = this.dims
    const [i, j, k] = [Math.floor(x + 0.5), Math.floor(y + 0.5), Math.floor(z + 0.5)] as const
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return null
    return i + nx * (j + ny * k)
  }
}

/** A voxel reaches half of its size to each side of its centre. */
function boundsOf([nx, ny, nz]: Dims, rasMmFromVoxel: Matrix4): Bounds {
  const low = new Vector3(Infinity, Infinity, Infinity)
  const high = low.clone().negate()
  for (const i of [-0.5, nx - 0.5]) {
    for (const j of [-0.5, ny - 0.5]) {
      for (const k of [-0.5, nz - 0.5]) {
        const corner = new Vector3(i, j, k).applyMatrix4(rasMmFromVoxel)
        low.min(corner)
        high.max(corner)
      }
    }
  }
  return { low: low.toArray(), high: high.toArray() }
}
