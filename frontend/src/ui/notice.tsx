import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { classNames } from './class_names'

interface NoticeProps {
  kind: 'error' | 'warning' | 'info'
  title: string
  children?: ReactNode
  className?: string
}

const LOOKS = {
  error: 'border-danger bg-surface text-ink [&>svg]:text-danger',
  warning: 'border-transparent bg-warning text-on-warning',
  info: 'border-line bg-surface text-ink [&>svg]:text-accent-ink',
}
const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info }

/** Something to know, with what can be done about it; an error is spoken at once. */
export function Notice({ kind, title, children, className }: NoticeProps) {
  const Icon = ICONS[kind]
  return (
    <div
      role={kind === 'error' ? 'alert' : 'status'}
      data-notice={kind}
      className={classNames(
        'flex items-start gap-3 rounded-lg border px-4 py-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0',
        LOOKS[kind],
        className,
      )}
    >
      <Icon aria-hidden />
      <div className="min-w-0 grow space-y-1">
        <p className="font-medium">{title}</p>
        {children}
      </div>
    </div>
  )
}
