import { useEffect, useState, type RefObject } from 'react'

const NARROW_BELOW_PIXELS = 600

/** Whether an element is so narrow that only one pane fits into it. */
export function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false)
  useEffect(() => {
    const { current } = element
    if (current === null) return undefined
    const observer = new ResizeObserver(() => setNarrow(current.clientWidth < NARROW_BELOW_PIXELS))
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return narrow
}
