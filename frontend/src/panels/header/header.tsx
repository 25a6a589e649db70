import { CircleHelp, History, Languages, Monitor, Moon, Plus, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import { chooseLanguage, LANGUAGES, type Language } from '../../i18n/language'
import { useNames } from '../../i18n/use_names'
import { Button, IconButton } from '../../ui/button'
import { ChoiceMenu } from '../../ui/menu'
import { chooseTheme, THEMES, themeStore } from '../../ui/theme'
import { Brand } from './brand'

interface HeaderProps {
  atJobs: boolean
  onNewScan: () => void
  onJobs: () => void
  onHelp: () => void
}

const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor }
const LANGUAGE_OPTIONS = Object.entries(LANGUAGES).map(([name, title]) => ({
  name: name as Language, // a key of LANGUAGES
  title,
  lang: name,
}))

/** Buttons show their names where there is room for them. */
const NAME = 'hidden sm:inline'

export function Header({ atJobs, onNewScan, onJobs, onHelp }: HeaderProps) {
  const { t } = useTranslation(['page', 'words'])
  const { language } = useNames()
  const theme = useStore(themeStore)
  const ThemeIcon = THEME_ICONS[theme]
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface px-3 sm:gap-2 sm:px-4">
      <a
        href="#"
        className="me-auto flex items-center gap-2 rounded-md px-1 py-1 font-semibold focus-visible:outline-2 focus-visible:outline-focus"
        onClick={(event) => {
          event.preventDefault()
          onNewScan()
        }}
      >
        <Brand />
        <span className="hidden min-[26rem]:inline">{t('words:product')}</span>
        <span className="sr-only min-[26rem]:hidden">{t('words:product')}</span>
      </a>
      <nav aria-label={t('navigation')} className="flex items-center gap-1 sm:gap-2">
        <Button aria-label={t('newScan')} data-go="new-scan" onClick={onNewScan}>
          <Plus aria-hidden />
          <span className={NAME}>{t('newScan')}</span>
        </Button>
        <Button
          variant="ghost"
          aria-label={t('jobs')}
          data-go="jobs"
          aria-current={atJobs ? 'page' : undefined}
          className={atJobs ? 'bg-raised text-accent-ink' : ''}
          onClick={onJobs}
        >
          <History aria-hidden />
          <span className={NAME}>{t('jobs')}</span>
        </Button>
      </nav>
      <ChoiceMenu
        label={t('language')}
        value={language}
        options={LANGUAGE_OPTIONS}
        onChange={chooseLanguage}
        trigger={
          <IconButton label={t('language')} data-menu="language">
            <Languages aria-hidden />
          </IconButton>
        }
      />
      <ChoiceMenu
        label={t('theme.title')}
        value={theme}
        options={THEMES.map((name) => ({ name, title: t(`theme.${name}`) }))}
        onChange={chooseTheme}
        trigger={
          <IconButton label={t('theme.title')} data-menu="theme">
            <ThemeIcon aria-hidden />
          </IconButton>
        }
      />
      <IconButton label={t('help')} data-go="help" onClick={onHelp}>
        <CircleHelp aria-hidden />
      </IconButton>
    </header>
  )
}
