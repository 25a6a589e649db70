/** Pointing in the 3D view; turning it is the controls' business. */

import type { SceneStore } from '../../session/scene'
import type { SurfaceHit } from './picking'
import type { SpaceView } from './space_view'

/** A press that moves less than that is a click. */
const CLICK_PIXELS = 5
/** Testing a ray against all surfaces takes some milliseconds. */
const HOVER_EVERY_MS = 80

interface ScreenPoint {
  readonly x: number
  readonly y: number
}

/** Listen on the pane's surface; returns what ends it. */
export function listenToPointer(
  surface: HTMLElement,
  view: SpaceView,
  scene: SceneStore,
  onHover: (hit: SurfaceHit | null, at: ScreenPoint) => void,
): () => void {
  let pressedAt: ScreenPoint | null = null
  let hover: ReturnType<typeof setTimeout> | null = null
  let last: ScreenPoint = { x: 0, y: 0 }

  const at = (event: MouseEvent): ScreenPoint => {
    const { left, top } = surface.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  const setHovered = (hit: SurfaceHit | null) => {
    onHover(hit, last)
    const name = hit?.name ?? null
    if (scene.getState().hovered !== name) scene.getState().hover(name)
  }

  const press = (event: PointerEvent) => {
    pressedAt = event.isPrimary && event.button === 0 ? at(event) : null
    leave()
  }

  const release = (event: PointerEvent) => {
    const from = pressedAt
    pressedAt = null
    if (from === null) return
    const point = at(event)
    if (Math.hypot(point.x - from.x, point.y - from.y) > CLICK_PIXELS) return
    click(view.pick(point), scene)
  }

  const move = (event: PointerEvent) => {
    if (event.buttons !== 0 || event.pointerType === 'touch') return
    last = at(event)
    hover ??= setTimeout(() => {
      hover = null
      setHovered(view.pick(last))
    }, HOVER_EVERY_MS)
  }

  const leave = () => {
    if (hover !== null) clearTimeout(hover)
    hover = null
    setHovered(null)
  }

  surface.addEventListener('pointerdown', press)
  surface.addEventListener('pointerup', release)
  surface.addEventListener('pointermove', move)
  surface.addEventListener('pointerleave', leave)
  return () => {
    if (hover !== null) clearTimeout(hover)
    surface.removeEventListener('pointerdown', press)
    surface.removeEventListener('pointerup', release)
    surface.removeEventListener('pointermove', move)
    surface.removeEventListener('pointerleave', leave)
  }
}

/** Choose what is there, and bring it into the slices; or measure from it. */
function click(hit: SurfaceHit | null, scene: SceneStore): void {
  const { tool, measure, select, moveCrosshair } = scene.getState()
  if (tool === 'measure') {
    if (hit !== null) measure(hit.pointRasMm)
    return
  }
  select(hit?.name ?? null)
  if (hit !== null) moveCrosshair(hit.pointRasMm)
}
