import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

import { Button } from './button'

interface CopyButtonProps {
  label: string
  copiedLabel: string
  failedLabel: string
  /** Asked for when it is copied. */
  text: () => string
}

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({ label, copiedLabel, failedLabel, text }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  }
  return (
    <>
      <Button className="px-3" onClick={copy} onBlur={() => setState('idle')}>
        {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        {state === 'copied' ? copiedLabel : label}
      </Button>
      <span role="status" className={state === 'failed' ? 'text-xs text-danger' : 'sr-only'}>
        {state === 'copied' && copiedLabel}
        {state === 'failed' && failedLabel}
      </span>
    </>
  )
}
