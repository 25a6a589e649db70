import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Session } from '../session/session'

/** Says to screen readers which stage a job has reached; figures in between would be noise. */
export function Announcer({ session }: { session: Session }) {
  const { t } = useTranslation('progress')
  const stage = useStore(session.store, (state) =>
    state.name === 'following' && state.job?.status === 'processing' ? state.job.stage : null,
  )
  return (
    <div aria-live="polite" className="sr-only" data-live="stage">
      {stage !== null && t(`stages.${stage}`)}
    </div>
  )
}
