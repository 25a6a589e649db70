/** How finely a pane is drawn: coarser while it moves on slow graphics, finest at rest. */

export interface Quality {
  /** Pixels drawn for each pixel of the screen, along an edge. */
  readonly scale: number
  /** Of multisampling; 0 for none. */
  readonly samples: number
}

/** Of the 3D view, from the finest to the coarsest. */
export const SPACE_LEVELS: readonly Quality[] = [
  { scale: 1, samples: 4 },
  { scale: 1, samples: 0 },
  { scale: 0.7, samples: 0 },
  { scale: 0.5, samples: 0 },
  { scale: 0.35, samples: 0 },
]
/** Of slices, which have no edges to smooth. */
export const SLICE_LEVELS: readonly Quality[] = [
  { scale: 1, samples: 0 },
  { scale: 0.7, samples: 0 },
  { scale: 0.5, samples: 0 },
]
const TOO_SLOW_MS = 45
const FAST_MS = 14
/** A picture at rest that takes longer than that goes without multisampling. */
const REST_TOO_SLOW_MS = 700

export class QualityChoice {
  private moving = 0
  private resting = 0

  constructor(private readonly levels: readonly Quality[]) {}

  /** The quality of the next picture. */
  choose(isMoving: boolean): Quality {
    return this.levels[isMoving ? this.moving : this.resting] ?? { scale: 1, samples: 0 }
  }

  /** Learn from the time that a picture took. */
  learn(wasMoving: boolean, elapsedMs: number): void {
    if (!wasMoving) {
      if (elapsedMs > REST_TOO_SLOW_MS && this.levels[0]?.samples !== 0) this.resting = 1
      if (elapsedMs > TOO_SLOW_MS) this.moving = Math.max(this.moving, 1)
      return
    }
    if (elapsedMs > 2 * TOO_SLOW_MS) this.moving += 2
    else if (elapsedMs > TOO_SLOW_MS) this.moving += 1
    else if (elapsedMs < FAST_MS) this.moving -= 1
    this.moving = Math.min(this.levels.length - 1, Math.max(0, this.moving))
  }
}
