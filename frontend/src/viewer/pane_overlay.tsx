import type { ReactNode, Ref } from 'react'

/** Letters over a picture of any brightness. */
export const ON_PICTURE = '[text-shadow:0_0_3px_var(--page),0_0_2px_var(--page)]'

/** Points and line of a measured distance; `MeasureLine` places them. */
export function MeasureMarks({ ref }: { ref: Ref<SVGGElement> }) {
  return (
    <g ref={ref} className="text-accent" fill="currentColor" stroke="currentColor">
      <path d="" fill="none" strokeWidth={2} />
      <circle r={0} strokeWidth={1.5} stroke="black" />
      <circle r={0} strokeWidth={1.5} stroke="black" />
    </g>
  )
}

export function MeasureLabel({ ref }: { ref: Ref<HTMLDivElement> }) {
  return (
    <div
      ref={ref}
      hidden
      data-measured
      className="pointer-events-none absolute top-0 left-0 rounded bg-surface/90 px-1.5 py-0.5 text-xs font-semibold text-ink tabular-nums shadow"
    />
  )
}

/** The layer above a pane's picture, in CSS pixels of the pane. */
export function OverlayLayer({ children }: { children: ReactNode }) {
  return (
    <svg aria-hidden className="pointer-events-none absolute inset-0 size-full overflow-hidden">
      {children}
    </svg>
  )
}
