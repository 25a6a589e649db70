import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** A small panel beside the button that opens it. */
export function Popover({
  label,
  trigger,
  children,
}: {
  label: string
  trigger: ReactNode
  children: ReactNode
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 w-60 rounded-md border border-line bg-surface p-3 text-sm text-ink shadow-lg focus-visible:outline-2 focus-visible:outline-focus"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
