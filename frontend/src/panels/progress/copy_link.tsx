import { Check, Link2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button, IconButton } from '../../ui/button'

/** The address of this page, which finds the job again. */
export function CopyLink({ compact = false }: { compact?: boolean }) {
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
  const name = copied ? t('copied') : t('copyLink')
  const icon = copied ? <Check aria-hidden /> : <Link2 aria-hidden />
  const shared = { onClick: () => void copy(), onBlur: () => setCopied(false) }
  return (
    <>
      {compact ? (
        <IconButton label={name} {...shared}>
          {icon}
        </IconButton>
      ) : (
        <Button {...shared}>
          {icon}
          {name}
        </Button>
      )}
      <span role="status" className="sr-only">
        {copied && t('copied')}
      </span>
    </>
  )
}
