import type { Ref } from 'react'

import { classNames } from '../ui/class_names'

/** Letters over a picture of any brightness. */
export const ON_PICTURE = '[text-shadow:0_0_3px_var(--page),0_0_2px_var(--page)]'

/**
 * Marks above a picture are elements that are only moved, never painted anew: where there is no
 * graphics card, painting a layer of the pane's size costs more than drawing the slice below it.
 */
const MOVED = 'pointer-events-none absolute top-0 left-0 will-change-transform'

/** Lines to the left, right, top and bottom of the crosshair, which `SliceLines` moves. */
export function CrosshairLines({ ref }: { ref: Ref<HTMLDivElement> }) {
  const across = 'h-px w-full bg-accent/80'
  const down = 'h-full w-px bg-accent/80'
  return (
    <div ref={ref} hidden aria-hidden data-crosshair>
      {[across, across, down, down].map((line, number) => (
        <div key={number} className={classNames(MOVED, line)} />
      ))}
    </div>
  )
}

/** The crosshair's place in the 3D view. */
export function CrosshairMark({ ref }: { ref: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} hidden aria-hidden data-crosshair className={MOVED}>
      <svg width={26} height={26} viewBox="-13 -13 26 26" className="-translate-1/2" fill="none">
        <circle r={7} strokeWidth={3.5} className="stroke-surface" opacity={0.6} />
        <path d="M-12 0H-4M4 0H12M0 -12V-4M0 4V12" strokeWidth={1.5} className="stroke-accent" />
        <circle r={7} strokeWidth={1.5} className="stroke-accent" />
      </svg>
    </div>
  )
}

/** Line, points and label of a measured distance; `MeasureLine` moves them. */
export function MeasureMarks({ ref }: { ref: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref}>
      <div hidden aria-hidden className={classNames(MOVED, 'h-0.5 w-px origin-left bg-accent')} />
      {[0, 1].map((end) => (
        <div
          key={end}
          hidden
          aria-hidden
          className={classNames(MOVED, 'size-2 rounded-full bg-accent outline outline-page')}
        />
      ))}
      <div
        hidden
        data-measured
        className={classNames(
          MOVED,
          'rounded bg-surface/90 px-1.5 py-0.5 text-xs font-semibold text-ink tabular-nums shadow',
        )}
      />
    </div>
  )
}
