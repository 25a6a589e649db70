/**
 * The upload that a reload of the page interrupted: its bytes, so that it goes on. One at a time;
 * deleted when it is over.
 */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** `Context` is whatever the session needs to go on; nothing that names the patient. */
export interface UnfinishedUpload<Context> {
  jobId: string
  blob: Blob
  filename: string
  context: Context
}

/** Only `saved` can be resumed after a reload; the upload itself goes on with all of them. */
export type SaveOutcome = 'saved' | 'no_room' | 'unavailable'

export interface UnfinishedUploads<Context> {
  /** Replaces the one that was there. Never rejects. */
  save: (upload: UnfinishedUpload<Context>) => Promise<SaveOutcome>
  /** Never rejects: what cannot be read counts as not there. */
  find: () => Promise<UnfinishedUpload<Context> | null>
  remove: () => Promise<void>
}

interface Schema<Context> extends DBSchema {
  uploads: { key: string; value: UnfinishedUpload<Context> }
}

const DATABASE = 'iris-oculus'
const STORE = 'uploads'
const KEY = 'current'

/** Kept in IndexedDB, where the browser has one (private windows may not). */
export function unfinishedUploads<Context>(): UnfinishedUploads<Context> {
  let opened: Promise<IDBPDatabase<Schema<Context>>> | null = null
  const database = () =>
    (opened ??= openDB<Schema<Context>>(DATABASE, 1, {
      upgrade: (created) => void created.createObjectStore(STORE),
      terminated: () => (opened = null),
    }))
  return {
    save: async (upload) => {
      try {
        await (await database()).put(STORE, upload, KEY)
        return 'saved'
      } catch (error) {
        opened = null
        return error instanceof DOMException && error.name === 'QuotaExceededError'
          ? 'no_room'
          : 'unavailable'
      }
    },
    find: async () => {
      try {
        return (await (await database()).get(STORE, KEY)) ?? null
      } catch {
        opened = null
        return null
      }
    },
    remove: async () => {
      try {
        await (await database()).delete(STORE, KEY)
      } catch {
        opened = null // nothing can have been saved either
      }
    },
  }
}
