import { Check, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Job, Stage } from '../../api/types'
import { classNames } from '../../ui/class_names'
import { useWaitingText } from './waiting_text'

const STAGES: readonly Stage[] = [
  'queued',
  'loading',
  'segmenting',
  'meshing',
  'exporting',
  'publishing',
]

/** The stages of a processing job, and how far the present one is. */
export function StageList({ job }: { job: Job }) {
  const { t } = useTranslation('progress')
  const waiting = useWaitingText(job)
  const now = STAGES.indexOf(job.stage ?? 'queued')
  const detail = job.stageDetail
  return (
    <ol aria-label={t('stages.title')} className="space-y-1">
      {STAGES.map((stage, index) => {
        const state = index < now ? 'done' : index === now ? 'current' : 'pending'
        return (
          <li
            key={stage}
            data-stage={stage}
            data-state={state}
            {...(state === 'current' ? { 'aria-current': 'step' as const } : {})}
            className={classNames(
              'flex min-h-10 items-center gap-3 rounded-md px-3 text-sm',
              state === 'current' ? 'bg-raised font-medium text-ink' : 'text-muted',
            )}
          >
            <StageMark state={state} number={index + 1} />
            <span className="grow">
              {t(`stages.${stage}`)}
              <span className="sr-only">: {t(state)}</span>
            </span>
            {state === 'current' && (
              <span className="text-end tabular-nums" data-detail>
                {stage === 'queued'
                  ? waiting
                  : detail !== null && t('steps', { done: detail.done, total: detail.total })}
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}

function StageMark({ state, number }: { state: 'done' | 'current' | 'pending'; number: number }) {
  const look = 'flex size-6 shrink-0 items-center justify-center rounded-full text-xs'
  if (state === 'done') {
    return (
      <span aria-hidden className={`${look} bg-accent text-on-accent`}>
        <Check className="size-4" />
      </span>
    )
  }
  if (state === 'current') {
    return (
      <span aria-hidden className={`${look} text-accent-ink`}>
        <LoaderCircle className="size-5 motion-safe:animate-spin" />
      </span>
    )
  }
  return (
    <span aria-hidden className={`${look} border border-line`}>
      {number}
    </span>
  )
}
