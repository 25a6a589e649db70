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
  const counts = shape?.map((count) => formatInteger(count, language)) ?? []
  const facts = [
    modality ?? (refusal === null ? t('candidates.unknownModality') : null),
    sliceCount === null || counts.length === 0
      ? null
      : t('candidates.slices', { count: sliceCount, matrix: counts.slice(0, 2).join(' × ') }),
    sliceCount === null && counts.length > 0
      ? t('candidates.voxels', { shape: counts.join(' × ') })
      : null,
    spacingMm &&
      t('candidates.spacing', {
        spacing: spacingMm.map((mm) => formatMm(mm, language)).join(' × '),
      }),
    kind === 'dicom' && sliceCount === null ? t('candidates.files', { count: files.length }) : null,
    formatBytes(sizeBytes, language),
  ].filter((fact) => fact !== null)
  return (
    <ul className="flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  )
}

/** Hundredths of a millimetre, without zeros that say nothing. */
const formatMm = (mm: number, language: Language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(mm)
