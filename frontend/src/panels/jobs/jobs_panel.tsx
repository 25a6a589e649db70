import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { JobSummary } from '../../api/types'
import { browserPage, systemClock } from '../../session/clock'
import type { JobsList } from '../../session/jobs'
import { Button, IconButton } from '../../ui/button'
import { ConfirmDialog } from '../../ui/confirm_dialog'
import { Notice } from '../../ui/notice'
import { ProblemView } from '../problem/problem_view'
import { JobItem } from './job_item'

interface JobsPanelProps {
  list: JobsList
  /** Hidden as long as there are none. */
  quiet?: boolean
  onRetry: (job: JobSummary) => void
}

/** This browser's jobs: to be opened, processed again, deleted. */
export function JobsPanel({ list, quiet = false, onRetry }: JobsPanelProps) {
  const { t } = useTranslation(['jobs', 'words'])
  const { jobs, cursor, loading, problem, deleting, lastDeletion } = useStore(list.store)
  const [doomed, setDoomed] = useState<JobSummary | null>(null)
  useEffect(() => list.watch(systemClock, browserPage), [list])

  if (quiet && (jobs === null || jobs.length === 0) && lastDeletion === null) return null
  return (
    <section aria-label={t('title')} className="space-y-3" data-panel="jobs">
      <div className="flex items-center justify-between gap-2">
        {quiet ? (
          <h2 className="text-base font-semibold">{t('title')}</h2>
        ) : (
          <p className="text-sm text-muted">{t('kept')}</p>
        )}
        <IconButton label={t('refresh')} disabled={loading} onClick={() => void list.refresh()}>
          <RefreshCw aria-hidden className={loading ? 'motion-safe:animate-spin' : ''} />
        </IconButton>
      </div>
      {problem !== null && (
        <ProblemView problem={problem}>
          <Button onClick={() => void list.refresh()}>{t('words:retry')}</Button>
        </ProblemView>
      )}
      {lastDeletion !== null && (
        <Notice
          kind="info"
          title={t('removed', { jobId: lastDeletion.jobId, count: lastDeletion.objects })}
        />
      )}
      {jobs === null && problem === null && (
        <p role="status" className="text-sm text-muted">
          {t('words:loading')}
        </p>
      )}
      {jobs?.length === 0 && <p className="text-sm text-muted">{t('none')}</p>}
      {jobs !== null && jobs.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {jobs.map((job) => (
            <JobItem
              key={job.jobId}
              job={job}
              deleting={deleting.has(job.jobId)}
              onRetry={onRetry}
              onDelete={setDoomed}
            />
          ))}
        </ul>
      )}
      {cursor !== null && (
        <Button disabled={loading} onClick={() => void list.loadMore()}>
          {t('more')}
        </Button>
      )}
      <ConfirmDialog
        title={t('confirm.title')}
        description={
          doomed?.status === 'processing'
            ? `${t('confirm.running')} ${t('confirm.hint')}`
            : t('confirm.hint')
        }
        confirmLabel={t('confirm.confirm')}
        cancelLabel={t('words:cancel')}
        open={doomed !== null}
        onOpenChange={(open) => {
          if (!open) setDoomed(null)
        }}
        onConfirm={() => {
          if (doomed !== null) void list.remove(doomed.jobId)
        }}
      />
    </section>
  )
}
