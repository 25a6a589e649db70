/** Time and the page's surroundings, as things that tests replace. */

export interface Clock {
  now: () => number
  /** Returns what calls it off. */
  after: (ms: number, action: () => void) => () => void
}

export interface PageVisibility {
  readonly hidden: boolean
  /** Called when the page is shown or hidden, and when the connection is back. */
  listen: (listener: () => void) => () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
}

export const browserPage: PageVisibility = {
  get hidden() {
    return document.hidden
  },
  listen: (listener) => {
    document.addEventListener('visibilitychange', listener)
    window.addEventListener('online', listener)
    return () => {
      document.removeEventListener('visibilitychange', listener)
      window.removeEventListener('online', listener)
    }
  },
}
