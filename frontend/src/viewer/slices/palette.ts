/** What colour and opacity each label value of the label map has. */

import { isShown, type SceneState } from '../../session/scene'

export const PALETTE_SIZE = 256
/** So much more of a selected structure is seen in slices. */
const SELECTED_MORE = 0.3

export type PaletteState = Pick<
  SceneState,
  'structures' | 'visible' | 'solo' | 'selected' | 'overlayOpacity' | 'opacity'
>

/**
 * RGBA of all label values. `over_slices`: how strongly the label lies over the grey values;
 * `cap`: how opaque the structure itself is, for faces where a clipping plane cuts it.
 */
export function paletteBytes(
  state: PaletteState & Parameters<typeof isShown>[0],
  purpose: 'over_slices' | 'cap',
): Uint8Array {
  const bytes = new Uint8Array(PALETTE_SIZE * 4)
  for (const { name, label_value: value, color_rgb: colour } of state.structures) {
    if (value <= 0 || value >= PALETTE_SIZE || !isShown(state, name)) continue
    const alpha = purpose === 'cap' ? (state.opacity[name] ?? 1) : overlayAlpha(state, name)
    bytes.set([...colour.slice(0, 3), Math.round(alpha * 255)], value * 4)
  }
  return bytes
}

function overlayAlpha({ overlayOpacity, selected }: PaletteState, name: string): number {
  if (overlayOpacity === 0) return 0
  return Math.min(1, overlayOpacity + (name === selected ? SELECTED_MORE : 0))
}
