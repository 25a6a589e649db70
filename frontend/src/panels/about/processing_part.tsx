import { useTranslation } from 'react-i18next'

import type { Job } from '../../api/types'
import { formatSeconds, formatUsd } from '../../i18n/formats'
import { progress } from '../../i18n/texts/progress'
import { useNames } from '../../i18n/use_names'
import { Facts, Part } from '../../ui/facts'

export function OptionsPart({ options }: { options: NonNullable<Job['options']> }) {
  const { t } = useTranslation('about')
  const { task, fast, device, roi_subset, reduction_percent, formats } = options
  return (
    <Part title={t('options')}>
      <Facts
        facts={[
          [t('task'), task],
          [t('quality'), t(fast ? 'fast' : 'full')],
          [t('askedDevice'), t(`askedDevices.${device}`)],
          [t('structures'), roi_subset === null ? t('allStructures') : roi_subset.join(', ')],
          [t('reduction'), t('percent', { value: reduction_percent })],
          [t('outputs'), formats.join(', ').toUpperCase()],
        ]}
      />
    </Part>
  )
}

/** Measured times in the order of the stages; ones that are not known yet come last. */
export function TimesPart({ timings_s }: { timings_s: Job['timings_s'] }) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  const names: Readonly<Record<string, string>> = progress[language].stages
  const order = Object.keys(names)
  const rank = (stage: string) => (order.includes(stage) ? order.indexOf(stage) : order.length)
  const stages = Object.entries(timings_s).sort(([one], [other]) => rank(one) - rank(other))
  const totalS = stages.reduce((sum, [, seconds]) => sum + seconds, 0)
  return (
    <Part title={t('times')}>
      <Facts
        facts={[
          ...stages.map(
            ([stage, seconds]) =>
              [names[stage] ?? stage, formatSeconds(seconds, language)] as const,
          ),
          [t('total'), <strong>{formatSeconds(totalS, language)}</strong>],
        ]}
      />
    </Part>
  )
}

/** Amounts that are not known are left out; the API's own words say why. */
export function CostPart({ cost }: { cost: NonNullable<Job['cost']> }) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  return (
    <Part title={t('cost')}>
      <Facts
        facts={[
          cost.usd === null ? null : [t('costUsd'), formatUsd(cost.usd, language)],
          cost.cold_start_usd === null
            ? null
            : [
                t('coldStart'),
                `${formatUsd(cost.cold_start_usd, language)} (${t('coldStartNote')})`,
              ],
          cost.instance_type === null ? null : [t('machine'), cost.instance_type],
          [t('basis'), <span lang="en">{cost.basis}</span>],
        ]}
      />
    </Part>
  )
}
