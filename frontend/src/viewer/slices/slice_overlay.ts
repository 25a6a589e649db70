/** Crosshair, distance and scale bar above a slice, moved without drawing the slice anew. */

import type { SceneStore } from '../../session/scene'
import type { Vec3 } from '../../session/vector'
import { move, type MeasureLine } from '../measure_line'
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
  /** Holds four lines: left, right, top, bottom. */
  readonly crosshair: HTMLElement
  readonly bar: HTMLElement
  readonly barLabel: HTMLElement
}

export class SliceLines implements SliceOverlay {
  private shownMmPerPixel = 0

  constructor(
    private readonly elements: SliceOverlayElements,
    private readonly line: MeasureLine,
    private readonly scene: SceneStore,
  ) {}

  update(geometry: SliceGeometry, positionMm: number): void {
    const { crosshairRasMm, measured } = this.scene.getState()
    this.moveCrosshair(geometry, crosshairRasMm)
    this.setBar(geometry)
    const { axis } = PLANE_FRAMES[geometry.plane]
    const onSlice = measured.every((point) => Math.abs(point[axis] - positionMm) <= ON_SLICE_MM)
    const points = measured.map((point) => geometry.toScreen(point))
    this.line.update(points, measured, onSlice ? 1 : 0.35)
  }

  private moveCrosshair(geometry: SliceGeometry, crosshair: Vec3 | null): void {
    this.elements.crosshair.hidden = crosshair === null
    if (crosshair === null) return
    const { x, y } = geometry.toScreen(crosshair)
    const { width, height } = geometry.size
    const [left, right, top, bottom] = Array.from(this.elements.crosshair.children)
    moveLine(left, x - GAP_PIXELS - width, y)
    moveLine(right, x + GAP_PIXELS, y)
    moveLine(top, x, y - GAP_PIXELS - height)
    moveLine(bottom, x, y + GAP_PIXELS)
  }

  private setBar({ mmPerPixel, size }: SliceGeometry): void {
    if (mmPerPixel === this.shownMmPerPixel) return
    this.shownMmPerPixel = mmPerPixel
    const bar = scaleBar(mmPerPixel, size.width * BAR_SHARE)
    this.elements.bar.style.width = `${bar.pixels}px`
    this.elements.barLabel.textContent = bar.label
  }
}

function moveLine(line: Element | undefined, x: number, y: number): void {
  if (line instanceof HTMLElement) move(line, { x, y })
}
