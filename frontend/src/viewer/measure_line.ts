/** The measured distance above a pane: points, line and label, moved without React. */

import { distanceMm, type Vec3 } from '../session/vector'

interface ScreenPoint {
  readonly x: number
  readonly y: number
}

const LABEL_ABOVE_PIXELS = 14

/** A length as it is shown: with one decimal, as the language writes it. */
export function lengthText(a: Vec3, b: Vec3, language: string): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(distanceMm(a, b))
}

export class MeasureLine {
  /** `marks` holds the line, two points and the label, in this order. */
  constructor(
    private readonly marks: HTMLElement,
    private readonly textOf: (a: Vec3, b: Vec3) => string,
  ) {}

  /** `onScreen`: where the measured points lie, in CSS pixels of the pane. */
  update(onScreen: readonly ScreenPoint[], measured: readonly Vec3[], opacity: number): void {
    const [line, firstDot, secondDot, label] = Array.from(this.marks.children) as HTMLElement[]
    const [first, second] = onScreen
    const [a, b] = measured
    this.marks.style.opacity = String(opacity)
    move(firstDot, first, 'translate(-50%, -50%)')
    move(secondDot, second, 'translate(-50%, -50%)')
    const isWhole = first !== undefined && second !== undefined
    if (!isWhole || a === undefined || b === undefined) {
      move(line, undefined)
      move(label, undefined)
      return
    }
    const [dx, dy] = [second.x - first.x, second.y - first.y]
    move(
      line,
      first,
      `translateY(-50%) rotate(${Math.atan2(dy, dx)}rad) scaleX(${Math.hypot(dx, dy)})`,
    )
    const middle = { x: first.x + dx / 2, y: first.y + dy / 2 - LABEL_ABOVE_PIXELS }
    move(label, middle, 'translate(-50%, -50%)')
    if (label !== undefined) label.textContent = this.textOf(a, b)
  }
}

/** Put an element's upper left corner to a point of its pane, or hide it. */
export function move(element: HTMLElement | undefined, point?: ScreenPoint, then = ''): void {
  if (element === undefined) return
  element.hidden = point === undefined
  if (point !== undefined) {
    element.style.transform = `translate(${point.x}px, ${point.y}px) ${then}`
  }
}
