import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { help } from '../../i18n/texts/help'
import { useNames } from '../../i18n/use_names'
import { SHORTCUTS, type ShortcutScope } from '../../session/shortcuts'
import { Checkbox } from '../../ui/checkbox'
import { Dialog } from '../../ui/dialog'
import { enableHelpKey, useHelpKeyEnabled } from './help_key'
import { Keys } from './keys'

interface HelpSheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
}

const SCOPES: readonly ShortcutScope[] = ['viewer', 'view3d', 'slice']

/** The keyboard of the tree: the pattern is ARIA's, which is why no table elsewhere lists it. */
const TREE_KEYS = [
  ['move', ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']],
  ['ends', ['Home', 'End']],
  ['typeAhead', ['letters']],
  ['all', ['*']],
  ['eye', ['Space']],
  ['solo', ['Shift+Space']],
  ['select', ['Enter']],
  ['fit', ['Shift+Enter']],
  ['buttons', ['Tab']],
] as const

/** What keys, mouse and fingers do, and how to read what is shown. */
export function HelpSheet({ open, onOpenChange }: HelpSheetProps) {
  const { t } = useTranslation(['help', 'viewer', 'words'])
  const { language } = useNames()
  const keyEnabled = useHelpKeyEnabled()
  const { gestures, conventionList } = help[language]
  return (
    <Dialog
      title={t('title')}
      closeLabel={t('words:close')}
      open={open}
      onOpenChange={onOpenChange}
    >
      <div className="flex flex-col gap-6">
        <Part title={t('conventions')}>
          <ul className="flex list-disc flex-col gap-1 ps-5 text-sm">
            {conventionList.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Part>
        <Part title={t('pointer')}>
          {Object.entries(gestures).map(([where, { title, list }]) => (
            <Rows
              key={where}
              title={title}
              rows={list.map(([gesture, effect]) => [gesture, gesture, effect])}
            />
          ))}
        </Part>
        <Part title={t('keyboard')}>
          <p className="text-sm text-muted">{t('keyboardNote')}</p>
          {SCOPES.map((scope) => (
            <Rows
              key={scope}
              title={t(`viewer:shortcutScopes.${scope}`)}
              rows={SHORTCUTS.filter((shortcut) => shortcut.scope === scope).map(({ id, keys }) => [
                id,
                <Keys keys={keys} />,
                t(`viewer:shortcuts.${id}`),
              ])}
            />
          ))}
          <Rows
            title={t('tree')}
            rows={TREE_KEYS.map(([id, keys]) => [id, <Keys keys={keys} />, t(`treeKeys.${id}`)])}
          />
          <Checkbox label={t('questionMark')} checked={keyEnabled} onChange={enableHelpKey} />
        </Part>
      </div>
    </Dialog>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

/** Each row: a key for React, what is pressed or done, and what that does. */
function Rows({
  title,
  rows,
}: {
  title: string
  rows: readonly (readonly [string, ReactNode, string])[]
}) {
  const titleId = useId()
  return (
    <div>
      <h4 id={titleId} className="mb-1 text-xs font-semibold text-muted uppercase">
        {title}
      </h4>
      <dl aria-labelledby={titleId} className="text-sm">
        {rows.map(([key, what, effect]) => (
          <div
            key={key}
            className="grid grid-cols-[minmax(8rem,2fr)_3fr] items-center gap-3 border-b border-line py-1 last:border-0"
          >
            <dt>{what}</dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
