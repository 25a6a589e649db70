import { clsx, type ClassValue } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Join class names; of two Tailwind classes that contradict each other the later one wins. */
export function classNames(...names: ClassValue[]): string {
  return twMerge(clsx(names))
}
