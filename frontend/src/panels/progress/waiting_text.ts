import { useTranslation } from 'react-i18next'

import type { Job } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import { formatTimeLeft } from '../start/time_left'

/** The API counts no further. */
const MANY_JOBS = 100

/** What a queued job waits for, in words. */
export function useWaitingText({ waiting }: Job): string {
  const { language } = useNames()
  const { t } = useTranslation('progress')
  if (waiting === null) return t('waiting.queued')
  const { reason, jobsAhead, eta_s: etaS } = waiting
  if (reason === 'instance_busy') {
    if (jobsAhead === 0) return t('waiting.next')
    return jobsAhead >= MANY_JOBS
      ? t('waiting.aheadMany')
      : t('waiting.ahead', { count: jobsAhead })
  }
  const starting =
    etaS === null
      ? t('waiting.starting')
      : t('waiting.startingEta', { time: formatTimeLeft(etaS, language) })
  return jobsAhead === 0
    ? starting
    : `${starting} · ${t('waiting.alsoAhead', { count: jobsAhead })}`
}
