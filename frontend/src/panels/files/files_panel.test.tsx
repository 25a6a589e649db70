import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { Api } from '../../api/client'
import { ApiError, NetworkError } from '../../api/errors'
import type { Job } from '../../api/types'
import { CameraRequests } from '../../session/camera'
import { createScene } from '../../session/scene'
import { expectAccessible } from '../../testing/axe'
import { structuresOfTask } from '../../testing/catalogue'
import { artifact, finishedJob } from '../../testing/finished_job'
import { renderWithTexts } from '../../testing/render_with_texts'
import { FilesPanel } from './files_panel'

const structures = structuresOfTask('totalsegmentator', 'total').slice(0, 6)
const HOUR_MS = 3_600_000
const fresh = () => finishedJob(structures)
const stale = () => finishedJob(structures, { signedAt: new Date(Date.now() - HOUR_MS) })

/** What the browser would have fetched: jsdom follows no link. */
let followed: string[]

beforeEach(() => {
  followed = []
  HTMLAnchorElement.prototype.click = function () {
    followed.push(this.href)
  }
})
afterEach(cleanup)

async function open(job: Job, answer: () => Promise<Job> = () => Promise.reject(new Error('no'))) {
  const api: Pick<Api, 'job'> = { job: answer }
  await renderWithTexts(
    <FilesPanel scene={createScene()} camera={new CameraRequests()} job={job} api={api} />,
  )
  return userEvent.setup()
}

const link = (name: string) =>
  document.querySelector<HTMLElement>(`a[data-artifact="${name}"]`) ?? expect.fail(`no ${name}`)

/** Whether a click would have been left to the browser. */
async function click(user: ReturnType<typeof userEvent.setup>, name: string): Promise<boolean> {
  let left = false
  const watch = (event: Event) => {
    left = !event.defaultPrevented
    event.preventDefault()
  }
  window.addEventListener('click', watch)
  await user.click(link(name))
  window.removeEventListener('click', watch)
  return left
}

describe('the list', () => {
  test('groups by use, each file with its size and what opens it', async () => {
    await open(fresh())
    const groups = screen
      .getAllByRole('heading', { level: 3 })
      .map(({ textContent }) => textContent)
    expect(groups).toEqual(['Everything', 'Whole model', 'Images', 'Tables and report', 'Pictures'])
    const model = screen.getByRole('region', { name: 'Whole model' })
    expect(
      within(model)
        .getAllByRole('link')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Download model.glb 6.7 MB',
      'Download model.web.glb 1.4 MB',
      'Download model.obj 15 MB',
      'Download model.mtl 8.1 kB',
    ])
    expect(within(model).getByText(/Blender does not read it/)).toBeDefined()
  })

  test('files of structures are folded, and searched in either language', async () => {
    const user = await open(fresh())
    expect(document.querySelector('[data-artifact="spleen.stl"]')).toBeNull()
    await user.click(screen.getByText('One file per structure (10)'))
    const names = () =>
      [...document.querySelectorAll<HTMLElement>('li[data-structure]')].map(
        ({ dataset }) => dataset['structure'],
      )
    expect(names()).toHaveLength(5) // one has no mesh
    await user.type(screen.getByRole('searchbox'), 'riñón')
    expect(names()).toEqual(['kidney_right', 'kidney_left'])
    expect(link('kidney_left.stl').textContent).toMatch(/^STL/)
  })

  test('what is not known is shown too', async () => {
    await open({
      ...fresh(),
      artifacts: [artifact('report.xyz', 10, new Date()), artifact('seg.dcm', 10, new Date())],
    })
    expect(screen.getByText('Another file of the result.')).toBeDefined()
    expect(screen.getByText(/on a PACS/)).toBeDefined()
    expect(screen.getAllByRole('link')).toHaveLength(2)
  })

  test('is accessible, folded and open', async () => {
    const user = await open(fresh())
    await expectAccessible(document.body)
    await user.click(screen.getByText(/One file per structure/))
    await expectAccessible(document.body)
  })
})

describe('links', () => {
  test('that hold are left to the browser', async () => {
    const job = fresh()
    const user = await open(job)
    expect(await click(user, 'model.glb')).toBe(true)
    expect(link('model.glb').getAttribute('href')).toBe(
      job.artifacts.find(({ name }) => name === 'model.glb')?.url,
    )
  })

  test('that have expired are renewed, and the download begins', async () => {
    const renewed = fresh()
    let asked = 0
    const user = await open(stale(), () => {
      asked += 1
      return Promise.resolve(renewed)
    })
    const url = renewed.artifacts.find(({ name }) => name === 'model.obj')?.url
    expect(await click(user, 'model.obj')).toBe(false)
    expect(await screen.findByText(/were renewed/)).toBeDefined()
    expect(followed).toEqual([url])
    expect(link('model.obj').getAttribute('href')).toBe(url)
    expect(await click(user, 'model.obj')).toBe(true)
    expect(asked).toBe(1)
  })

  test('to what is gone say so', async () => {
    const user = await open(stale(), () => Promise.resolve({ ...fresh(), artifacts: [] }))
    await click(user, 'model.obj')
    expect((await screen.findByRole('alert')).textContent).toMatch(/no longer there/)
    expect(followed).toEqual([])
  })

  test.each<[string, Error, RegExp]>([
    ['offline', new NetworkError(), /could not be renewed/],
    [
      'deleted',
      new ApiError(404, { code: 'job_not_found', message: 'm', hint: 'h' }, null),
      /could not be renewed/,
    ],
  ])('that cannot be renewed say why: %s', async (_case, error, text) => {
    const user = await open(stale(), () => Promise.reject(error))
    await click(user, 'model.obj')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(text)
    expect(alert.textContent.length).toBeGreaterThan(60)
  })
})

describe('copying', () => {
  test('the link leads to the job', async () => {
    const user = await open(fresh())
    await user.click(screen.getByRole('button', { name: 'Copy link to this job' }))
    expect(await navigator.clipboard.readText()).toMatch(/^http:\/\/localhost.*#abc123def456$/)
  })

  test('checksums leave out what is compressed for transport', async () => {
    const now = new Date()
    const packed = { ...artifact('model.obj', 10, now), content_encoding: 'gzip' }
    const user = await open({ ...fresh(), artifacts: [packed, artifact('model.glb', 10, now)] })
    await user.click(screen.getByRole('button', { name: 'Copy SHA-256 checksums' }))
    expect(await navigator.clipboard.readText()).toMatch(/^[0-9a-f]{64} {2}model\.glb\n$/)
  })
})
