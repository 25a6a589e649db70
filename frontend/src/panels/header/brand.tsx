/** An eye whose iris is a slice's crosshair. */
export function Brand() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-7 text-accent-ink" fill="none">
      <path
        d="M2 16c4-7 9-10.5 14-10.5S26 9 30 16c-4 7-9 10.5-14 10.5S6 23 2 16Z"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="16" r="6" stroke="currentColor" strokeWidth="2" />
      <path d="M16 7.5v5M16 19.5v5M7.5 16h5M19.5 16h5" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="16" cy="16" r="1.75" fill="currentColor" />
    </svg>
  )
}
