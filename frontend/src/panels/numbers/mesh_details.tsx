import { useTranslation } from 'react-i18next'

import type { Structure } from '../../api/types'
import { formatInteger, formatQuantity, formatSignedPercent } from '../../i18n/formats'
import type { Language } from '../../i18n/language'
import { useNames } from '../../i18n/use_names'
import { Facts } from '../../ui/facts'

type Mesh = NonNullable<Structure['mesh']>

/** How well the mesh of one structure stands for its voxels. */
export function MeshDetails({ structure }: { structure: Structure }) {
  const { t } = useTranslation('numbers')
  const names = useNames()
  const title = t('mesh.title', { name: names.structure(structure) })
  return (
    <section
      aria-label={title}
      className="flex max-h-[45%] shrink-0 flex-col gap-2 overflow-auto border-t border-line p-3"
    >
      <h3 className="text-sm font-semibold">{title}</h3>
      {structure.mesh === null ? (
        <p className="text-sm text-muted">{t('noMesh')}</p>
      ) : (
        <MeshFacts mesh={structure.mesh} language={names.language} />
      )}
    </section>
  )
}

function MeshFacts({ mesh, language }: { mesh: Mesh; language: Language }) {
  const { t } = useTranslation('numbers')
  const quantity = (value: number) => formatQuantity(value, language)
  const { volume_ml, volume_difference_percent, deviation_p95_mm, deviation_max_mm } = mesh
  return (
    <Facts
      facts={[
        [
          t('mesh.closed'),
          mesh.watertight ? t('mesh.isClosed') : <Doubt text={t('mesh.isOpen')} />,
        ],
        [
          t('mesh.volume'),
          volume_ml === null
            ? t('mesh.unknown')
            : `${quantity(volume_ml)} ml` +
              (volume_difference_percent === null
                ? ''
                : ` ${t('mesh.difference', {
                    percent: formatSignedPercent(volume_difference_percent, language),
                  })}`),
        ],
        [
          t('mesh.deviation'),
          deviation_p95_mm === null || deviation_max_mm === null
            ? t('mesh.unknown')
            : t('mesh.deviationOf', {
                p95: quantity(deviation_p95_mm),
                max: quantity(deviation_max_mm),
              }),
        ],
        [t('mesh.sides'), <Sides sameSide={mesh.same_side} />],
        [
          t('mesh.triangles'),
          t('mesh.trianglesOf', {
            triangles: formatInteger(mesh.triangles, language),
            before: formatInteger(mesh.triangles_before, language),
          }),
        ],
      ]}
    />
  )
}

function Sides({ sameSide }: { sameSide: boolean | null }) {
  const { t } = useTranslation('numbers')
  if (sameSide === null) return t('mesh.sidesUnknown')
  return sameSide ? t('mesh.sidesAgree') : <Doubt text={t('mesh.sidesDiffer')} />
}

function Doubt({ text }: { text: string }) {
  return <strong className="font-semibold text-danger">{text}</strong>
}
