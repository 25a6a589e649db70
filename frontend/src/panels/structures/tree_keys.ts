/**
 * The keyboard of an ARIA tree (WAI-ARIA Authoring Practices, "Tree View"), and of what its rows
 * do: Space for the eye, Shift and Space for solo, Enter to select, Shift and Enter to fit.
 */

import { plain } from '../../session/structure_search'

/** What a row does; a group folds where a structure is selected. */
export interface RowActions {
  toggleEye: (row: HTMLElement) => void
  toggleSolo: (row: HTMLElement) => void
  fit: (row: HTMLElement) => void
  choose: (row: HTMLElement) => void
  fold: (row: HTMLElement, folded: boolean) => void
  unfoldAll: () => void
}

interface Pressed {
  key: string
  shiftKey: boolean
}

const TYPE_AHEAD_MS = 700

/** Type-ahead needs to remember what was typed just before. */
export class TreeKeys {
  private typed = ''
  private typedAtMs = 0

  constructor(private readonly actions: RowActions) {}

  /** Act on a key; false where it means nothing here. */
  press(tree: HTMLElement, row: HTMLElement, pressed: Pressed): boolean {
    if (this.move(tree, row, pressed.key)) return true
    const goesOnTyping = pressed.key === ' ' && !pressed.shiftKey && this.isTyping()
    if (!goesOnTyping && this.act(row, pressed)) return true
    return this.find(tree, row, pressed)
  }

  private move(tree: HTMLElement, row: HTMLElement, key: string): boolean {
    const rows = rowsOf(tree)
    const place = rows.indexOf(row)
    const isGroup = row.hasAttribute('aria-expanded')
    const isFolded = row.getAttribute('aria-expanded') === 'false'
    switch (key) {
      case 'ArrowDown':
        return focus(rows[place + 1])
      case 'ArrowUp':
        return focus(rows[place - 1])
      case 'Home':
        return focus(rows[0])
      case 'End':
        return focus(rows.at(-1))
      case 'ArrowRight':
        if (isFolded) this.actions.fold(row, false)
        else if (isGroup) focus(rows[place + 1])
        return true
      case 'ArrowLeft':
        if (isGroup) this.actions.fold(row, true)
        else focus(groupOf(row, rows))
        return true
      default:
        return false
    }
  }

  private act(row: HTMLElement, { key, shiftKey }: Pressed): boolean {
    switch (key) {
      case ' ':
        if (shiftKey) this.actions.toggleSolo(row)
        else this.actions.toggleEye(row)
        return true
      case 'Enter':
        if (shiftKey) this.actions.fit(row)
        else this.actions.choose(row)
        return true
      case '*':
        this.actions.unfoldAll()
        return true
      default:
        return false
    }
  }

  private isTyping(): boolean {
    return Date.now() - this.typedAtMs <= TYPE_AHEAD_MS
  }

  /** The next row whose name begins with what was typed; the same letter again goes on from it. */
  private find(tree: HTMLElement, row: HTMLElement, { key }: Pressed): boolean {
    if (key.length !== 1) return false
    if (!this.isTyping()) this.typed = ''
    this.typedAtMs = Date.now()
    const letter = plain(key)
    this.typed = this.typed === letter ? letter : this.typed + letter
    const rows = rowsOf(tree)
    const start = rows.indexOf(row) + (this.typed.length === 1 ? 1 : 0)
    const fromHere = [...rows.slice(start), ...rows.slice(0, start)]
    focus(fromHere.find(({ dataset }) => plain(dataset['label'] ?? '').startsWith(this.typed)))
    return true
  }
}

/** In the order of the screen; a folded group's rows are not in the document. */
function rowsOf(tree: HTMLElement): HTMLElement[] {
  return [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')]
}

/** A group's row stands before those of its structures. */
function groupOf(row: HTMLElement, rows: readonly HTMLElement[]): HTMLElement | undefined {
  const before = rows.slice(0, rows.indexOf(row))
  return before.reverse().find((one) => one.hasAttribute('aria-expanded'))
}

/** True also at the ends: the page must not scroll away from there. */
function focus(row: HTMLElement | null | undefined): true {
  row?.focus()
  return true
}
