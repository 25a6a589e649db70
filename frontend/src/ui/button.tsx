import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'

import { classNames } from './class_names'

const look = cva(
  'inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap ' +
    'transition-colors focus-visible:outline-2 focus-visible:outline-offset-2 ' +
    'focus-visible:outline-focus disabled:pointer-events-none disabled:opacity-50 ' +
    '[&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        secondary: 'border border-line bg-surface text-ink hover:bg-raised',
        ghost: 'text-ink hover:bg-raised aria-pressed:bg-raised aria-pressed:text-accent-ink',
        danger: 'bg-danger text-on-danger hover:opacity-90',
      },
      size: {
        normal: 'min-h-9 px-4 py-1.5 text-sm',
        small: 'min-h-7 px-2 text-xs',
        icon: 'size-8',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'normal' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof look>

export function Button({ className, variant, size, type = 'button', ...others }: ButtonProps) {
  return (
    <button type={type} className={classNames(look({ variant, size }), className)} {...others} />
  )
}

/** A button that shows a picture alone; `label` is what it is called. */
export function IconButton({
  label,
  size = 'icon',
  variant = 'ghost',
  ...others
}: ButtonProps & { label: string }) {
  return <Button aria-label={label} title={label} size={size} variant={variant} {...others} />
}
