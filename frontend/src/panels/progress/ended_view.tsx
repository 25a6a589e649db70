import { RotateCcw, Settings2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Job } from '../../api/types'
import { namedProblem } from '../../session/problem'
import { Button } from '../../ui/button'
import { Notice } from '../../ui/notice'
import { ProblemView } from '../problem/problem_view'
import { WarningList } from '../problem/warning_list'

interface EndedViewProps {
  /** Failed or cancelled. */
  job: Job
  onRetry: () => void
  onOtherOptions: () => void
  onNewScan: () => void
}

/** A job that ended without a result: why, and what can be done. */
export function EndedView({ job, onRetry, onOtherOptions, onNewScan }: EndedViewProps) {
  const { t } = useTranslation('progress')
  const actions = (
    <>
      {job.options !== null && (
        <Button variant="primary" onClick={onRetry} data-action="retry">
          <RotateCcw aria-hidden />
          {t('again')}
        </Button>
      )}
      <Button onClick={onOtherOptions} data-action="options">
        <Settings2 aria-hidden />
        {t('otherOptions')}
      </Button>
      <Button onClick={onNewScan}>{t('newScan')}</Button>
    </>
  )
  return (
    <div className="space-y-4" data-job={job.jobId}>
      {job.error === null ? (
        <Notice kind="info" title={t('cancelled')}>
          <div className="flex flex-wrap gap-2 pt-2">{actions}</div>
        </Notice>
      ) : (
        <ProblemView problem={namedProblem(job.error)}>{actions}</ProblemView>
      )}
      <WarningList warnings={job.warnings} />
      <p className="text-xs text-muted">{t('job', { jobId: job.jobId })}</p>
    </div>
  )
}
