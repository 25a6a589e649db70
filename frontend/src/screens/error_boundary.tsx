import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '../ui/button'
import { Notice } from '../ui/notice'

interface ErrorBoundaryProps {
  children: ReactNode
}

/** What breaks within shows what to do, and leaves the rest of the page alone. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return <Broken onAgain={() => this.setState({ broken: false })} />
  }
}

function Broken({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation('page')
  return (
    <div className="mx-auto w-full max-w-2xl p-4">
      <Notice kind="error" title={t('broken.title')}>
        <p className="text-muted">{t('broken.hint')}</p>
        <div className="flex flex-wrap gap-2 pt-2">
          <Button onClick={onAgain}>{t('broken.again')}</Button>
          <Button onClick={() => location.reload()}>{t('broken.reload')}</Button>
        </div>
      </Notice>
    </div>
  )
}
