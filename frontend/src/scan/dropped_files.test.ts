import { expect, test } from 'vitest'

import { filesOf } from './dropped_files'

const file = (name: string) => new File([name], name)

/** The part of the entries API that browsers have, with batches as small as they may be. */
function fileEntry(name: string): FileSystemEntry {
  const entry = { isFile: true, isDirectory: false, file: (done: FileCallback) => done(file(name)) }
  return entry as unknown as FileSystemEntry
}

function folderEntry(children: readonly FileSystemEntry[], batch: number): FileSystemEntry {
  const entry = {
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let from = 0
      return {
        readEntries: (done: FileSystemEntriesCallback) => {
          done(children.slice(from, from + batch))
          from += batch
        },
      }
    },
  }
  return entry as unknown as FileSystemEntry
}

function transferOf(entries: readonly (FileSystemEntry | null)[]): DataTransfer {
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => entry,
    getAsFile: () => file('loose'),
  }))
  return { items: [...items, { kind: 'string' }] } as unknown as DataTransfer
}

const names = async (transfer: DataTransfer) => (await filesOf(transfer)).map(({ name }) => name)

test('folders are gone through to their ends, however deep', async () => {
  const many = Array.from({ length: 250 }, (_, n) => fileEntry(`IM${n}`))
  const study = folderEntry(
    [folderEntry(many, 100), folderEntry([], 100), fileEntry('DICOMDIR')],
    2,
  )
  const found = await names(transferOf([study, fileEntry('other')]))
  expect(found).toHaveLength(252)
  expect(new Set(found)).toEqual(new Set([...many.map((_, n) => `IM${n}`), 'DICOMDIR', 'other']))
})

test('a file without an entry is taken as it is', async () => {
  expect(await names(transferOf([null]))).toEqual(['loose'])
})

test('a folder that cannot be read fails', async () => {
  const broken = {
    isFile: false,
    isDirectory: true,
    createReader: () => ({
      readEntries: (_: unknown, fail: (error: Error) => void) =>
        fail(new DOMException('no', 'NotReadableError')),
    }),
  } as unknown as FileSystemEntry
  await expect(filesOf(transferOf([broken]))).rejects.toThrow(DOMException)
})
