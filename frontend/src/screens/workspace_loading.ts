/** The viewer is most of the page's bytes: it is loaded while a job is processed. */
export const loadWorkspace = () => import('../viewer/Workspace')

/** Have it ready before the result is; what fails now is tried again then. */
export function preloadWorkspace(): void {
  loadWorkspace().catch(() => undefined)
}
