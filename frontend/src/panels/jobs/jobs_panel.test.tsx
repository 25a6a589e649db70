import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { JobsList } from '../../session/jobs'
import { DEFAULT_OPTIONS } from '../../session/scan_options'
import { expectAccessible } from '../../testing/axe'
import { createFakeApi, type FakeApi } from '../../testing/fake_api'
import { renderWithTexts } from '../../testing/render_with_texts'
import { JobsPanel } from './jobs_panel'

afterEach(cleanup)

let api: FakeApi
const retry = vi.fn()

beforeEach(() => {
  api = createFakeApi()
  retry.mockReset()
})

async function open(language: 'en' | 'es' = 'en', quiet = false) {
  const list = new JobsList(api, 'someone')
  const { container } = await renderWithTexts(
    <JobsPanel list={list} quiet={quiet} onRetry={retry} />,
    language,
  )
  return { user: userEvent.setup(), container, list }
}

test('tells of each job what it is, and links to it', async () => {
  const { jobId } = api.add({
    status: 'failed',
    options: DEFAULT_OPTIONS,
    error: { code: 'out_of_memory', message: 'm', hint: 'h' },
  })
  await open('es')
  const link = await screen.findByRole('link', { name: /scan\.nii\.gz/ })
  expect(link.getAttribute('href')).toBe(`#${jobId}`)
  const item = within(screen.getByRole('listitem'))
  expect(item.getByText('Fallido')).toBeDefined()
  expect(item.getByText('El estudio necesita más memoria de la que hay')).toBeDefined()
  expect(item.getByText('1,2 MB')).toBeDefined()
})

test('shows a picture where there is one', async () => {
  api.add({ status: 'completed', thumbnail_url: 'https://bucket.example/thumbnail.png' })
  const { container } = await open()
  await screen.findByRole('listitem')
  expect(container.querySelector('img')?.getAttribute('src')).toBe(
    'https://bucket.example/thumbnail.png',
  )
})

test('deletes after asking, and says how much went', async () => {
  const { jobId } = api.add({ status: 'completed', options: DEFAULT_OPTIONS })
  const { user } = await open()
  await user.click(await screen.findByRole('button', { name: /^Delete the job/ }))
  const dialog = within(await screen.findByRole('alertdialog'))
  expect(api.stored.get(jobId)?.status).toBe('completed')
  await user.click(dialog.getByRole('button', { name: 'Delete for good' }))
  expect(await screen.findByText(`Job ${jobId} was deleted, with 1 stored object.`)).toBeDefined()
  expect(api.stored.get(jobId)?.status).toBe('deleted')
  expect(screen.queryByRole('listitem')).toBeNull()
})

test('deletes nothing when one thinks better of it', async () => {
  const { jobId } = api.add({ status: 'completed' })
  const { user } = await open()
  await user.click(await screen.findByRole('button', { name: /^Delete the job/ }))
  await user.click(await screen.findByRole('button', { name: 'Cancel' }))
  expect(api.stored.get(jobId)?.status).toBe('completed')
  expect(api.calls).not.toContain(`remove ${jobId}`)
})

test('offers to process again what is over, and that alone', async () => {
  api.add({ status: 'processing', options: DEFAULT_OPTIONS })
  const { jobId } = api.add({ status: 'cancelled', options: DEFAULT_OPTIONS })
  const { user } = await open()
  await screen.findAllByRole('listitem')
  const [button, ...others] = screen.getAllByRole('button', { name: /^Process the scan/ })
  expect(others).toEqual([])
  if (button !== undefined) await user.click(button)
  expect(retry).toHaveBeenCalledWith(expect.objectContaining({ jobId }))
})

test('beside the start it is not there while there are no jobs', async () => {
  const { list, container } = await open('en', true)
  await list.refresh()
  expect(container.textContent).toBe('')
})

test('is accessible', async () => {
  for (const status of ['completed', 'processing', 'failed', 'uploaded'] as const) {
    api.add({ status, options: DEFAULT_OPTIONS, progress: 0.3 })
  }
  const { container } = await open()
  await screen.findAllByRole('listitem')
  await expectAccessible(container)
})
