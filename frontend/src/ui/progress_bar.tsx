import { Progress } from 'radix-ui'

/** `share` from 0 to 1; null while it is not known. */
export function ProgressBar({ label, share }: { label: string; share: number | null }) {
  return (
    <Progress.Root
      aria-label={label}
      value={share === null ? null : Math.round(share * 100)}
      className="h-2 w-full overflow-hidden rounded-full bg-line"
    >
      <Progress.Indicator
        className="h-full bg-accent transition-[width] data-[state=indeterminate]:w-1/3 data-[state=indeterminate]:motion-safe:animate-pulse"
        style={share === null ? {} : { width: `${share * 100}%` }}
      />
    </Progress.Root>
  )
}
