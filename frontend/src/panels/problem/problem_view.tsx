import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { problemText } from '../../i18n/problem_texts'
import { useNames } from '../../i18n/use_names'
import type { Problem } from '../../session/problem'
import { Notice } from '../../ui/notice'

/** What happened and what to do; `children` are the buttons that do it. */
export function ProblemView({ problem, children }: { problem: Problem; children?: ReactNode }) {
  const { t } = useTranslation('progress')
  const { language } = useNames()
  const { title, hint } = problemText(problem.code, language, problem.words)
  return (
    <Notice kind="error" title={title}>
      <p className="text-muted" data-problem={problem.code}>
        {hint}
      </p>
      {problem.words !== null && problem.words.message !== title && (
        <details className="pt-1 text-xs text-muted">
          <summary className="cursor-pointer">{t('technical')}</summary>
          <p lang="en" className="pt-1 break-words">
            {problem.words.message} {problem.words.hint} ({problem.code})
          </p>
        </details>
      )}
      {children !== undefined && <div className="flex flex-wrap gap-2 pt-2">{children}</div>}
    </Notice>
  )
}
