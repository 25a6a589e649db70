import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

import { help } from '../../i18n/texts/help'
import { useNames } from '../../i18n/use_names'

/** Alternatives of one shortcut; each may hold modifiers: `Shift+F`. */
export function Keys({ keys }: { keys: readonly string[] }) {
  const { t } = useTranslation('help')
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && <span className="text-xs text-muted">{t('or')}</span>}
          <Key name={key} />
        </Fragment>
      ))}
    </span>
  )
}

function Key({ name }: { name: string }) {
  const { language } = useNames()
  const names: Readonly<Record<string, string>> = help[language].keys
  // `+` alone is a key, not a joint.
  const parts = name.length === 1 ? [name] : name.split('+')
  return (
    <kbd className="inline-flex min-h-6 items-center rounded border border-line bg-raised px-1.5 text-xs whitespace-nowrap">
      {parts.map((part) => names[part] ?? part).join(' + ')}
    </kbd>
  )
}
