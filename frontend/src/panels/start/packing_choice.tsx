import { useId } from 'react'
import { useTranslation } from 'react-i18next'

import type { Packing } from '../../scan/candidate'

interface PackingChoiceProps {
  packing: Packing
  onChange: (packing: Packing) => void
}

const PACKINGS: readonly Packing[] = ['zip', 'nifti']

/** How a DICOM series leaves the page, and what each way costs. */
export function PackingChoice({ packing, onChange }: PackingChoiceProps) {
  const { t } = useTranslation('start')
  const name = useId()
  return (
    <fieldset className="space-y-2" data-packing-choice>
      <legend className="text-sm font-semibold text-ink">{t('packing.title')}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {PACKINGS.map((one) => (
          <label
            key={one}
            data-packing={one}
            className="flex cursor-pointer items-start gap-3 rounded-lg border border-line bg-surface p-3 transition-colors hover:bg-raised has-checked:border-accent has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              checked={one === packing}
              onChange={() => onChange(one)}
              aria-describedby={`${name}-${one}`}
              aria-label={t(`packing.${one}.title`)}
              className="mt-0.5 size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span className="space-y-1">
              <span className="block text-sm font-medium text-ink">
                {t(`packing.${one}.title`)}
              </span>
              <span id={`${name}-${one}`} className="block text-xs text-muted">
                {t(`packing.${one}.text`)}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
