import { useTranslation } from 'react-i18next'

import type { Submitting } from '../../session/session_state'
import { Button } from '../../ui/button'
import { ProgressBar } from '../../ui/progress_bar'
import { ProblemView } from '../problem/problem_view'

interface SubmittingViewProps {
  state: Submitting
  onTryAgain: () => void
  onOtherOptions: () => void
  onNewScan: () => void
}

export function SubmittingView({
  state,
  onTryAgain,
  onOtherOptions,
  onNewScan,
}: SubmittingViewProps) {
  const { t } = useTranslation('progress')
  if (state.problem !== null) {
    return (
      <ProblemView problem={state.problem}>
        <Button variant="primary" onClick={onTryAgain} data-action="try-again">
          {t('again')}
        </Button>
        <Button onClick={onOtherOptions}>{t('otherOptions')}</Button>
        <Button onClick={onNewScan}>{t('newScan')}</Button>
      </ProblemView>
    )
  }
  const text = state.jobId === null ? t('reusing') : t('submitting')
  return (
    <div className="space-y-3 rounded-lg border border-line bg-surface p-5">
      <p role="status" className="text-sm text-muted">
        {text}
      </p>
      <ProgressBar label={text} share={null} />
    </div>
  )
}
