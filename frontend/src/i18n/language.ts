/** The page's language: what was chosen here before, else the browser's, else English. */

import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

import { NAMESPACES, resourcesOf } from './resources'

export const LANGUAGES = { en: 'English', es: 'Español' } as const
export type Language = keyof typeof LANGUAGES
const STORAGE_KEY = 'language'

function isLanguage(name: string | null | undefined): name is Language {
  return name !== null && name !== undefined && name in LANGUAGES
}

/** The best language for these wishes, most wanted first (`navigator.languages`). */
export function languageFor(wishes: readonly string[], chosen: string | null): Language {
  if (isLanguage(chosen)) return chosen
  const wanted = wishes.map((tag) => tag.split('-')[0]?.toLowerCase())
  return wanted.find(isLanguage) ?? 'en'
}

/** Make the texts ready; the document says which language it is in. */
export function startTexts(): i18n {
  i18next.on('languageChanged', (language) => (document.documentElement.lang = language))
  void i18next.use(initReactI18next).init({
    lng: languageFor(navigator.languages, localStorage.getItem(STORAGE_KEY)),
    fallbackLng: false,
    ns: NAMESPACES,
    defaultNS: 'words',
    resources: { en: resourcesOf('en'), es: resourcesOf('es') },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  })
  return i18next
}

/** Change the language, and remember it. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language)
  void i18next.changeLanguage(language)
}
