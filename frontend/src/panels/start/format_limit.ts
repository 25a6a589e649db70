import { formatBytes } from '../../i18n/formats'
import type { Language } from '../../i18n/language'
import { MAX_SCAN_BYTES } from '../../scan/limits'

/** The largest scan, in the decimal units that the rest of the page uses. */
export const formatLimit = (language: Language) => formatBytes(MAX_SCAN_BYTES, language)
