import { useTranslation } from 'react-i18next'

import type { Engine } from '../../api/types'
import { about } from '../../i18n/texts/about'
import { useNames } from '../../i18n/use_names'
import { limitsOf } from './engine_limits'
import { Facts, Part } from '../../ui/facts'

/** Which engine ran: nobody may take one for the other. */
export function EnginePart({ engine }: { engine: Engine | null }) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  if (engine === null) {
    return (
      <Part title={t('engine')}>
        <p className="text-sm text-muted">{t('noEngine')}</p>
      </Part>
    )
  }
  const engines: Readonly<Record<string, { name: string; what: string }>> = about[language].engines
  const devices: Readonly<Record<string, string>> = about[language].devices
  const known = engines[engine.name]
  return (
    <Part title={t('engine')}>
      <p className="text-base font-medium" data-engine={engine.name}>
        {known?.name ?? engine.name}
      </p>
      {known !== undefined && <p className="text-sm">{known.what}</p>}
      <Facts
        facts={[
          [t('version'), engine.version],
          [t('device'), devices[engine.device] ?? engine.device],
          engine.models.length === 0 ? null : [t('models'), <Models of={engine.models} />],
        ]}
      />
      <Limits words={engine.limits} />
    </Part>
  )
}

function Models({ of }: { of: readonly string[] }) {
  return (
    <ul className="text-xs break-all">
      {of.map((model) => (
        <li key={model}>{model}</li>
      ))}
    </ul>
  )
}

function Limits({ words }: { words: string }) {
  const { t } = useTranslation('about')
  const { known, unknown } = limitsOf(words)
  return (
    <div className="flex flex-col gap-1 rounded-md bg-warning p-3 text-sm text-on-warning">
      <h4 className="font-semibold">{t('limits')}</h4>
      {known.map((statement) => (
        <p key={statement} data-limit={statement}>
          {t(`statements.${statement}`)}
        </p>
      ))}
      {unknown !== '' && <p lang="en">{unknown}</p>}
      {known.length > 0 && (
        <details className="text-xs">
          <summary className="min-h-6 cursor-pointer py-1 focus-visible:outline-2 focus-visible:outline-focus">
            {t('original')}
          </summary>
          <p lang="en">{words}</p>
        </details>
      )}
    </div>
  )
}
