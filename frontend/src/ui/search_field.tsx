import { Search, X } from 'lucide-react'
import { useRef } from 'react'

import { IconButton } from './button'
import { classNames } from './class_names'

interface SearchFieldProps {
  label: string
  clearLabel: string
  value: string
  onChange: (value: string) => void
  className?: string
}

/** A field that filters while one types; Escape empties it. */
export function SearchField({ label, clearLabel, value, onChange, className }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const clear = () => {
    onChange('')
    input.current?.focus()
  }
  return (
    <div className={classNames('relative', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-muted"
      />
      <input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return
          event.stopPropagation()
          clear()
        }}
        className="h-9 w-full rounded-md border border-control bg-surface ps-8 pe-9 text-sm text-ink placeholder:text-muted focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-focus"
      />
      {value !== '' && (
        <IconButton
          label={clearLabel}
          className="absolute end-1 top-1/2 size-7 -translate-y-1/2"
          onClick={clear}
        >
          <X />
        </IconButton>
      )}
    </div>
  )
}
