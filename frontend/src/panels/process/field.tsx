import { useId, type ReactNode } from 'react'

interface FieldProps {
  title: string
  hint?: ReactNode
  /** Gets the ids of the title and of the hint, to be tied to its control. */
  children: (ids: { title: string; hint: string }) => ReactNode
}

/** One setting: what it is called, its control, and what it does. */
export function Field({ title, hint, children }: FieldProps) {
  const id = useId()
  const ids = { title: `${id}title`, hint: `${id}hint` }
  return (
    <div className="space-y-1.5">
      <p id={ids.title} className="text-sm font-medium">
        {title}
      </p>
      {children(ids)}
      {hint !== undefined && (
        <p id={ids.hint} className="text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}
