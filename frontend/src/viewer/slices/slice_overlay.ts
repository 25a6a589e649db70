/** Crosshair, distance and scale bar above a slice: SVG, so that moving them draws no pixel anew. */

import type { SceneStore } from '../../session/scene'
import type { Vec3 } from '../../session/vector'
import type { MeasureLine } from '../measure_line'
import { PLANE_FRAMES } from './planes'
import { scaleBar } from './scale_bar'
import type { SliceGeometry } from './slice_frame'
import type { SliceOverlay } from './slice_view'

/** So far around the crosshair nothing is drawn, to see what it points at. */
const GAP_PIXELS = 7
/** The longest scale bar, as a share of the pane's width. */
const BAR_SHARE = 0.25
/** A measured point within this distance is on the slice; others are drawn fainter. */
const ON_SLICE_MM = 1

export interface SliceOverlayElements {
  /** Lines to the left, right, top and bottom of the crosshair. */
  readonly crosshair: SVGPathElement
  readonly bar: HTMLElement
  readonly barLabel: HTMLElement
}

export class SliceLines implements SliceOverlay {
  constructor(
    private readonly elements: SliceOverlayElements,
    private readonly line: MeasureLine,
    private readonly scene: SceneStore,
  ) {}

  update(geometry: SliceGeometry, positionMm: number): void {
    const { crosshairRasMm, measured } = this.scene.getState()
    this.drawCrosshair(geometry, crosshairRasMm)
    const bar = scaleBar(geometry.mmPerPixel, geometry.size.width * BAR_SHARE)
    this.elements.bar.style.width = `${bar.pixels}px`
    this.elements.barLabel.textContent = bar.label
    const { axis } = PLANE_FRAMES[geometry.plane]
    const onSlice = measured.every((point) => Math.abs(point[axis] - positionMm) <= ON_SLICE_MM)
    this.line.update(
      measured.map((point) => geometry.toScreen(point)),
      measured,
      onSlice ? 1 : 0.35,
    )
  }

  private drawCrosshair(geometry: SliceGeometry, crosshair: Vec3 | null): void {
    if (crosshair === null) {
      this.elements.crosshair.setAttribute('d', '')
      return
    }
    const { x, y } = geometry.toScreen(crosshair)
    const { width, height } = geometry.size
    this.elements.crosshair.setAttribute(
      'd',
      `M0 ${y}H${x - GAP_PIXELS}M${x + GAP_PIXELS} ${y}H${width}` +
        `M${x} 0V${y - GAP_PIXELS}M${x} ${y + GAP_PIXELS}V${height}`,
    )
  }
}
