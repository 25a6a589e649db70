import { Slider as Radix } from 'radix-ui'

import { classNames } from './class_names'

interface SliderProps {
  label: string
  /** What a screen reader says of the value, where the number alone does not do. */
  valueText?: string
  value: number
  min: number
  max: number
  step: number
  disabled?: boolean
  className?: string
  onChange: (value: number) => void
}

export function Slider({ label, valueText, value, onChange, className, ...limits }: SliderProps) {
  return (
    <Radix.Root
      className={classNames(
        'relative flex h-6 w-full touch-none items-center select-none',
        className,
      )}
      value={[value]}
      onValueChange={([next]) => {
        if (next !== undefined) onChange(next)
      }}
      {...limits}
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-4 rounded-full border-2 border-accent bg-surface focus-visible:outline-2 focus-visible:outline-focus data-disabled:opacity-50"
      />
    </Radix.Root>
  )
}
