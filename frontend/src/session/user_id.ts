const STORAGE_KEY = 'userId'

/** A name for this browser's jobs while there is no sign-in; it says nothing about the person. */
export function anonymousUserId(): string {
  const known = localStorage.getItem(STORAGE_KEY)
  if (known !== null) return known
  const made = `browser-${crypto.randomUUID()}`
  localStorage.setItem(STORAGE_KEY, made)
  return made
}
