import { useTranslation } from 'react-i18next'

import type { JobWarning } from '../../api/types'
import { warningText } from '../../i18n/problem_texts'
import { useNames } from '../../i18n/use_names'
import { Notice } from '../../ui/notice'

/** Doubts about a job, each kind once; what the service says in detail is below it. */
export function WarningList({ warnings }: { warnings: readonly JobWarning[] }) {
  const { t } = useTranslation('progress')
  const { language } = useNames()
  if (warnings.length === 0) return null
  const byCode = new Map<string, string[]>()
  for (const { code, message } of warnings) {
    byCode.set(code, [...(byCode.get(code) ?? []), message])
  }
  return (
    <Notice kind="warning" title={t('warnings')}>
      <ul className="list-disc space-y-1 ps-5">
        {[...byCode].map(([code, messages]) => {
          const text = warningText(code, language, messages[0] ?? code)
          const details = messages.filter((message) => message !== text)
          return (
            <li key={code} data-warning={code}>
              {text}
              {details.length > 0 && (
                <details className="text-xs">
                  <summary className="cursor-pointer">{t('technical')}</summary>
                  <ul lang="en" className="pt-1">
                    {details.map((message, index) => (
                      <li key={index}>{message}</li>
                    ))}
                  </ul>
                </details>
              )}
            </li>
          )
        })}
      </ul>
    </Notice>
  )
}
