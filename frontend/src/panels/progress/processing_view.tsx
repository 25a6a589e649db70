import { Link2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Job } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import type { FollowingJob } from '../../session/session_state'
import { Button } from '../../ui/button'
import { Notice } from '../../ui/notice'
import { ProgressBar } from '../../ui/progress_bar'
import { ProblemView } from '../problem/problem_view'
import { WarningList } from '../problem/warning_list'
import { formatTimeLeft } from '../start/time_left'
import { CopyLink } from './copy_link'
import { StageList } from './stage_list'

interface ProcessingViewProps {
  state: FollowingJob
  onCancel: () => void
  onTryAgain: () => void
  onNewScan: () => void
}

/** A job that goes on, or that cannot be seen. */
export function ProcessingView({ state, onCancel, onTryAgain, onNewScan }: ProcessingViewProps) {
  const { t } = useTranslation('progress')
  const { job, problem, connection } = state
  if (problem !== null) {
    return (
      <ProblemView problem={problem}>
        <Button onClick={onTryAgain}>{t('again')}</Button>
        <Button onClick={onNewScan}>{t('newScan')}</Button>
      </ProblemView>
    )
  }
  return (
    <div className="space-y-4">
      {connection === 'retrying' && <Notice kind="warning" title={t('retrying')} />}
      {job === null ? (
        <div className="space-y-3 rounded-lg border border-line bg-surface p-5">
          <p role="status" className="text-sm text-muted">
            {t('looking')}
          </p>
          <ProgressBar label={t('overall')} share={null} />
        </div>
      ) : job.status === 'awaiting_upload' ? (
        <Notice kind="info" title={t('awaitingUpload')}>
          <p className="text-muted">{t('awaitingUploadHint')}</p>
          <Button className="mt-2" onClick={onNewScan}>
            {t('newScan')}
          </Button>
        </Notice>
      ) : (
        <>
          <Stages job={job} cancelling={state.cancelling} onCancel={onCancel} />
          {state.cancelProblem !== null && <ProblemView problem={state.cancelProblem} />}
          <WarningList warnings={job.warnings} />
        </>
      )}
    </div>
  )
}

function Stages({
  job,
  cancelling,
  onCancel,
}: {
  job: Job
  cancelling: boolean
  onCancel: () => void
}) {
  const { t } = useTranslation('progress')
  const { language } = useNames()
  const percent = Math.floor((job.progress ?? 0) * 100)
  return (
    <div className="space-y-4 rounded-lg border border-line bg-surface p-5" data-job={job.jobId}>
      <div className="space-y-2">
        <div className="flex items-baseline justify-between gap-3 text-sm">
          <span className="font-medium tabular-nums" data-percent={percent}>
            {t('percent', { value: percent })}
          </span>
          {job.eta_s !== null && (
            <span className="text-muted tabular-nums">
              {t('left', { time: formatTimeLeft(job.eta_s, language) })}
            </span>
          )}
        </div>
        <ProgressBar label={t('overall')} share={job.stage === 'queued' ? null : job.progress} />
      </div>
      <StageList job={job} />
      <p className="flex items-center gap-2 text-sm text-muted">
        <Link2 aria-hidden className="size-4 shrink-0" />
        {t('mayClose')}
      </p>
      <div className="flex flex-wrap gap-2 border-t border-line pt-4">
        <CopyLink />
        <Button onClick={onCancel} disabled={cancelling} data-action="cancel">
          <X aria-hidden />
          {cancelling ? t('cancelling') : t('cancel')}
        </Button>
      </div>
    </div>
  )
}
