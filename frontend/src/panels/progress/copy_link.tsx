import { Check, Link2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '../../ui/button'

/** The address of this page, which finds the job again. */
export function CopyLink({ size = 'normal' }: { size?: 'normal' | 'small' }) {
  const { t } = useTranslation('page')
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      setCopied(true)
    } catch {
      setCopied(false) // not allowed here: the address bar has it as well
    }
  }
  return (
    <Button size={size} onClick={() => void copy()} onBlur={() => setCopied(false)}>
      {copied ? <Check aria-hidden /> : <Link2 aria-hidden />}
      <span role="status">{copied ? t('copied') : t('copyLink')}</span>
    </Button>
  )
}
