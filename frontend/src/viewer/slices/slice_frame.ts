/** Which part of a plane is on the screen: pure geometry between CSS pixels and RAS+ mm. */

import type { Plane } from '../../session/scene'
import type { Vec3 } from '../../session/vector'
import { dot, moved, PLANE_FRAMES, withCoordinate } from './planes'

/** Along the axes of RAS+, in mm. */
export interface Bounds {
  readonly low: Vec3
  readonly high: Vec3
}

/** In CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** In CSS pixels from the upper left corner, y down. */
export interface ScreenPoint {
  readonly x: number
  readonly y: number
}

/** What a slice pane shows of its plane. */
export interface SliceFrame {
  /** What lies in the pane's middle; its coordinate across the plane says nothing. */
  readonly centreRasMm: Vec3
  /** One, when the whole scan fills the pane; larger when it is enlarged. */
  readonly zoom: number
}

export const SMALLEST_ZOOM = 0.5
export const LARGEST_ZOOM = 20
/** Share of the pane that a whole scan leaves free at the edges, where the letters are. */
const MARGIN = 0.06

export function wholeFrame({ low, high }: Bounds): SliceFrame {
  const centreRasMm: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2]
  return { centreRasMm, zoom: 1 }
}

/** Millimetres a CSS pixel. */
export function mmPerPixel(plane: Plane, bounds: Bounds, frame: SliceFrame, size: Size): number {
  const { right, up } = PLANE_FRAMES[plane]
  const extent = moved(bounds.high, [bounds.low, -1])
  const widthMm = Math.abs(dot(extent, right))
  const heightMm = Math.abs(dot(extent, up))
  const usable = 1 - 2 * MARGIN
  return Math.max(widthMm / size.width, heightMm / size.height, 1e-6) / usable / frame.zoom
}

/** One plane of one scan in one pane: everything needed to go between screen and patient. */
export class SliceGeometry {
  readonly mmPerPixel: number

  constructor(
    readonly plane: Plane,
    bounds: Bounds,
    readonly frame: SliceFrame,
    readonly size: Size,
  ) {
    this.mmPerPixel = mmPerPixel(plane, bounds, frame, size)
  }

  /** Where a pixel lies in the slice through `positionMm`. */
  toRasMm({ x, y }: ScreenPoint, positionMm: number): Vec3 {
    const { axis, right, up } = PLANE_FRAMES[this.plane]
    const point = moved(
      this.frame.centreRasMm,
      [right, (x - this.size.width / 2) * this.mmPerPixel],
      [up, (this.size.height / 2 - y) * this.mmPerPixel],
    )
    return withCoordinate(point, axis, positionMm)
  }

  /** The pixel over which a point lies, whatever its distance from the slice. */
  toScreen(pointRasMm: Vec3): ScreenPoint {
    const { right, up } = PLANE_FRAMES[this.plane]
    const offset = moved(pointRasMm, [this.frame.centreRasMm, -1])
    return {
      x: this.size.width / 2 + dot(offset, right) / this.mmPerPixel,
      y: this.size.height / 2 - dot(offset, up) / this.mmPerPixel,
    }
  }

  /** Enlarge by a factor while what lies under `fixed` stays there. */
  zoomedAbout(fixed: ScreenPoint, factor: number): SliceFrame {
    const zoom = clamp(this.frame.zoom * factor, SMALLEST_ZOOM, LARGEST_ZOOM)
    const shrink = this.frame.zoom / zoom
    const under = this.toRasMm(fixed, 0)
    const fromIt = moved(this.frame.centreRasMm, [under, -1])
    return { zoom, centreRasMm: moved(under, [fromIt, shrink]) }
  }

  /** Shift the picture by pixels, as if it were dragged. */
  panned(dx: number, dy: number): SliceFrame {
    const { right, up } = PLANE_FRAMES[this.plane]
    return {
      ...this.frame,
      centreRasMm: moved(
        this.frame.centreRasMm,
        [right, -dx * this.mmPerPixel],
        [up, dy * this.mmPerPixel],
      ),
    }
  }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
