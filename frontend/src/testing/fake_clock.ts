/** Time that stands still until a test moves it on, and a page that it hides and shows. */

import type { Clock, PageVisibility } from '../session/clock'

export interface FakeClock extends Clock {
  /** Waits that were begun, in ms, in their order. */
  readonly waits: number[]
  /** Let time pass, with all that becomes due in it. */
  pass: (ms: number) => Promise<void>
}

export function createFakeClock(): FakeClock {
  let now = 0
  const timers = new Map<number, { due: number; action: () => void }>()
  let made = 0
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    after: (ms, action) => {
      const id = ++made
      waits.push(ms)
      timers.set(id, { due: now + ms, action })
      return () => timers.delete(id)
    },
    pass: async (ms) => {
      const until = now + ms
      for (;;) {
        const [next] = [...timers].filter(([, { due }]) => due <= until).sort(byDue)
        if (next === undefined) break
        const [id, { due, action }] = next
        timers.delete(id)
        now = due
        action()
        await settled()
      }
      now = until
      await settled()
    },
  }
}

const byDue = (a: [number, { due: number }], b: [number, { due: number }]) => a[1].due - b[1].due

/** All that follows without waiting has happened. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

export interface FakePage extends PageVisibility {
  hide: () => void
  show: () => void
}

export function createFakePage(): FakePage {
  let hidden = false
  const listeners = new Set<() => void>()
  const change = (next: boolean) => {
    hidden = next
    for (const listener of [...listeners]) listener()
  }
  return {
    get hidden() {
      return hidden
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    hide: () => change(true),
    show: () => change(false),
  }
}
