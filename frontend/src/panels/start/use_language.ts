import { useTranslation } from 'react-i18next'

import type { Language } from '../../i18n/language'

/** For numbers, sizes and times. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'es' ? 'es' : 'en'
}
