import { useCallback, useEffect, useRef, useState } from 'react'

export type Loading =
  | { readonly state: 'absent' }
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready' }
  | { readonly state: 'failed' }

type Load = (signal: AbortSignal, onProgress: (share: number) => void) => Promise<void>

/**
 * Load something once for each `key`; `null` says that there is nothing to load. `load` may be
 * another function at every rendering: the newest one is used when it is needed, since links are
 * renewed all the time.
 */
export function useLoading(
  key: unknown,
  load: Load | null,
): { loading: Loading; again: () => void } {
  const [loading, setLoading] = useState<Loading>({ state: 'loading', share: 0 })
  const [attempt, setAttempt] = useState(0)
  const newest = useRef(load)
  const isAbsent = load === null
  useEffect(() => {
    newest.current = load
  })
  useEffect(() => {
    const current = newest.current
    if (key === null || current === null) return undefined
    const abort = new AbortController()
    let shown = 0
    current(abort.signal, (share) => {
      if (share - shown < 0.01 || abort.signal.aborted) return
      shown = share
      setLoading({ state: 'loading', share })
    }).then(
      () => {
        if (!abort.signal.aborted) setLoading({ state: 'ready' })
      },
      () => {
        if (!abort.signal.aborted) setLoading({ state: 'failed' })
      },
    )
    return () => abort.abort()
  }, [key, attempt, isAbsent])
  const again = useCallback(() => {
    setLoading({ state: 'loading', share: 0 })
    setAttempt((number) => number + 1)
  }, [])
  return { loading: isAbsent ? { state: 'absent' } : loading, again }
}
