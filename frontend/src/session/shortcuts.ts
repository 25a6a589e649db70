/**
 * Every keyboard shortcut of the viewer in one table: the viewer acts by it, the help sheet lists
 * it. Single letters act only while the focus is inside the viewer (WCAG 2.1.4), so that they never
 * get in the way of typing.
 */

export interface Shortcut {
  /** Also the key of its text: `viewer:shortcuts.<id>`. */
  readonly id: ShortcutId
  /** Where it acts: everywhere in the viewer, in the 3D view or in a slice that has the focus. */
  readonly scope: ShortcutScope
  /** Any of these does it; as `KeyboardEvent.key` says, modifiers before it: `Shift+F`. */
  readonly keys: readonly string[]
}

export type ShortcutScope = 'viewer' | 'view3d' | 'slice'

export type ShortcutId =
  | 'lookFromFront'
  | 'lookFromBack'
  | 'lookFromLeft'
  | 'lookFromRight'
  | 'lookFromHead'
  | 'lookFromFeet'
  | 'fitAll'
  | 'fitSelected'
  | 'hideSelected'
  | 'soloSelected'
  | 'layoutGrid'
  | 'layout3d'
  | 'layoutAxial'
  | 'layoutCoronal'
  | 'layoutSagittal'
  | 'measure'
  | 'stop'
  | 'nextWindow'
  | 'outline'
  | 'lessOverlay'
  | 'moreOverlay'
  | 'slicesIn3d'
  | 'nextBackground'
  | 'screenshot'
  | 'turn'
  | 'shift'
  | 'zoomIn3d'
  | 'zoomOut3d'
  | 'nextSlice'
  | 'previousSlice'
  | 'tenSlicesOn'
  | 'tenSlicesBack'
  | 'moveCrosshair'
  | 'zoomInSlice'
  | 'zoomOutSlice'
  | 'resetSlice'

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'lookFromFront', scope: 'viewer', keys: ['A'] },
  { id: 'lookFromBack', scope: 'viewer', keys: ['P'] },
  { id: 'lookFromLeft', scope: 'viewer', keys: ['L'] },
  { id: 'lookFromRight', scope: 'viewer', keys: ['R'] },
  { id: 'lookFromHead', scope: 'viewer', keys: ['S'] },
  { id: 'lookFromFeet', scope: 'viewer', keys: ['I'] },
  { id: 'fitAll', scope: 'viewer', keys: ['F'] },
  { id: 'fitSelected', scope: 'viewer', keys: ['Shift+F'] },
  { id: 'hideSelected', scope: 'viewer', keys: ['H'] },
  { id: 'soloSelected', scope: 'viewer', keys: ['Shift+H'] },
  { id: 'layoutGrid', scope: 'viewer', keys: ['1'] },
  { id: 'layout3d', scope: 'viewer', keys: ['2'] },
  { id: 'layoutAxial', scope: 'viewer', keys: ['3'] },
  { id: 'layoutCoronal', scope: 'viewer', keys: ['4'] },
  { id: 'layoutSagittal', scope: 'viewer', keys: ['5'] },
  { id: 'measure', scope: 'viewer', keys: ['M'] },
  { id: 'stop', scope: 'viewer', keys: ['Escape'] },
  { id: 'nextWindow', scope: 'viewer', keys: ['W'] },
  { id: 'outline', scope: 'viewer', keys: ['O'] },
  { id: 'lessOverlay', scope: 'viewer', keys: ['['] },
  { id: 'moreOverlay', scope: 'viewer', keys: [']'] },
  { id: 'slicesIn3d', scope: 'viewer', keys: ['C'] },
  { id: 'nextBackground', scope: 'viewer', keys: ['B'] },
  { id: 'screenshot', scope: 'viewer', keys: ['K'] },
  { id: 'turn', scope: 'view3d', keys: ARROWS },
  { id: 'shift', scope: 'view3d', keys: ARROWS.map((arrow) => `Shift+${arrow}`) },
  { id: 'zoomIn3d', scope: 'view3d', keys: ['+', '='] },
  { id: 'zoomOut3d', scope: 'view3d', keys: ['-'] },
  { id: 'nextSlice', scope: 'slice', keys: ['ArrowUp'] },
  { id: 'previousSlice', scope: 'slice', keys: ['ArrowDown'] },
  { id: 'tenSlicesOn', scope: 'slice', keys: ['PageUp'] },
  { id: 'tenSlicesBack', scope: 'slice', keys: ['PageDown'] },
  { id: 'moveCrosshair', scope: 'slice', keys: ARROWS.map((arrow) => `Shift+${arrow}`) },
  { id: 'zoomInSlice', scope: 'slice', keys: ['+', '='] },
  { id: 'zoomOutSlice', scope: 'slice', keys: ['-'] },
  { id: 'resetSlice', scope: 'slice', keys: ['0'] },
]

interface PressedKey {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
}

/** The shortcut that a key press means in these scopes, the first scope first. */
export function shortcutOf(
  pressed: PressedKey,
  scopes: readonly ShortcutScope[],
): ShortcutId | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null // the browser's own
  const name = nameOf(pressed)
  for (const scope of scopes) {
    const found = SHORTCUTS.find((each) => each.scope === scope && each.keys.includes(name))
    if (found !== undefined) return found.id
  }
  return null
}

/** Letters and named keys tell Shift apart; signs such as `+` need it on some keyboards. */
function nameOf({ key, shiftKey }: PressedKey): string {
  const name = key.length === 1 ? key.toUpperCase() : key
  const isSign = key.length === 1 && name === key.toLowerCase()
  return shiftKey && !isSign ? `Shift+${name}` : name
}
