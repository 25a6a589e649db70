import { useTranslation } from 'react-i18next'

import { formatInteger } from '../../i18n/formats'
import type { ReadProgress } from '../../scan/read_files'
import { Button } from '../../ui/button'
import { ProgressBar } from '../../ui/progress_bar'
import { useLanguage } from './use_language'

interface ReadingPanelProps {
  progress: ReadProgress | null
  onCancel: () => void
}

export function ReadingPanel({ progress, onCancel }: ReadingPanelProps) {
  const { t } = useTranslation(['start', 'words'])
  const language = useLanguage()
  const share = progress === null ? null : progress.readCount / progress.totalCount
  return (
    <section
      aria-busy
      aria-label={t('reading.title')}
      className="space-y-4 rounded-xl border border-line bg-surface p-6"
    >
      <ProgressBar label={t('reading.title')} share={share} />
      <div className="flex min-h-9 items-center justify-between gap-4">
        <p className="text-sm text-muted tabular-nums">
          {progress !== null &&
            t('reading.counted', {
              read: formatInteger(progress.readCount, language),
              total: formatInteger(progress.totalCount, language),
            })}
        </p>
        <Button onClick={onCancel}>{t('words:cancel')}</Button>
      </div>
    </section>
  )
}
