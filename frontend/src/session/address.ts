/** Where in the page the user is, as the address says: `#<jobId>` finds a job again. */

import { createStore, type StoreApi } from 'zustand/vanilla'

export type Route = { page: 'start' } | { page: 'jobs' } | { page: 'job'; jobId: string }

export interface Address {
  readonly store: StoreApi<Route>
  /** A step that the browser's back button undoes. */
  go: (route: Route) => void
}

const JOBS = '#jobs'

export function hashOf(route: Route): string {
  switch (route.page) {
    case 'start':
      return ''
    case 'jobs':
      return JOBS
    case 'job':
      return `#${route.jobId}`
  }
}

/** Anything that is no job's id leads to the start. */
export function routeOf(hash: string): Route {
  if (hash === JOBS) return { page: 'jobs' }
  const jobId = hash.slice(1)
  return /^[0-9A-Za-z_-]{6,64}$/.test(jobId) ? { page: 'job', jobId } : { page: 'start' }
}

/** The browser's address. It lives as long as the page. */
export function browserAddress(): Address {
  const store = createStore<Route>(() => routeOf(location.hash))
  const read = () => {
    const route = routeOf(location.hash)
    if (hashOf(route) !== hashOf(store.getState())) store.setState(route, true)
  }
  // Links and the back button; pushState fires neither event.
  window.addEventListener('popstate', read)
  window.addEventListener('hashchange', read)
  return {
    store,
    go: (route) => {
      const hash = hashOf(route)
      if (hash === hashOf(store.getState())) return
      history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
      store.setState(route, true)
    },
  }
}
