import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Structure } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy_button'
import { csv, tabSeparated } from './delimited'
import { tableRows } from './table_rows'

interface ExportButtonsProps {
  /** As they are sorted and filtered on the screen. */
  structures: readonly Structure[]
  jobId: string
}

export function ExportButtons({ structures, jobId }: ExportButtonsProps) {
  const { t } = useTranslation('numbers')
  const names = useNames()
  const rows = () => tableRows(structures, names, t('header', { returnObjects: true }))
  return (
    <div className="flex flex-wrap items-center gap-2">
      <CopyButton
        label={t('copy')}
        copiedLabel={t('copied')}
        failedLabel={t('copyFailed')}
        text={() => tabSeparated(rows())}
      />
      <Button
        aria-label={t('csvLabel')}
        className="px-3"
        onClick={() => save(csv(rows()), `iris-oculus-${jobId}.csv`)}
      >
        <Download aria-hidden />
        {t('csv')}
      </Button>
    </div>
  )
}

function save(text: string, filename: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  link.click()
  // At once would be too early: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
