import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { ScanOptions } from '../../api/types'
import { FORMATS } from '../../session/scan_options'
import { Checkbox } from '../../ui/checkbox'
import { Segmented } from '../../ui/segmented'
import { Slider } from '../../ui/slider'
import { Field } from './field'

interface AdvancedOptionsProps {
  options: ScanOptions
  onChange: (options: Partial<ScanOptions>) => void
}

const DEVICES = ['auto', 'gpu', 'cpu'] as const
/** Beyond that hardly any shape is left. */
const MOST_REDUCTION = 99

export function AdvancedOptions({ options, onChange }: AdvancedOptionsProps) {
  const { t } = useTranslation('process')
  const percent = options.reduction_percent
  const reduction = t('reductionValue', { percent })
  return (
    <details className="group rounded-md border border-line" data-section="advanced">
      <summary className="flex min-h-10 cursor-pointer list-none items-center gap-2 px-3 text-sm font-medium focus-visible:outline-2 focus-visible:outline-focus">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t('advanced')}
      </summary>
      <div className="space-y-5 border-t border-line p-3">
        <Field title={t('device')} hint={t(`deviceHint.${options.device}`)}>
          {() => (
            <Segmented
              label={t('device')}
              className="flex w-full"
              value={options.device}
              options={DEVICES.map((name) => ({ name, label: t(`devices.${name}`) }))}
              onChange={(device) => onChange({ device })}
            />
          )}
        </Field>
        <Field title={`${t('reduction')}: ${reduction}`} hint={t('reductionHint')}>
          {() => (
            <Slider
              label={t('reduction')}
              valueText={reduction}
              value={percent}
              min={0}
              max={MOST_REDUCTION}
              step={1}
              onChange={(reduction_percent) => onChange({ reduction_percent })}
            />
          )}
        </Field>
        <fieldset>
          <legend className="pb-1.5 text-sm font-medium">{t('formats')}</legend>
          <div className="flex flex-col">
            {FORMATS.map((format) => (
              <Checkbox
                key={format}
                label={t(`formatNames.${format}`)}
                checked={options.formats.includes(format)}
                disabled={format === 'glb'}
                onChange={(wanted) =>
                  onChange({
                    formats: FORMATS.filter((each) =>
                      each === format ? wanted : options.formats.includes(each),
                    ),
                  })
                }
              />
            ))}
          </div>
          <p className="pt-1 text-xs text-muted">{t('viewNeedsGlb')}</p>
        </fieldset>
      </div>
    </details>
  )
}
