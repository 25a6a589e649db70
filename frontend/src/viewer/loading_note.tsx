import { useTranslation } from 'react-i18next'

import { Button } from '../ui/button'
import { ProgressBar } from '../ui/progress_bar'
import type { Loading } from './use_loading'

interface LoadingNoteProps {
  loading: Loading
  texts: { loading: string; failed: string; absent: string }
  onAgain: () => void
}

/** What a pane says while it cannot show its picture. */
export function LoadingNote({ loading, texts, onAgain }: LoadingNoteProps) {
  const { t } = useTranslation('viewer')
  if (loading.state === 'ready') return null
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-6">
      <div className="pointer-events-auto w-72 max-w-full rounded-md border border-line bg-surface p-4 text-sm text-ink shadow-lg">
        {loading.state === 'loading' && (
          <div className="space-y-2" role="status">
            <p>{texts.loading}</p>
            <ProgressBar label={texts.loading} share={loading.share} />
          </div>
        )}
        {loading.state === 'absent' && <p role="note">{texts.absent}</p>}
        {loading.state === 'failed' && (
          <div role="alert" className="space-y-3">
            <p className="font-medium">{texts.failed}</p>
            <p className="text-muted">{t('failedHint')}</p>
            <Button size="small" onClick={onAgain}>
              {t('tryAgain')}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
