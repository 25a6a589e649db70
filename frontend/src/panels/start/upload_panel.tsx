import { Pause, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { formatBytes } from '../../i18n/formats'
import type { SaveOutcome } from '../../session/unfinished_uploads'
import type { UploadProgress } from '../../session/upload_progress'
import type { UploadPhase } from '../../session/uploader'
import { Button } from '../../ui/button'
import { ProgressBar } from '../../ui/progress_bar'
import { formatTimeLeft } from './time_left'
import { useLanguage } from './use_language'

interface UploadPanelProps {
  progress: UploadProgress | null
  phase: UploadPhase
  /** Whether a reload is survived; null until that is known. */
  saved: SaveOutcome | null
  onPause: () => void
  onResume: () => void
  onCancel: () => void
  /** What went wrong, with its way out; the upload stands still then. */
  problem?: ReactNode
}

export function UploadPanel(props: UploadPanelProps) {
  const { progress, phase, saved, onPause, onResume, onCancel, problem } = props
  const { t } = useTranslation(['start', 'words'])
  const stopped = problem !== undefined && problem !== null
  return (
    <section
      aria-label={t('upload.label')}
      aria-busy={!stopped && phase !== 'paused'}
      data-upload={stopped ? 'stopped' : phase}
      className="space-y-4 rounded-xl border border-line bg-surface p-6"
    >
      {stopped && problem}
      <ProgressBar
        label={t('upload.label')}
        share={progress === null ? null : progress.sentBytes / progress.totalBytes}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 space-y-1">
          {/* Figures change too often to be read aloud; phases are. */}
          {!stopped && (
            <p role="status" className="text-sm font-medium text-ink">
              {progress === null && phase === 'sending' ? t('upload.begun') : t(`upload.${phase}`)}
            </p>
          )}
          {progress !== null && <Figures progress={progress} moving={phase === 'sending'} />}
        </div>
        <div className="flex gap-2">
          {!stopped && (phase === 'sending' || phase === 'waiting') && (
            <Button data-upload-action="pause" onClick={onPause}>
              <Pause aria-hidden />
              {t('upload.pause')}
            </Button>
          )}
          {!stopped && phase === 'paused' && (
            <Button variant="primary" data-upload-action="resume" onClick={onResume}>
              <Play aria-hidden />
              {t('upload.resume')}
            </Button>
          )}
          <Button data-upload-action="cancel" onClick={onCancel}>
            {t('words:cancel')}
          </Button>
        </div>
      </div>
      {saved !== null && (
        <p className="border-t border-line pt-3 text-xs text-muted">
          {saved === 'saved' ? t('upload.saved') : t('upload.notSaved')}
        </p>
      )}
    </section>
  )
}

function Figures({ progress, moving }: { progress: UploadProgress; moving: boolean }) {
  const { t } = useTranslation('start')
  const language = useLanguage()
  const { sentBytes, totalBytes, bytesPerSecond, secondsLeft } = progress
  const size = (bytes: number) => formatBytes(bytes, language)
  const figures = [
    t('upload.sent', { sent: size(sentBytes), total: size(totalBytes) }),
    moving && bytesPerSecond !== null ? t('upload.speed', { speed: size(bytesPerSecond) }) : null,
    moving && secondsLeft !== null && secondsLeft > 0
      ? t('upload.left', { time: formatTimeLeft(secondsLeft, language) })
      : null,
  ].filter((figure) => figure !== null)
  return (
    <p data-upload-figures className="text-sm text-muted tabular-nums">
      {figures.join(' · ')}
    </p>
  )
}
