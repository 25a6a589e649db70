import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

import { classNames } from './class_names'

interface CheckboxProps {
  label: ReactNode
  /** What it is called where `label` is not text alone. */
  name?: string
  /** `indeterminate`: some of what it stands for. */
  checked: boolean | 'indeterminate'
  disabled?: boolean
  className?: string
  onChange: (checked: boolean) => void
}

export function Checkbox({ label, name, checked, disabled, className, onChange }: CheckboxProps) {
  return (
    <label
      className={classNames(
        'inline-flex min-h-7 cursor-pointer items-center gap-2 text-sm has-disabled:cursor-default',
        className,
      )}
    >
      <Radix.Root
        checked={checked}
        disabled={disabled === true}
        onCheckedChange={(next) => onChange(next === true)}
        {...(name === undefined ? {} : { 'aria-label': name })}
        className="flex size-5 shrink-0 items-center justify-center rounded border border-control bg-surface text-on-accent focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus disabled:opacity-60 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent"
      >
        <Radix.Indicator>
          {checked === 'indeterminate' ? (
            <Minus aria-hidden className="size-4" />
          ) : (
            <Check aria-hidden className="size-4" />
          )}
        </Radix.Indicator>
      </Radix.Root>
      {label}
    </label>
  )
}
