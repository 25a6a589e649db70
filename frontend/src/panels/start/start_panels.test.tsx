import { act, cleanup, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { start } from '../../i18n/texts/start'
import type { Candidate, Refusal } from '../../scan/candidate'
import { expectAccessible } from '../../testing/axe'
import { renderWithTexts } from '../../testing/render_with_texts'
import { CandidateList, DropZone, PackingChoice, PageDrop, ReadingPanel, UploadPanel } from '.'
import { formatTimeLeft } from './time_left'

function candidate(id: string, part: Partial<Candidate> = {}): Candidate {
  return {
    id,
    kind: 'dicom',
    files: [],
    archive: null,
    sizeBytes: 57_000_000,
    description: {
      title: `Series ${id}`,
      modality: 'CT',
      shape: [512, 512, 214],
      spacingMm: [0.78125, 0.78125, 1.5],
      sliceCount: 214,
    },
    refusal: null,
    thumbnail: () => Promise.resolve(null),
    ...part,
  }
}

const urls = new Set<string>()
beforeEach(() => {
  urls.clear()
  let made = 0
  Object.assign(URL, {
    createObjectURL: () => {
      const url = `blob:${++made}`
      urls.add(url)
      return url
    },
    revokeObjectURL: (url: string) => urls.delete(url),
  })
})
afterEach(() => {
  cleanup()
  expect(urls.size).toBe(0) // pictures are let go with their rows
})

describe('the list of candidates', () => {
  test('tells series apart by what matters, and one is chosen', async () => {
    const onChoose = vi.fn()
    const { container, unmount } = await renderWithTexts(
      <CandidateList
        candidates={[candidate('a'), candidate('b')]}
        chosenId="a"
        onChoose={onChoose}
      />,
    )
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /Series a/ }).checked).toBe(true)
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /Series b/ }).checked).toBe(false)
    for (const fact of ['CT', '214 slices of 512 × 512', '0.78 × 0.78 × 1.5 mm', '57 MB']) {
      expect(screen.getAllByText(fact)).toHaveLength(2)
    }
    await userEvent.click(screen.getByText('Series b'))
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('b')
    await expectAccessible(container)
    unmount()
  })

  test('shows a picture once it is there', async () => {
    const picture = vi.fn(() => Promise.resolve(new Blob(['png'])))
    const chosen = candidate('a', { thumbnail: picture })
    const { container, unmount } = await renderWithTexts(
      <CandidateList candidates={[chosen]} chosenId="a" onChoose={() => undefined} />,
    )
    await vi.waitFor(() => expect(container.querySelector('[data-thumbnail]')).not.toBeNull())
    unmount()
    const again = await renderWithTexts(
      <CandidateList candidates={[chosen]} chosenId="a" onChoose={() => undefined} />,
    )
    await vi.waitFor(() => expect(again.container.querySelector('[data-thumbnail]')).not.toBeNull())
    expect(picture).toHaveBeenCalledOnce() // it takes reading half a file
    again.unmount()
  })

  test('a picture that fails leaves a symbol', async () => {
    const broken = candidate('a', { thumbnail: () => Promise.reject(new Error('codec')) })
    const { container } = await renderWithTexts(
      <CandidateList candidates={[broken]} chosenId="a" onChoose={() => undefined} />,
    )
    await act(() => Promise.resolve())
    expect(container.querySelector('svg')).not.toBeNull()
  })

  test.each(Object.keys(start.en.refusals) as Refusal[])('says why: %s', async (refusal) => {
    const { container } = await renderWithTexts(
      <CandidateList
        candidates={[candidate('a', { refusal })]}
        chosenId={null}
        onChoose={() => undefined}
      />,
      'es',
    )
    expect(screen.queryByRole('radio')).toBeNull()
    expect(screen.getByRole('alert').textContent).toBe(start.es.candidates.none)
    const row = container.querySelector(`[data-refused=${refusal}]`)
    expect(row?.textContent).toContain(start.es.refusals[refusal].split('{{')[0])
    expect(row?.textContent).not.toContain('{{')
  })

  test('those that cannot be sent stand back behind those that can', async () => {
    await renderWithTexts(
      <CandidateList
        candidates={[candidate('a'), candidate('b', { refusal: 'localizer' })]}
        chosenId={null}
        onChoose={() => undefined}
      />,
    )
    expect(screen.getByText('1 cannot be used')).toBeDefined()
    expect(document.querySelector('details')?.open).toBe(false)
    expect(screen.getAllByRole('radio')).toHaveLength(1)
  })
})

test('the way of packing is a choice that says what it costs', async () => {
  const onChange = vi.fn()
  const { container } = await renderWithTexts(<PackingChoice packing="zip" onChange={onChange} />)
  const nifti = screen.getByRole('radio', { name: start.en.packing.nifti.title })
  const costs = document.getElementById(nifti.getAttribute('aria-describedby') ?? '')
  expect(costs?.textContent).toMatch(/DICOM SEG/)
  await userEvent.click(nifti)
  expect(onChange).toHaveBeenCalledExactlyOnceWith('nifti')
  await expectAccessible(container)
})

