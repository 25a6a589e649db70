/** Requests to the 3D view that are no state: each is carried out once, by whoever listens. */

import type { ViewDirection } from './scene'

export type CameraRequest =
  | { kind: 'look_from'; direction: ViewDirection }
  /** Fill the view with these structures; with all that is shown where names are left out. */
  | { kind: 'fit'; names?: readonly string[] }
  /** Save what the 3D view shows as a PNG. */
  | { kind: 'screenshot' }

type Listener = (request: CameraRequest) => void

/** A channel between panels that ask and the viewer that answers. */
export class CameraRequests {
  private readonly listeners = new Set<Listener>()

  ask(request: CameraRequest): void {
    for (const listener of this.listeners) listener(request)
  }

  /** Returns what ends the listening. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
