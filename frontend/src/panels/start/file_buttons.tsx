import { FileUp, FolderUp } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '../../ui/button'

interface FileButtonsProps {
  onFiles: (files: readonly File[]) => void
  /** Where other files are chosen instead of those that are there. */
  filesLabel?: string
  /** Beside a button that matters more. */
  quiet?: boolean
}

/** Phones have no folders to choose. */
const canChooseFolders = 'webkitdirectory' in HTMLInputElement.prototype

/** Dialogs of the system for files, and for a folder with all that is in it. */
export function FileButtons({ onFiles, filesLabel, quiet = false }: FileButtonsProps) {
  const { t } = useTranslation('start')
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])]
    input.value = '' // so that the same files can be chosen once more
    if (chosen.length > 0) onFiles(chosen)
  }
  return (
    <div className="flex flex-wrap justify-center gap-3">
      <Button
        variant={quiet ? 'secondary' : 'primary'}
        data-choose="files"
        onClick={() => files.current?.click()}
      >
        <FileUp aria-hidden />
        {filesLabel ?? t('drop.files')}
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-input="files"
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      {canChooseFolders && (
        <>
          <Button data-choose="folder" onClick={() => folder.current?.click()}>
            <FolderUp aria-hidden />
            {t('drop.folder')}
          </Button>
          <input
            ref={(input) => {
              folder.current = input
              if (input !== null) input.webkitdirectory = true
            }}
            type="file"
            multiple
            hidden
            data-input="folder"
            onChange={({ currentTarget }) => take(currentTarget)}
          />
        </>
      )}
    </div>
  )
}
