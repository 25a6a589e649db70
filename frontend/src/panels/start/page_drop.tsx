import { FolderInput } from 'lucide-react'
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { filesOf } from '../../scan/dropped_files'

interface PageDropProps {
  /** Files that are dropped while this is false go nowhere. */
  enabled: boolean
  onFiles: (files: readonly File[]) => void
  /** A folder that could not be listed. */
  onFailed: (error: unknown) => void
  children?: ReactNode
}

type Dragging = 'none' | 'over' | 'listing'

/** Takes files that are dropped anywhere on the page. */
export function PageDrop({ enabled, onFiles, onFailed, children }: PageDropProps) {
  const { t } = useTranslation('start')
  const dragging = usePageDrop({ enabled, onFiles, onFailed })
  return (
    <>
      {children}
      {dragging !== 'none' && (
        <div
          data-page-drop={dragging}
          className="pointer-events-none fixed inset-0 z-50 flex bg-page/90 p-4"
        >
          <div className="flex grow flex-col items-center justify-center gap-4 rounded-xl border-2 border-dashed border-accent text-accent-ink">
            <FolderInput aria-hidden className="size-12" />
            <p role="status" className="text-lg font-medium">
              {dragging === 'over' ? t('drop.over') : t('drop.listing')}
            </p>
          </div>
        </div>
      )}
    </>
  )
}

function usePageDrop({ enabled, onFiles, onFailed }: Omit<PageDropProps, 'children'>): Dragging {
  const [dragging, setDragging] = useState<Dragging>('none')

  const over = useEffectEvent((event: DragEvent) => {
    if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return
    event.preventDefault() // else the browser opens the file instead of the page
    event.dataTransfer.dropEffect = enabled ? 'copy' : 'none'
    if (enabled) setDragging('over')
  })
  const leave = useEffectEvent((event: DragEvent) => {
    // Between elements of the page there is always one that is entered.
    if (event.relatedTarget === null) setDragging('none')
  })
  const drop = useEffectEvent(async (event: DragEvent) => {
    if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return
    event.preventDefault()
    if (!enabled) return
    setDragging('listing')
    try {
      const files = await filesOf(event.dataTransfer)
      if (files.length > 0) onFiles(files)
    } catch (error) {
      onFailed(error)
    } finally {
      setDragging('none')
    }
  })

  useEffect(() => {
    const onOver = (event: DragEvent) => over(event)
    const onLeave = (event: DragEvent) => leave(event)
    const onDrop = (event: DragEvent) => void drop(event)
    window.addEventListener('dragenter', onOver)
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragenter', onOver)
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [])
  return dragging
}

/** Text and links can be dragged, too. */
const holdsFiles = (transfer: DataTransfer) => transfer.types.includes('Files')
