import { useRef } from 'react'

/**
 * Gives the focus back to what opened a dialog. Radix does so for its own triggers alone; without
 * one, the focus would fall to the beginning of the page.
 */
export function useReturningFocus() {
  const opener = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: () => {
      opener.current = document.activeElement
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      const { current } = opener
      if (current instanceof HTMLElement) current.focus()
      // What opened it may be gone, as the job that was deleted.
      if (document.activeElement !== current) document.querySelector('main')?.focus()
    },
  }
}
