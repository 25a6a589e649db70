import { useTranslation } from 'react-i18next'

import type { Packing } from '../../scan/candidate'
import { Button } from '../../ui/button'
import { ProgressBar } from '../../ui/progress_bar'

interface PackingPanelProps {
  packing: Packing
  /** 0 to 1. */
  share: number
  onCancel: () => void
}

export function PackingPanel({ packing, share, onCancel }: PackingPanelProps) {
  const { t } = useTranslation(['start', 'words'])
  return (
    <section
      aria-label={t('packing.label')}
      aria-busy
      className="space-y-4 rounded-xl border border-line bg-surface p-6"
    >
      {/* The converter does not say how far it is. */}
      <ProgressBar label={t('packing.label')} share={share === 0 ? null : share} />
      <div className="flex items-center justify-between gap-4">
        <p role="status" className="text-sm text-muted">
          {packing === 'zip' ? t('packing.packing') : t('packing.converting')}
        </p>
        <Button onClick={onCancel}>{t('words:cancel')}</Button>
      </div>
    </section>
  )
}
