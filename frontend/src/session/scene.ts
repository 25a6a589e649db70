/**
 * What is seen of a finished job: which structures, how, and from where. Knows neither React nor
 * three: panels read and write it, the viewer follows it.
 */

import { createStore, type StoreApi } from 'zustand/vanilla'

import type { Structure } from '../api/types'
import type { Vec3 } from './vector'

/** Anatomical directions to look from: the patient's front, back, left, right, head and feet. */
export type ViewDirection = 'A' | 'P' | 'L' | 'R' | 'S' | 'I'
export type Plane = 'axial' | 'coronal' | 'sagittal'
export type Layout = 'grid' | '3d' | Plane
export type Tool = 'navigate' | 'measure'
export type Background = 'dark' | 'grey' | 'light'
export type Lighting = 'headlight' | 'studio' | 'flat'

/** Grey values: HU at the middle, and from black to white. */
export interface HuWindow {
  centre: number
  width: number
}

/** Usual windows of CT reading. */
export const WINDOWS = {
  softTissue: { centre: 40, width: 400 },
  lung: { centre: -600, width: 1500 },
  bone: { centre: 500, width: 2000 },
  brain: { centre: 40, width: 80 },
} as const satisfies Record<string, HuWindow>

/** One clipping plane across an axis of RAS+: what lies beyond `positionMm` is cut away. */
export interface Clip {
  enabled: boolean
  positionMm: number
  flipped: boolean
}

export interface SceneState {
  readonly structures: readonly Structure[]
  /** By structure's name, as the eye in its row says. */
  readonly visible: Readonly<Record<string, boolean>>
  /** By structure's name, 0 to 1. */
  readonly opacity: Readonly<Record<string, number>>
  /** Names of the only structures shown, whatever their eyes say; null while there is no solo. */
  readonly solo: ReadonlySet<string> | null
  readonly hovered: string | null
  readonly selected: string | null
  readonly crosshairRasMm: Vec3 | null
  readonly layout: Layout
  readonly tool: Tool
  /** None, one or two points, each on a surface or in a slice. */
  readonly measured: readonly Vec3[]
  readonly background: Background
  readonly lighting: Lighting
  readonly clips: Readonly<Record<'x' | 'y' | 'z', Clip>>
  readonly slicesIn3d: boolean
  readonly window: HuWindow
  /** Of the label map over the slices, 0 to 1. */
  readonly overlayOpacity: number
  readonly outline: boolean
}

export interface SceneActions {
  /** Show another job's structures, all else as at the start. */
  show: (structures: readonly Structure[]) => void
  setVisible: (names: readonly string[], visible: boolean) => void
  setOpacity: (names: readonly string[], opacity: number) => void
  /** Show nothing but these; the same names again end it. */
  toggleSolo: (names: readonly string[]) => void
  hover: (name: string | null) => void
  select: (name: string | null) => void
  moveCrosshair: (pointRasMm: Vec3) => void
  /** A further point; the third one begins anew. */
  measure: (pointRasMm: Vec3) => void
  setTool: (tool: Tool) => void
  set: (part: Partial<Pick<SceneState, ViewSetting>>) => void
  setClip: (axis: 'x' | 'y' | 'z', clip: Partial<Clip>) => void
}

export type ViewSetting =
  'layout' | 'background' | 'lighting' | 'slicesIn3d' | 'window' | 'overlayOpacity' | 'outline'

export type Scene = SceneState & SceneActions
export type SceneStore = StoreApi<Scene>

const NO_CLIP: Clip = { enabled: false, positionMm: 0, flipped: false }

const AT_THE_START: SceneState = {
  structures: [],
  visible: {},
  opacity: {},
  solo: null,
  hovered: null,
  selected: null,
  crosshairRasMm: null,
  layout: 'grid',
  tool: 'navigate',
  measured: [],
  background: 'dark',
  lighting: 'studio',
  clips: { x: NO_CLIP, y: NO_CLIP, z: NO_CLIP },
  slicesIn3d: false,
  window: WINDOWS.softTissue,
  overlayOpacity: 0.45,
  outline: false,
}

/** Whether a structure is drawn. */
export function isShown(state: SceneState, name: string): boolean {
  return state.solo === null ? (state.visible[name] ?? false) : state.solo.has(name)
}

/** Names of what is shown at first: not what lies around all else, unless there is nothing else. */
export function shownAtFirst(structures: readonly Structure[]): Set<string> {
  const inner = structures.filter(({ encloses }) => !encloses)
  return new Set((inner.length > 0 ? inner : structures).map(({ name }) => name))
}

export function createScene(): SceneStore {
  return createStore<Scene>()((set) => ({
    ...AT_THE_START,
    show: (structures) => {
      const shown = shownAtFirst(structures)
      set({
        ...AT_THE_START,
        structures,
        visible: Object.fromEntries(structures.map(({ name }) => [name, shown.has(name)])),
        opacity: Object.fromEntries(structures.map(({ name }) => [name, 1])),
      })
    },
    setVisible: (names, visible) =>
      set((state) => ({ visible: withEach(state.visible, names, visible), solo: null })),
    setOpacity: (names, opacity) =>
      set((state) => ({ opacity: withEach(state.opacity, names, opacity) })),
    toggleSolo: (names) =>
      set((state) => ({ solo: sameNames(state.solo, names) ? null : new Set(names) })),
    hover: (hovered) => set({ hovered }),
    select: (selected) => set({ selected }),
    moveCrosshair: (crosshairRasMm) => set({ crosshairRasMm }),
    measure: (point) =>
      set(({ measured }) => ({ measured: measured.length < 2 ? [...measured, point] : [point] })),
    setTool: (tool) => set(tool === 'measure' ? { tool } : { tool, measured: [] }),
    set: (part) => set(part),
    setClip: (axis, clip) =>
      set(({ clips }) => ({ clips: { ...clips, [axis]: { ...clips[axis], ...clip } } })),
  }))
}

function withEach<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
  value: Value,
): Record<string, Value> {
  return { ...all, ...Object.fromEntries(names.map((name) => [name, value])) }
}

function sameNames(solo: ReadonlySet<string> | null, names: readonly string[]): boolean {
  return solo !== null && solo.size === names.length && names.every((name) => solo.has(name))
}
