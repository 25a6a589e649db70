import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

import { classNames } from './class_names'

interface TabsProps<Name extends string> {
  label: string
  tabs: readonly { name: Name; title: string; content: ReactNode }[]
  value: Name
  onChange: (name: Name) => void
  className?: string
}

export function Tabs<Name extends string>({
  label,
  tabs,
  value,
  onChange,
  className,
}: TabsProps<Name>) {
  return (
    <Radix.Root
      className={classNames('flex min-h-0 flex-col', className)}
      value={value}
      onValueChange={(name) => onChange(name as Name)}
    >
      <Radix.List aria-label={label} className="flex shrink-0 gap-1 border-b border-line px-2">
        {tabs.map(({ name, title }) => (
          <Radix.Trigger
            key={name}
            value={name}
            className="-mb-px min-h-10 border-b-2 border-transparent px-3 text-sm text-muted hover:text-ink focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {title}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ name, content }) => (
        <Radix.Content
          key={name}
          value={name}
          className="min-h-0 grow overflow-auto focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
        >
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
