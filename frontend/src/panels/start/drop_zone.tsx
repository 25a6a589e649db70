import { ScanLine, ShieldCheck } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { formatLimit } from './format_limit'
import { useLanguage } from './use_language'
import { FileButtons } from './file_buttons'

interface DropZoneProps {
  onFiles: (files: readonly File[]) => void
}

/** Where a scan is dropped or chosen. The whole page takes drops (`PageDrop`); this shows it. */
export function DropZone({ onFiles }: DropZoneProps) {
  const { t } = useTranslation('start')
  const language = useLanguage()
  const zone = useRef<HTMLDivElement>(null)
  return (
    <div
      ref={zone}
      data-drop-zone
      onClick={({ target }) => {
        // A convenience of the mouse: keyboards and screen readers have the button.
        if (target instanceof Element && target.closest('button, input') === null) {
          zone.current?.querySelector<HTMLButtonElement>('[data-choose=files]')?.click()
        }
      }}
      className="flex cursor-pointer flex-col items-center gap-5 rounded-xl border-2 border-dashed border-line bg-surface px-6 py-12 text-center transition-colors hover:border-accent sm:py-16"
    >
      <div className="rounded-full bg-raised p-4 text-accent-ink">
        <ScanLine aria-hidden className="size-8" />
      </div>
      <div className="space-y-1">
        <p className="text-lg font-semibold text-ink">{t('drop.title')}</p>
        <p className="max-w-prose text-sm text-balance text-muted">
          {t('drop.formats', { limit: formatLimit(language) })}
        </p>
      </div>
      <FileButtons onFiles={onFiles} />
      <p className="flex items-start gap-2 text-start text-xs text-muted">
        <ShieldCheck aria-hidden className="size-4 shrink-0 text-accent-ink" />
        {t('drop.local')}
      </p>
    </div>
  )
}
