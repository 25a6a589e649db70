import type { Language } from '../../i18n/language'

const STEP_SECONDS = 5
const MINUTE = 60
const HOUR = 60 * MINUTE

/** As roughly as an estimate of the network can be meant: `40 sec`, `3 min`, `2 hr`. */
export function formatTimeLeft(seconds: number, language: Language): string {
  const [value, unit] =
    seconds < MINUTE - STEP_SECONDS
      ? [Math.max(1, Math.ceil(seconds / STEP_SECONDS)) * STEP_SECONDS, 'second']
      : seconds < HOUR
        ? [Math.max(1, Math.round(seconds / MINUTE)), 'minute']
        : [Math.round(seconds / HOUR), 'hour']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(
    value,
  )
}
