import { WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

function listen(changed: () => void): () => void {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

export function OfflineBanner() {
  const { t } = useTranslation('page')
  const online = useSyncExternalStore(listen, () => navigator.onLine)
  return (
    <div role="status">
      {!online && (
        <p
          data-banner="offline"
          className="flex items-center justify-center gap-2 bg-warning px-4 py-2 text-sm text-on-warning"
        >
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t('offline')}
        </p>
      )}
    </div>
  )
}
