/**
 * The `?` key opens the help wherever one is, except while typing. WCAG 2.1.4 asks that such a key
 * can be switched off; the choice stays in this browser.
 */

import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

const STORAGE_KEY = 'helpKeyOff'

/** Null until it is changed here: importing reads nothing. */
const changed = createStore<boolean | null>(() => null)

const isEnabled = (change: boolean | null) => change ?? localStorage.getItem(STORAGE_KEY) === null

export function useHelpKeyEnabled(): boolean {
  return useStore(changed, isEnabled)
}

export function enableHelpKey(enabled: boolean): void {
  if (enabled) localStorage.removeItem(STORAGE_KEY)
  else localStorage.setItem(STORAGE_KEY, '1')
  changed.setState(enabled, true)
}

/** Call back when `?` is pressed. */
export function useHelpKey(onOpen: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.altKey || event.metaKey) return
      if (isTyping(event.target) || !isEnabled(changed.getState())) return
      event.preventDefault()
      onOpen()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [onOpen])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  )
}
