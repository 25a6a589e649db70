import { Check, Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Structure } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import { Button } from '../../ui/button'
import { csv, tabSeparated } from './delimited'
import { tableRows } from './table_rows'

interface ExportButtonsProps {
  /** As they are sorted and filtered on the screen. */
  structures: readonly Structure[]
  jobId: string
}

type Copying = 'idle' | 'copied' | 'failed'

export function ExportButtons({ structures, jobId }: ExportButtonsProps) {
  const { t } = useTranslation('numbers')
  const names = useNames()
  const [copying, setCopying] = useState<Copying>('idle')
  const rows = () => tableRows(structures, names, t('header', { returnObjects: true }))

  const copy = () => {
    navigator.clipboard.writeText(tabSeparated(rows())).then(
      () => setCopying('copied'),
      () => setCopying('failed'),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button onClick={copy} onBlur={() => setCopying('idle')} className="px-3">
        {copying === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        {copying === 'copied' ? t('copied') : t('copy')}
      </Button>
      <Button
        aria-label={t('csvLabel')}
        className="px-3"
        onClick={() => save(csv(rows()), `iris-oculus-${jobId}.csv`)}
      >
        <Download aria-hidden />
        {t('csv')}
      </Button>
      <span role="status" className={copying === 'failed' ? 'text-xs text-danger' : 'sr-only'}>
        {copying === 'copied' && t('copied')}
        {copying === 'failed' && t('copyFailed')}
      </span>
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
