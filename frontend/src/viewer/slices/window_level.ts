/** Windowing by hand. */

import { WINDOWS, type HuWindow } from '../../session/scene'
import { clamp } from './slice_frame'

export type WindowName = keyof typeof WINDOWS

export const WINDOW_NAMES = ['softTissue', 'lung', 'bone', 'brain'] as const satisfies WindowName[]

/** HU that a drag over the whole pane changes, at least; a wide window changes faster. */
const LEAST_RANGE_HU = 500
const CENTRE_LIMIT_HU = 4000

/**
 * The window after a drag over this share of the pane: to the right wider, downward to brighter
 * tissue's values (the picture gets darker), as on reading stations.
 */
export function draggedWindow(start: HuWindow, shareX: number, shareY: number): HuWindow {
  const range = Math.max(LEAST_RANGE_HU, start.width * 1.5)
  return {
    centre: Math.round(clamp(start.centre + shareY * range, -CENTRE_LIMIT_HU, CENTRE_LIMIT_HU)),
    width: Math.round(clamp(start.width + shareX * range, 1, 2 * CENTRE_LIMIT_HU)),
  }
}

/** The preset that this window is, if any. */
export function nameOfWindow({ centre, width }: HuWindow): WindowName | null {
  return (
    WINDOW_NAMES.find((name) => WINDOWS[name].centre === centre && WINDOWS[name].width === width) ??
    null
  )
}

export function windowAfter(current: HuWindow): HuWindow {
  const name = nameOfWindow(current)
  const next = name === null ? 0 : (WINDOW_NAMES.indexOf(name) + 1) % WINDOW_NAMES.length
  return WINDOWS[WINDOW_NAMES[next] ?? 'softTissue']
}
