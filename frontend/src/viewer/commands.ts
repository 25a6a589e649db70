/** What each keyboard shortcut does. */

import type { CameraRequests } from '../session/camera'
import {
  isShown,
  type Background,
  type Layout,
  type Plane,
  type SceneStore,
  type ViewDirection,
} from '../session/scene'
import type { ShortcutId } from '../session/shortcuts'
import { windowAfter } from './slices/window_level'
import type { Viewer } from './viewer'

export const BACKGROUNDS = ['dark', 'grey', 'light'] as const satisfies Background[]
const OVERLAY_STEP = 0.1
const SHIFT_PIXELS = 30
const ZOOM = 1.2

interface Press {
  readonly key: string
  /** The slice that has the focus. */
  readonly plane: Plane | null
}

/** Carry out a shortcut. */
export function runShortcut(
  id: ShortcutId,
  { key, plane }: Press,
  { viewer, scene, camera }: { viewer: Viewer; scene: SceneStore; camera: CameraRequests },
): void {
  const state = scene.getState()
  const { selected } = state
  const lookFrom = (direction: ViewDirection) => camera.ask({ kind: 'look_from', direction })
  const layout = (name: Layout) => state.set({ layout: name })
  const overlay = (by: number) =>
    state.set({ overlayOpacity: Math.min(1, Math.max(0, state.overlayOpacity + by)) })
  const slice = plane === null ? null : viewer.slices[plane]
  const [right, up] = arrow(key)
  const actions: Readonly<Record<ShortcutId, () => void>> = {
    lookFromFront: () => lookFrom('A'),
    lookFromBack: () => lookFrom('P'),
    lookFromLeft: () => lookFrom('L'),
    lookFromRight: () => lookFrom('R'),
    lookFromHead: () => lookFrom('S'),
    lookFromFeet: () => lookFrom('I'),
    fitAll: () => camera.ask({ kind: 'fit' }),
    fitSelected: () =>
      camera.ask(selected === null ? { kind: 'fit' } : { kind: 'fit', names: [selected] }),
    hideSelected: () => {
      if (selected !== null) state.setVisible([selected], !isShown(state, selected))
    },
    soloSelected: () => {
      if (selected !== null) state.toggleSolo([selected])
    },
    layoutGrid: () => layout('grid'),
    layout3d: () => layout('3d'),
    layoutAxial: () => layout('axial'),
    layoutCoronal: () => layout('coronal'),
    layoutSagittal: () => layout('sagittal'),
    measure: () => state.setTool(state.tool === 'measure' ? 'navigate' : 'measure'),
    stop: () => {
      if (state.tool === 'measure') state.setTool('navigate')
      else state.select(null)
    },
    nextWindow: () => state.set({ window: windowAfter(state.window) }),
    outline: () => state.set({ outline: !state.outline }),
    lessOverlay: () => overlay(-OVERLAY_STEP),
    moreOverlay: () => overlay(OVERLAY_STEP),
    slicesIn3d: () => state.set({ slicesIn3d: !state.slicesIn3d }),
    nextBackground: () => state.set({ background: after(BACKGROUNDS, state.background) }),
    screenshot: () => camera.ask({ kind: 'screenshot' }),
    turn: () => viewer.space.turn(right, up),
    shift: () => viewer.space.shift(right * SHIFT_PIXELS, -up * SHIFT_PIXELS),
    zoomIn3d: () => viewer.space.zoom(ZOOM),
    zoomOut3d: () => viewer.space.zoom(1 / ZOOM),
    nextSlice: () => slice?.scroll(1),
    previousSlice: () => slice?.scroll(-1),
    tenSlicesOn: () => slice?.scroll(10),
    tenSlicesBack: () => slice?.scroll(-10),
    moveCrosshair: () => slice?.nudge(right, up),
    zoomInSlice: () => slice?.zoom(ZOOM),
    zoomOutSlice: () => slice?.zoom(1 / ZOOM),
    resetSlice: () => slice?.reset(),
  }
  actions[id]()
}

/** Steps to the right and upward. */
function arrow(key: string): readonly [number, number] {
  if (key === 'ArrowLeft') return [-1, 0]
  if (key === 'ArrowRight') return [1, 0]
  if (key === 'ArrowUp') return [0, 1]
  return key === 'ArrowDown' ? [0, -1] : [0, 0]
}

function after<Item>(items: readonly Item[], current: Item): Item {
  return items[(items.indexOf(current) + 1) % items.length] ?? current
}
