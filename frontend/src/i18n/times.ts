/** Points in time as the page's language writes them, in the user's own time zone. */

import type { Language } from './language'

const formatters = new Map<Language, Intl.DateTimeFormat>()

/** `iso`: ISO 8601, as the API gives it. */
export function formatTime(iso: string, language: Language): string {
  let formatter = formatters.get(language)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    formatters.set(language, formatter)
  }
  return formatter.format(new Date(iso))
}

/** Rough, since it is an estimate: `30 s`, `4 min`, `2 h`. */
export function formatEstimate(seconds: number, language: Language): string {
  const [value, unit] =
    seconds < 55
      ? [Math.max(5, Math.ceil(seconds / 5) * 5), 'second']
      : seconds < 5400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(
    value,
  )
}
