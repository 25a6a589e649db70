/**
 * In which order see-through surfaces are drawn: what is farther away first.
 *
 * Each structure is drawn twice, its far side (back faces) and its near side (front faces), and
 * both take part in one order: a far side counts by the structure's farthest point, a near side by
 * its nearest one. So what lies inside of a shell is drawn between the shell's two sides, and
 * structures behind each other are drawn from back to front. It is exact for structures that are
 * nested or apart; for those that interlock (bowel loops, vessels that wind around an organ), and
 * for the several layers of one folded surface, it is an approximation, as no order of whole
 * surfaces is right there.
 */

/** Distances from the camera along its line of sight, in mm. */
export interface DepthRange {
  readonly near: number
  readonly far: number
}

export interface DrawOrder {
  readonly backFaces: number
  readonly frontFaces: number
}

/** Numbers by which three draws: small ones first. */
export function drawOrder({ near, far }: DepthRange): DrawOrder {
  return { backFaces: -far, frontFaces: -near }
}

/** Depths of a box along a line of sight: its centre's depth ± its half extent in that direction. */
export function depthRange(
  centreDepth: number,
  halfSize: readonly [number, number, number],
  sight: readonly [number, number, number],
): DepthRange {
  const half =
    Math.abs(sight[0]) * halfSize[0] +
    Math.abs(sight[1]) * halfSize[1] +
    Math.abs(sight[2]) * halfSize[2]
  return { near: centreDepth - half, far: centreDepth + half }
}
