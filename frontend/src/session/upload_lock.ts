/** One tab of this browser at a time keeps an unfinished upload, so that none is sent twice. */

export interface UploadLock {
  /** What lets it go; null where another tab holds it. */
  tryHold: () => Promise<(() => void) | null>
}

const NAME = 'iris-oculus-upload'

/** The browser lets go by itself when the tab is closed. */
export const browserUploadLock: UploadLock = {
  tryHold: () =>
    new Promise((resolve) => {
      // Missing outside of secure contexts, whatever the type says.
      const locks = navigator.locks as LockManager | undefined
      if (locks === undefined) {
        resolve(() => undefined)
        return
      }
      void locks.request(NAME, { ifAvailable: true }, async (lock) => {
        if (lock === null) {
          resolve(null)
          return
        }
        await new Promise<void>((release) => resolve(release))
      })
    }),
}
