import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

import { classNames } from './class_names'

/** The browser's own list, which phones and screen readers know best. */
export function Select({ className, ...others }: ComponentProps<'select'>) {
  return (
    <span className={classNames('relative block', className)}>
      <select
        className="h-10 w-full appearance-none truncate rounded-md border border-control bg-surface ps-3 pe-9 text-sm text-ink focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-focus disabled:opacity-60"
        {...others}
      />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute end-2.5 top-1/2 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  )
}
