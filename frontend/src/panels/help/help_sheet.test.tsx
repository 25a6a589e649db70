import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { SHORTCUTS } from '../../session/shortcuts'
import { expectAccessible } from '../../testing/axe'
import { renderWithTexts } from '../../testing/render_with_texts'
import { enableHelpKey, useHelpKey } from './help_key'
import { HelpSheet } from './help_sheet'

const nothing = () => undefined
let opened = 0
const count = () => {
  opened += 1
}

function Page() {
  useHelpKey(count)
  return <input aria-label="field" />
}

beforeEach(() => {
  opened = 0
})
afterEach(() => {
  cleanup()
  enableHelpKey(true)
})

describe('the sheet', () => {
  test('lists every shortcut, each with a text', async () => {
    await renderWithTexts(<HelpSheet open onOpenChange={nothing} />)
    const effects = [...document.querySelectorAll('dd')].map(({ textContent }) => textContent)
    expect(effects.every((text) => text.length > 2 && !text.includes('.'))).toBe(true)
    const keyed = [...document.querySelectorAll('dt')].filter((dt) => dt.querySelector('kbd'))
    expect(keyed.length).toBe(SHORTCUTS.length + 9) // the tree's own nine
  })

  test('names keys as the keyboard of the language does', async () => {
    await renderWithTexts(<HelpSheet open onOpenChange={nothing} />, 'es')
    const fit = screen.getByText('Ajustar a la estructura seleccionada').parentElement
    expect(fit?.querySelector('kbd')?.textContent).toBe('Mayús + F')
    const zoom = screen.getByText('Acercar').parentElement
    expect([...(zoom?.querySelectorAll('kbd') ?? [])].map((kbd) => kbd.textContent)).toEqual([
      '+',
      '=',
    ])
  })

  test('says which side is which', async () => {
    await renderWithTexts(<HelpSheet open onOpenChange={nothing} />)
    const conventions = screen.getByRole('region', { name: 'Conventions' })
    expect(
      within(conventions).getByText(/patient’s right is on the left of the screen/),
    ).toBeDefined()
  })

  test('is accessible', async () => {
    await renderWithTexts(<HelpSheet open onOpenChange={nothing} />)
    await expectAccessible(document.body)
  })
})

describe('the ? key', () => {
  test('opens it, but not while one types', async () => {
    await renderWithTexts(<Page />)
    const user = userEvent.setup()
    await user.keyboard('?')
    expect(opened).toBe(1)
    await user.type(screen.getByLabelText('field'), '?')
    expect(opened).toBe(1)
    expect(screen.getByLabelText('field')).toHaveProperty('value', '?')
  })

  test('can be switched off, also for the next visit', async () => {
    await renderWithTexts(
      <>
        <Page />
        <HelpSheet open onOpenChange={nothing} />
      </>,
    )
    const user = userEvent.setup()
    await user.click(screen.getByRole('checkbox', { name: 'Open this help with the ? key' }))
    await user.keyboard('?')
    expect(opened).toBe(0)
    expect(localStorage.getItem('helpKeyOff')).toBe('1')
    await user.click(screen.getByRole('checkbox'))
    await user.keyboard('?')
    expect(opened).toBe(1)
    expect(localStorage.getItem('helpKeyOff')).toBeNull()
  })
})
