import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'

import { classNames } from './class_names'

interface SegmentedProps<Name extends string> {
  label: string
  options: readonly { name: Name; label: string; icon?: ReactNode; disabled?: boolean }[]
  value: Name
  onChange: (name: Name) => void
  className?: string
}

/** One choice of a few, side by side; an option with a picture shows its name as a tooltip. */
export function Segmented<Name extends string>({
  label,
  options,
  value,
  onChange,
  className,
}: SegmentedProps<Name>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(name) => {
        if (name !== '') onChange(name as Name) // Radix gives back one of the options' names
      }}
      className={classNames(
        'inline-flex shrink-0 rounded-md border border-line bg-surface p-0.5',
        className,
      )}
    >
      {options.map(({ name, label: own, icon, disabled }) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          data-option={name}
          disabled={disabled === true}
          {...(icon === undefined ? {} : { 'aria-label': own, title: own })}
          className="inline-flex min-h-7 min-w-7 grow items-center justify-center gap-1 rounded px-1.5 text-xs font-medium text-muted hover:text-ink focus-visible:outline-2 focus-visible:outline-focus disabled:pointer-events-none disabled:opacity-50 data-[state=on]:bg-raised data-[state=on]:text-accent-ink [&_svg]:size-4"
        >
          {icon ?? own}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
