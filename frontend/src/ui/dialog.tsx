import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

import { IconButton } from './button'
import { useReturningFocus } from './returning_focus'

interface DialogProps {
  title: string
  description?: string
  closeLabel: string
  open: boolean
  onOpenChange: (open: boolean) => void
  children: ReactNode
}

export function Dialog({
  title,
  description,
  closeLabel,
  open,
  onOpenChange,
  children,
}: DialogProps) {
  const returningFocus = useReturningFocus()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          className="fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[min(40rem,92vw)] -translate-1/2 overflow-auto rounded-lg border border-line bg-surface p-6 text-ink shadow-xl"
          {...returningFocus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <Radix.Title className="pe-10 text-lg font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-1 text-sm text-muted">{description}</Radix.Description>
          )}
          <div className="mt-4">{children}</div>
          <Radix.Close asChild>
            <IconButton label={closeLabel} className="absolute end-3 top-3">
              <X />
            </IconButton>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
