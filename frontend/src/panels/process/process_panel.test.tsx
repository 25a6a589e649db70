import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { ScanOptions } from '../../api/types'
import { NetworkError } from '../../api/errors'
import { DEFAULT_OPTIONS } from '../../session/scan_options'
import { createTasks } from '../../session/tasks'
import { expectAccessible } from '../../testing/axe'
import { createFakeApi, type FakeApi } from '../../testing/fake_api'
import { someTasks } from '../../testing/fake_session'
import { renderWithTexts } from '../../testing/render_with_texts'
import { ProcessPanel } from './process_panel'

afterEach(cleanup)

let api: FakeApi
let latest: ScanOptions
const begin = vi.fn()

beforeEach(() => {
  api = createFakeApi()
  api.tasksOffered = someTasks()
  latest = DEFAULT_OPTIONS
  begin.mockReset()
})

function Held({ modality, sends }: { modality: string | null; sends: boolean }) {
  const [tasks] = useState(() => createTasks(api))
  const [options, setOptions] = useState(latest)
  useEffect(() => {
    latest = options
  }, [options])
  return (
    <ProcessPanel
      tasks={tasks}
      options={options}
      modality={modality}
      sends={sends}
      ready
      onChange={(part) => setOptions({ ...options, ...part })}
      onBegin={begin}
    />
  )
}

async function open(modality: string | null = 'CT', language: 'en' | 'es' = 'en') {
  const { container } = await renderWithTexts(<Held modality={modality} sends />, language)
  const button = await screen.findByRole('button', {
    name: language === 'en' ? 'Send and process' : 'Enviar y procesar',
  })
  return { user: userEvent.setup(), container, button }
}

test('what is there when it opens does: one click', async () => {
  const { user, button } = await open()
  await user.click(button)
  expect(begin).toHaveBeenCalledTimes(1)
  expect(latest).toEqual(DEFAULT_OPTIONS)
})

test('offers what runs here, and of that only what suits the scan', async () => {
  const { user } = await open()
  const list = screen.getByRole('combobox', { name: 'Task' })
  const names = within(list)
    .getAllByRole<HTMLOptionElement>('option')
    .map(({ value, disabled }) => [value, disabled] as const)
  expect(names).toContainEqual(['total', false])
  expect(names).toContainEqual(['total_mr', true])
  expect(names.map(([name]) => name)).not.toContain('face')
  await user.selectOptions(list, 'liver_segments')
  expect(latest.task).toBe('liver_segments')
  expect(screen.getByText('This task has one quality.')).toBeDefined()
})

test('refuses an MR scan for a CT task in words', async () => {
  const { user, button } = await open('MR')
  expect(screen.getByRole('alert').textContent).toContain(
    'This task is for CT, and the scan is MR.',
  )
  await user.click(button)
  expect(begin).not.toHaveBeenCalled()
})

describe('structures', () => {
  test('are chosen by body system and one by one, in the task’s order', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('radio', { name: 'Selected ones' }))
    expect(latest.roi_subset).toEqual([])
    const urinary = screen.getByRole('checkbox', { name: 'Urinary system' })
    await user.click(urinary)
    expect(latest.roi_subset).toContain('kidney_left')
    expect(latest.roi_subset).not.toContain('liver')
    const whole = latest.roi_subset?.length ?? 0

    await user.type(screen.getByRole('searchbox'), 'left kidney')
    await user.click(await screen.findByRole('checkbox', { name: 'Left kidney' }))
    expect(latest.roi_subset).toHaveLength(whole - 1)
    await user.clear(screen.getByRole('searchbox'))
    expect(urinary.getAttribute('aria-checked')).toBe('mixed')

    await user.type(screen.getByRole('searchbox'), 'spleen')
    await user.click(await screen.findByRole('checkbox', { name: 'Spleen' }))
    expect(latest.roi_subset?.[0]).toBe('spleen') // the first one of the task
  })

  test('none of them is refused in words', async () => {
    const { user, button } = await open()
    await user.click(screen.getByRole('radio', { name: 'Selected ones' }))
    expect(screen.getByText('Select at least one structure.')).toBeDefined()
    await user.click(button)
    expect(begin).not.toHaveBeenCalled()
    await user.click(screen.getByRole('radio', { name: 'All 117' }))
    expect(latest.roi_subset).toBeNull()
  })

  test('that another task does not have are no longer chosen', async () => {
    latest = { ...DEFAULT_OPTIONS, roi_subset: ['liver'] }
    const { user } = await open()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Task' }), 'teeth')
    expect(latest).toMatchObject({ task: 'teeth', roi_subset: null })
  })

  test('are named in the page’s language', async () => {
    const { user } = await open('CT', 'es')
    await user.click(screen.getByRole('radio', { name: 'Solo algunas' }))
    await user.type(screen.getByRole('searchbox'), 'rinon izq')
    expect(await screen.findByRole('checkbox', { name: 'Riñón izquierdo' })).toBeDefined()
  })
})

test('the file that the page itself needs cannot be left out', async () => {
  const { user } = await open()
  await user.click(screen.getByText('Advanced'))
  const glb = screen.getByRole<HTMLButtonElement>('checkbox', { name: /^GLB/ })
  expect(glb.disabled).toBe(true)
  await user.click(screen.getByRole('checkbox', { name: /^OBJ/ }))
  expect(latest.formats).toEqual(['glb', 'stl', 'zip'])
  await user.click(screen.getByRole('checkbox', { name: /^PLY/ }))
  expect(latest.formats).toEqual(['glb', 'stl', 'ply', 'zip'])
})

test('tasks that cannot be listed are asked for again', async () => {
  api.failNext('tasks', new NetworkError())
  await renderWithTexts(<Held modality="CT" sends={false} />)
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('button', { name: 'Process' })).toBeDefined()
})

test('is accessible, also with everything open', async () => {
  const { user, container } = await open()
  await user.click(screen.getByRole('radio', { name: 'Selected ones' }))
  await user.click(screen.getByText('Advanced'))
  await user.click(screen.getByRole('button', { name: 'Show the structures of Urinary system' }))
  await expectAccessible(container)
})
