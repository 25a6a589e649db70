/** Mouse, pen and fingers on a slice. */

import type { HuWindow, SceneStore } from '../../session/scene'
import type { ScreenPoint } from './slice_frame'
import type { SliceView } from './slice_view'
import { draggedWindow } from './window_level'

/** Pixels that the wheel turns for a slice, where it turns smoothly. */
const WHEEL_PIXELS = 100
const ZOOM_PER_PIXEL = 0.002
const LINE_PIXELS = 40
/** A press that moves less than that is a click. */
const CLICK_PIXELS = 4

type Drag =
  | { kind: 'crosshair' }
  | { kind: 'pan' }
  | { kind: 'window'; from: ScreenPoint; start: HuWindow }
  | { kind: 'point'; from: ScreenPoint }

/** Listen on the pane's surface; returns what ends it. */
export function listenToGestures(
  surface: HTMLElement,
  view: SliceView,
  scene: SceneStore,
  onDoubleClick: (point: ScreenPoint) => void,
): () => void {
  const pressed = new Map<number, ScreenPoint>()
  let drag: Drag | null = null
  let wheel = 0

  const at = (event: MouseEvent): ScreenPoint => {
    const { left, top } = surface.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  const press = (event: PointerEvent) => {
    const point = at(event)
    surface.setPointerCapture(event.pointerId)
    pressed.set(event.pointerId, point)
    if (pressed.size > 1) {
      drag = null // two fingers zoom and pan
      return
    }
    drag = dragOf(event, point, scene)
    if (drag.kind === 'crosshair') view.moveCrosshair(view.toRasMm(point))
  }

  const move = (event: PointerEvent) => {
    const before = pressed.get(event.pointerId)
    if (before === undefined) return
    const point = at(event)
    if (pressed.size === 2) pinch(view, pressed, event.pointerId, point)
    pressed.set(event.pointerId, point)
    if (drag?.kind === 'crosshair') view.moveCrosshair(view.toRasMm(point))
    if (drag?.kind === 'pan') view.pan(point.x - before.x, point.y - before.y)
    if (drag?.kind === 'window') {
      const { clientWidth, clientHeight } = surface
      const window = draggedWindow(
        drag.start,
        (point.x - drag.from.x) / Math.max(1, clientWidth),
        (point.y - drag.from.y) / Math.max(1, clientHeight),
      )
      scene.getState().set({ window })
    }
  }

  const release = (event: PointerEvent) => {
    const point = at(event)
    pressed.delete(event.pointerId)
    if (drag?.kind === 'point' && event.type === 'pointerup') {
      const moved = Math.hypot(point.x - drag.from.x, point.y - drag.from.y)
      if (moved < CLICK_PIXELS) scene.getState().measure(view.toRasMm(point))
    }
    drag = null
  }

  const turnWheel = (event: WheelEvent) => {
    event.preventDefault()
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PIXELS
    if (event.ctrlKey || event.metaKey) {
      view.zoomAbout(at(event), Math.exp(-pixels * ZOOM_PER_PIXEL))
      return
    }
    wheel -= pixels
    const slices = Math.trunc(wheel / WHEEL_PIXELS)
    if (slices === 0) return
    wheel -= slices * WHEEL_PIXELS
    view.scroll(slices)
  }

  const noMenu = (event: Event) => event.preventDefault() // the right button sets the window
  const doubleClick = (event: MouseEvent) => onDoubleClick(at(event))

  surface.addEventListener('pointerdown', press)
  surface.addEventListener('pointermove', move)
  surface.addEventListener('pointerup', release)
  surface.addEventListener('pointercancel', release)
  surface.addEventListener('wheel', turnWheel, { passive: false })
  surface.addEventListener('contextmenu', noMenu)
  surface.addEventListener('dblclick', doubleClick)
  return () => {
    surface.removeEventListener('pointerdown', press)
    surface.removeEventListener('pointermove', move)
    surface.removeEventListener('pointerup', release)
    surface.removeEventListener('pointercancel', release)
    surface.removeEventListener('wheel', turnWheel)
    surface.removeEventListener('contextmenu', noMenu)
    surface.removeEventListener('dblclick', doubleClick)
  }
}

function dragOf(event: PointerEvent, from: ScreenPoint, scene: SceneStore): Drag {
  const { tool, window: start } = scene.getState()
  if (event.button === 1) return { kind: 'pan' }
  if (event.button === 2 || event.shiftKey) return { kind: 'window', from, start }
  return tool === 'measure' ? { kind: 'point', from } : { kind: 'crosshair' }
}

/** What lies between the fingers follows them. */
function pinch(
  view: SliceView,
  pressed: ReadonlyMap<number, ScreenPoint>,
  movedId: number,
  movedTo: ScreenPoint,
): void {
  const before = pressed.get(movedId)
  const other = [...pressed].find(([id]) => id !== movedId)?.[1]
  if (before === undefined || other === undefined) return
  const apart = Math.hypot(before.x - other.x, before.y - other.y)
  const apartNow = Math.hypot(movedTo.x - other.x, movedTo.y - other.y)
  if (apart < 1 || apartNow < 1) return
  view.pan((movedTo.x - before.x) / 2, (movedTo.y - before.y) / 2)
  view.zoomAbout({ x: (movedTo.x + other.x) / 2, y: (movedTo.y + other.y) / 2 }, apartNow / apart)
}
