import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import type { Language } from './language'
import { bodySystemName, structureName } from './structure_names'

interface Named {
  name: string
  display_name: string
}

export interface Names {
  language: Language
  structure: (structure: Named) => string
  bodySystem: (system: string) => string
}

/** What structures and body systems are called in the page's language. */
export function useNames(): Names {
  const { i18n } = useTranslation()
  const language: Language = i18n.language === 'es' ? 'es' : 'en'
  return useMemo(
    () => ({
      language,
      structure: ({ name, display_name }) => structureName(name, language, display_name),
      bodySystem: (system) => bodySystemName(system, language),
    }),
    [language],
  )
}
