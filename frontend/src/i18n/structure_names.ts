/** What structures and body systems are called for people. */

import i18next from 'i18next'

import type { Language } from './language'
import { spanishName } from './structure_names_es'
import { structures } from './texts/structures'

/** `fallback` is the API's own English `display_name`: all that English needs. */
export function structureName(name: string, language: Language, fallback: string): string {
  return language === 'es' ? (spanishName(name) ?? fallback) : fallback
}

/** A group of the tree; a system that is not known yet is called as the API calls it. */
export function bodySystemName(system: string, language: Language): string {
  const names: Readonly<Record<string, string>> = structures[language].systems
  return names[system] ?? system.replaceAll('_', ' ')
}

/** The language that the page is in; components that name structures use `useNames`. */
export function currentLanguage(): Language {
  return i18next.language === 'es' ? 'es' : 'en'
}
