import type { ReactNode } from 'react'

/** A part of the page about the result. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-2 border-b border-line pb-4 last:border-0"
    >
      <h3 className="text-sm font-semibold">{title}</h3>
      {children}
    </section>
  )
}

/** Pairs of a name and what it is; null leaves one out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1 text-sm">
      {facts.map(
        (fact) =>
          fact !== null && (
            <div key={fact[0]} className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-muted">{fact[0]}</dt>
              <dd className="min-w-0 break-words">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
