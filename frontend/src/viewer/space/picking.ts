/** Which of the surfaces under the pointer is meant. */

import type { Vec3 } from '../../session/vector'

export interface SurfaceHit {
  readonly name: string
  readonly distanceMm: number
  readonly pointRasMm: Vec3
  readonly opacity: number
}

/** Surfaces that are fainter than this are looked through, when there is something behind. */
export const LOOKED_THROUGH_BELOW = 0.4

/** The nearest surface that is not looked through, else the nearest one. */
export function nearestHit(hits: readonly SurfaceHit[]): SurfaceHit | null {
  let nearest: SurfaceHit | null = null
  let nearestSolid: SurfaceHit | null = null
  for (const hit of hits) {
    if (nearest === null || hit.distanceMm < nearest.distanceMm) nearest = hit
    if (hit.opacity < LOOKED_THROUGH_BELOW) continue
    if (nearestSolid === null || hit.distanceMm < nearestSolid.distanceMm) nearestSolid = hit
  }
  return nearestSolid ?? nearest
}
