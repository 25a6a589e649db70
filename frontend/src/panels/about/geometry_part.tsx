import { useTranslation } from 'react-i18next'

import type { Job } from '../../api/types'
import { formatInteger, formatQuantity } from '../../i18n/formats'
import { about } from '../../i18n/texts/about'
import { useNames } from '../../i18n/use_names'
import { Facts, Part } from '../../ui/facts'

/** What the inspection calls the modality of a file that does not say it, as no NIfTI does. */
const NOT_STATED = 'unknown'

/** The scan's geometry as its inspection found it: what is not known is not shown. */
export function GeometryPart({ inspection }: { inspection: Job['inspection'] }) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  const geometry = inspection?.geometry ?? null
  if (inspection === null || geometry === null) {
    return (
      <Part title={t('geometry')}>
        <p className="text-sm text-muted">{t('noGeometry')}</p>
      </Part>
    )
  }
  const { shape, spacing_mm, orientation, orientation_trusted } = geometry
  const extentMm = shape.map((voxels, axis) => voxels * (spacing_mm[axis] ?? 0))
  const times = (numbers: readonly string[]) => numbers.join(' × ')
  const { formats } = about[language]
  return (
    <Part title={t('geometry')}>
      <Facts
        facts={[
          inspection.file_format === null
            ? null
            : [
                t('format'),
                (formats as Readonly<Record<string, string>>)[inspection.file_format] ??
                  inspection.file_format,
              ],
          inspection.modality === null
            ? null
            : [
                t('modality'),
                inspection.modality === NOT_STATED ? t('notStated') : inspection.modality,
              ],
          [t('shape'), times(shape.map((voxels) => formatInteger(voxels, language)))],
          [t('spacing'), `${times(spacing_mm.map((mm) => formatQuantity(mm, language)))} mm`],
          [t('extent'), `${times(extentMm.map((mm) => formatInteger(mm, language)))} mm`],
          [t('orientation'), <Axes letters={orientation} />],
          [
            t('sides'),
            orientation_trusted ? (
              t('sidesTrusted')
            ) : (
              <strong className="font-semibold text-danger">{t('sidesDoubtful')}</strong>
            ),
          ],
        ]}
      />
    </Part>
  )
}

function Axes({ letters }: { letters: string }) {
  const { language } = useNames()
  const axes: Readonly<Record<string, string>> = about[language].axes
  return (
    <>
      {letters}
      <span className="text-muted">
        {` (${Array.from(letters, (letter) => axes[letter] ?? letter).join(', ')})`}
      </span>
    </>
  )
}
