import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ScreenProps {
  /** What the screen is called, also in the tab and in the history of the browser. */
  heading: string
  /** Its name for tests. */
  name: string
  wide?: boolean
  children: ReactNode
}

/** One screen of the page: its heading gets the focus when it takes another screen's place. */
export function Screen({ heading, name, wide = false, children }: ScreenProps) {
  return (
    <div
      data-screen={name}
      className={`mx-auto w-full px-4 py-6 sm:px-6 sm:py-10 ${wide ? 'max-w-6xl' : 'max-w-2xl'}`}
    >
      <ScreenHeading heading={heading} className="pb-5 text-2xl font-semibold tracking-tight" />
      {children}
    </div>
  )
}

let shownBefore = false

export function ScreenHeading({ heading, className }: { heading: string; className?: string }) {
  const { t } = useTranslation()
  const element = useRef<HTMLHeadingElement>(null)
  const product = t('product')
  useEffect(() => {
    document.title = `${heading} · ${product}`
  }, [heading, product])
  useEffect(() => {
    // When the page is opened the focus belongs to its beginning.
    if (shownBefore) element.current?.focus({ preventScroll: true })
    shownBefore = true
  }, [])
  return (
    <h1 ref={element} tabIndex={-1} className={`outline-none ${className ?? ''}`}>
      {heading}
    </h1>
  )
}
