/** Numbers, sizes and times as the page's language writes them. */

import type { Language } from './language'

const KILO = 1000

/** What a number is followed by where it is a unit of its own; binary prefixes are not meant. */
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Three figures or the whole part, whichever says more: more would feign precision. */
export function formatQuantity(value: number, language: Language): string {
  const size = Math.abs(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return format(value, language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** How much more or less something is: `+0.4%`, `-1.25%`. */
export function formatSignedPercent(percent: number, language: Language): string {
  return format(percent / 100, language, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 2,
  })
}

export function formatInteger(value: number, language: Language): string {
  return format(Math.round(value) || 0, language, {}) // never “-0”
}

/** Of a file: `1.4 MB`. */
export function formatBytes(bytes: number, language: Language): string {
  const last = BYTE_UNITS.length - 1
  const power = Math.min(last, bytes < KILO ? 0 : Math.floor(Math.log(bytes) / Math.log(KILO)))
  const value = bytes / KILO ** power
  return format(value, language, {
    style: 'unit',
    unit: BYTE_UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 0 && value < 10 ? 1 : 0,
  })
}

/** Of a stage: `0.4 s`, `12 s`, `3 min 5 s`; the units' signs are those of both languages. */
export function formatSeconds(seconds: number, language: Language): string {
  if (seconds < 9.95) return `${format(seconds, language, { maximumFractionDigits: 1 })} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** An amount of a currency that may be far below one unit: two figures of it are kept. */
export function formatUsd(amount: number, language: Language): string {
  return format(amount, language, {
    style: 'currency',
    currency: 'USD',
    ...(amount < 1 ? { minimumSignificantDigits: 2, maximumSignificantDigits: 2 } : {}),
  })
}

/** When a job was made: `2 March 2026 at 10:30`, in the reader's time zone. */
export function formatDateTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

const formatters = new Map<string, Intl.NumberFormat>()

/** Formatters are kept: making one costs more than a hundred uses of it. */
function format(value: number, language: Language, options: Intl.NumberFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(language, options)
    formatters.set(key, formatter)
  }
  return formatter.format(value)
}
