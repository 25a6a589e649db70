import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

interface MenuProps<Name extends string> {
  /** The button that opens it. */
  trigger: ReactNode
  label: string
  options: readonly { name: Name; title: string; lang?: string }[]
  value: Name
  onChange: (name: Name) => void
}

/** One choice of a few, behind a button. */
export function ChoiceMenu<Name extends string>({
  trigger,
  label,
  options,
  value,
  onChange,
}: MenuProps<Name>) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          className="z-50 min-w-40 rounded-md border border-line bg-surface p-1 text-sm text-ink shadow-lg"
        >
          <Radix.RadioGroup
            aria-label={label}
            value={value}
            onValueChange={(name) => onChange(name as Name)} // one of the options' names
          >
            {options.map(({ name, title, lang }) => (
              <Radix.RadioItem
                key={name}
                value={name}
                lang={lang}
                data-option={name}
                className="relative flex min-h-9 cursor-pointer items-center rounded ps-8 pe-3 outline-none select-none data-highlighted:bg-raised"
              >
                <Radix.ItemIndicator className="absolute start-2">
                  <Check aria-hidden className="size-4" />
                </Radix.ItemIndicator>
                {title}
              </Radix.RadioItem>
            ))}
          </Radix.RadioGroup>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
