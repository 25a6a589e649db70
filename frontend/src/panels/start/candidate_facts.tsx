import { useTranslation } from 'react-i18next'

import { formatBytes, formatInteger } from '../../i18n/formats'
import type { Language } from '../../i18n/language'
import type { Candidate } from '../../scan/candidate'
import { useLanguage } from './use_language'

/** Modality, slices or voxels, spacing, size: as far as the headers tell. */
export function CandidateFacts({ candidate }: { candidate: Candidate }) {
  const { t } = useTranslation('start')
  const language = useLanguage()
  const { description, kind, refusal, files, sizeBytes } = candidate
  const { modality, shape, spacingMm, sliceCount } = description
  const facts = [
    modality ?? (refusal === null ? t('candidates.unknownModality') : null),
    sliceCount === null ? null : t('candidates.slices', { count: sliceCount }),
    shape &&
      t('candidates.voxels', { shape: shape.map((n) => formatInteger(n, language)).join(' × ') }),
    spacingMm &&
      t('candidates.spacing', {
        spacing: spacingMm.map((mm) => formatMm(mm, language)).join(' × '),
      }),
    kind === 'dicom' && sliceCount === null ? t('candidates.files', { count: files.length }) : null,
    formatBytes(sizeBytes, language),
  ].filter((fact) => fact !== null)
  return (
    <ul className="flex flex-wrap text-xs text-muted tabular-nums">
      {facts.map((fact) => (
        <li key={fact} className="not-last:after:mx-1.5 not-last:after:content-['·']">
          {fact}
        </li>
      ))}
    </ul>
  )
}

/** Hundredths of a millimetre, without zeros that say nothing. */
const formatMm = (mm: number, language: Language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(mm)
