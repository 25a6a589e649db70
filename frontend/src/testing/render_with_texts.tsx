import { render, type RenderResult } from '@testing-library/react'
import i18next from 'i18next'
import type { ReactElement } from 'react'

import { startTexts, type Language } from '../i18n/language'

/** Render in a language, with all texts there. */
export async function renderWithTexts(
  element: ReactElement,
  language: Language = 'en',
): Promise<RenderResult> {
  if (!i18next.isInitialized) startTexts()
  await i18next.changeLanguage(language)
  // jsdom lays nothing out: it neither scrolls nor watches sizes.
  Element.prototype.scrollIntoView = () => undefined
  if (!('ResizeObserver' in globalThis)) Object.assign(globalThis, { ResizeObserver: NoObserver })
  return render(element)
}

class NoObserver {
  observe = () => undefined
  unobserve = () => undefined
  disconnect = () => undefined
}