test('reading says how far it is', async () => {
  const onCancel = vi.fn()
  await renderWithTexts(
    <ReadingPanel progress={{ readCount: 1200, totalCount: 4800 }} onCancel={onCancel} />,
  )
  expect(screen.getByText('1,200 of 4,800 files')).toBeDefined()
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25')
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(onCancel).toHaveBeenCalledOnce()
})

describe('the upload', () => {
  const actions = () => ({ onPause: vi.fn(), onResume: vi.fn(), onCancel: vi.fn() })
  const progress = {
    sentBytes: 31_000_000,
    totalBytes: 134_000_000,
    bytesPerSecond: 4_200_000,
    secondsLeft: 24.5,
  }

  test('says how much, how fast, how long, and can be paused', async () => {
    const called = actions()
    const { container } = await renderWithTexts(
      <UploadPanel progress={progress} phase="sending" saved="saved" {...called} />,
    )
    expect(container.querySelector('[data-upload-figures]')?.textContent).toBe(
      '31 MB of 134 MB · 4.2 MB/s · 25 sec left',
    )
    expect(screen.getByText(start.en.upload.saved)).toBeDefined()
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }))
    expect(called.onPause).toHaveBeenCalledOnce()
    await expectAccessible(container)
  })

  test('a pause shows no speed, and can be ended', async () => {
    const called = actions()
    const { container } = await renderWithTexts(
      <UploadPanel progress={progress} phase="paused" saved="no_room" {...called} />,
      'es',
    )
    expect(container.querySelector('[data-upload-figures]')?.textContent).toBe('31 MB de 134 MB')
    expect(screen.getByRole('status').textContent).toBe('En pausa')
    expect(screen.getByText(start.es.upload.notSaved)).toBeDefined()
    await userEvent.click(screen.getByRole('button', { name: 'Reanudar' }))
    expect(called.onResume).toHaveBeenCalledOnce()
  })

  test('with a problem it stands still: only cancelling is left beside its way out', async () => {
    const called = actions()
    await renderWithTexts(
      <UploadPanel
        progress={progress}
        phase="sending"
        saved={null}
        problem={<button>Again</button>}
        {...called}
      />,
    )
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'Again',
      'Cancel',
    ])
  })
})

test('time left is rounded as an estimate should be', () => {
  expect([3, 24.5, 58, 100, 3590, 7300].map((seconds) => formatTimeLeft(seconds, 'en'))).toEqual([
    '5 sec', '25 sec', '1 min', '2 min', '60 min', '2 hr',
  ]) // prettier-ignore
})

describe('dropping on the page', () => {
  const file = new File(['x'], 'ct.nii')
  const dataTransfer = {
    types: ['Files'],
    items: [{ kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => file }],
  }

  test('takes files anywhere, and shows that it would', async () => {
    const onFiles = vi.fn()
    await renderWithTexts(
      <PageDrop enabled onFiles={onFiles} onFailed={vi.fn()}>
        <p>page</p>
      </PageDrop>,
    )
    const text = screen.getByText('page')
    expect(fireEvent.dragOver(text, { dataTransfer })).toBe(false) // the browser does not open it
    expect(screen.getByRole('status').textContent).toBe(start.en.drop.over)
    await act(async () => {
      fireEvent.drop(text, { dataTransfer })
      await Promise.resolve()
    })
    await vi.waitFor(() => expect(onFiles).toHaveBeenCalledExactlyOnceWith([file]))
    await vi.waitFor(() => expect(screen.queryByRole('status')).toBeNull())
  })

  test('is quiet where it cannot be used, but never lets the browser leave the page', async () => {
    const onFiles = vi.fn()
    await renderWithTexts(<PageDrop enabled={false} onFiles={onFiles} onFailed={vi.fn()} />)
    expect(fireEvent.dragOver(window, { dataTransfer })).toBe(false)
    expect(fireEvent.drop(window, { dataTransfer })).toBe(false)
    expect(screen.queryByRole('status')).toBeNull()
    await act(() => Promise.resolve())
    expect(onFiles).not.toHaveBeenCalled()
  })

  test('text that is dragged is none of its business', async () => {
    await renderWithTexts(<PageDrop enabled onFiles={vi.fn()} onFailed={vi.fn()} />)
    expect(fireEvent.dragOver(window, { dataTransfer: { types: ['text/plain'] } })).toBe(true)
    expect(screen.queryByRole('status')).toBeNull()
  })
})

test('the drop zone opens dialogs for files and, where there are any, folders', async () => {
  const onFiles = vi.fn()
  const { container } = await renderWithTexts(<DropZone onFiles={onFiles} />)
  const input = container.querySelector<HTMLInputElement>('[data-input=files]')
  if (input === null) throw new Error('no input')
  const file = new File(['x'], 'ct.nii')
  await userEvent.upload(input, [file])
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([file])
  const clicked = vi.spyOn(input, 'click')
  await userEvent.click(within(container).getByText(start.en.drop.title))
  expect(clicked).toHaveBeenCalledOnce()
  await expectAccessible(container)
})
