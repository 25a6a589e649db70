import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  RotateCcw,
  Trash2,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { JobStatus, JobSummary } from '../../api/types'
import { formatBytes, formatDateTime } from '../../i18n/formats'
import { problemText } from '../../i18n/problem_texts'
import { useNames } from '../../i18n/use_names'
import { IconButton } from '../../ui/button'
import { ProgressBar } from '../../ui/progress_bar'

interface JobItemProps {
  job: JobSummary
  deleting: boolean
  onRetry: (job: JobSummary) => void
  onDelete: (job: JobSummary) => void
}

const MAY_BE_RETRIED: readonly JobStatus[] = ['completed', 'failed', 'cancelled']

export function JobItem({ job, deleting, onRetry, onDelete }: JobItemProps) {
  const { t } = useTranslation('jobs')
  const { language } = useNames()
  const { jobId, status, filename, size_bytes: sizeBytes, options, warnings, error } = job
  const time = formatDateTime(job.createdAt, language)
  return (
    <li data-job={jobId} data-status={status} className="flex items-center gap-3 p-3">
      <Picture job={job} />
      <div className="min-w-0 grow space-y-0.5">
        <p className="truncate">
          <a
            href={`#${jobId}`}
            className="font-medium underline-offset-4 hover:underline focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus"
          >
            <span className="sr-only">{t('openJob', { time })}: </span>
            {filename}
          </a>
          {options !== null && <span className="ps-2 text-xs text-muted">{options.task}</span>}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
          <span>{time}</span>
          {sizeBytes !== null && <span>{formatBytes(sizeBytes, language)}</span>}
          {warnings.length > 0 && <span>{t('warnings', { count: warnings.length })}</span>}
        </p>
        <div className="flex items-center gap-1.5 text-xs">
          <StatusMark status={status} />
          <span>{deleting ? t('removing') : t(`status.${status}`)}</span>
          {error !== null && (
            <span className="truncate text-muted">
              {problemText(error.code, language, error).title}
            </span>
          )}
        </div>
        {status === 'processing' && (
          <ProgressBar label={t('status.processing')} share={job.progress} />
        )}
      </div>
      {options !== null && MAY_BE_RETRIED.includes(status) && (
        <IconButton
          label={t('retryJob', { time })}
          data-action="retry"
          disabled={deleting}
          onClick={() => onRetry(job)}
        >
          <RotateCcw aria-hidden />
        </IconButton>
      )}
      <IconButton
        label={t('removeJob', { time })}
        data-action="delete"
        disabled={deleting}
        onClick={() => onDelete(job)}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </li>
  )
}

/** The status is said beside it: the picture is for the eye. */
function StatusMark({ status }: { status: JobStatus }) {
  const look = 'size-4 shrink-0'
  switch (status) {
    case 'completed':
      return <CircleCheck aria-hidden className={`${look} text-accent-ink`} />
    case 'failed':
      return <CircleAlert aria-hidden className={`${look} text-danger`} />
    case 'processing':
      return (
        <LoaderCircle aria-hidden className={`${look} text-accent-ink motion-safe:animate-spin`} />
      )
    case 'cancelled':
    case 'deleted':
      return <CircleX aria-hidden className={`${look} text-muted`} />
    case 'awaiting_upload':
    case 'uploaded':
      return <CircleDashed aria-hidden className={`${look} text-muted`} />
  }
}

function Picture({ job }: { job: JobSummary }) {
  const [failed, setFailed] = useState(false) // its URL has expired, or it was deleted
  const { thumbnail_url: url } = job
  return (
    <div className="flex size-14 shrink-0 items-center justify-center overflow-hidden rounded-md bg-raised text-muted">
      {url !== null && !failed ? (
        <img
          src={url}
          alt=""
          loading="lazy"
          className="size-full object-cover"
          onError={() => setFailed(true)}
        />
      ) : (
        <StatusMark status={job.status} />
      )}
    </div>
  )
}
