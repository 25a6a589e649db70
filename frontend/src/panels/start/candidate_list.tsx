import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'

import type { Candidate } from '../../scan/candidate'
import { CandidateFacts } from './candidate_facts'
import { formatLimit } from './format_limit'
import { Thumbnail } from './thumbnail'
import { useLanguage } from './use_language'

interface CandidateListProps {
  candidates: readonly Candidate[]
  chosenId: string | null
  onChoose: (id: string) => void
}

/** The scans that were found: those that can be sent to choose from, the others with the reason. */
export function CandidateList({ candidates, chosenId, onChoose }: CandidateListProps) {
  const { t } = useTranslation('start')
  const usable = candidates.filter(({ refusal }) => refusal === null)
  const refused = candidates.filter(({ refusal }) => refusal !== null)
  return (
    <div className="space-y-4" data-candidates>
      <UsableScans candidates={usable} chosenId={chosenId} onChoose={onChoose} />
      {refused.length > 0 && (
        // Where nothing can be sent, the reason is what is looked for.
        <details open={usable.length === 0} className="group space-y-2">
          <summary className="cursor-pointer rounded py-1 text-sm text-muted focus-visible:outline-2 focus-visible:outline-focus">
            {t('candidates.refused', { count: refused.length })}
          </summary>
          <ul className="space-y-2">
            {refused.map((candidate) => (
              <RefusedScan key={candidate.id} candidate={candidate} />
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function UsableScans({ candidates, chosenId, onChoose }: CandidateListProps) {
  const { t } = useTranslation('start')
  const name = useId()
  if (candidates.length === 0) {
    return (
      <p role="alert" className="text-sm font-medium text-danger">
        {t('candidates.none')}
      </p>
    )
  }
  return (
    <fieldset className="space-y-2">
      <legend className="text-sm font-semibold text-ink">{t('candidates.title')}</legend>
      <p className="text-sm text-muted">{t('candidates.hint', { count: candidates.length })}</p>
      {candidates.map((candidate) => (
        <label
          key={candidate.id}
          data-candidate={candidate.id}
          className="flex cursor-pointer items-center gap-4 rounded-lg border border-line bg-surface p-3 transition-colors hover:bg-raised has-checked:border-accent has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={name}
            checked={candidate.id === chosenId}
            onChange={() => onChoose(candidate.id)}
            className="size-4 shrink-0 accent-accent focus-visible:outline-none"
          />
          <Thumbnail candidate={candidate} />
          <span className="min-w-0 grow space-y-1">
            <Title candidate={candidate} />
            <CandidateFacts candidate={candidate} />
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function RefusedScan({ candidate }: { candidate: Candidate }) {
  const { t } = useTranslation('start')
  const language = useLanguage()
  const { refusal, description } = candidate
  return (
    <li
      data-refused={refusal}
      className="flex items-center gap-4 rounded-lg border border-line bg-surface p-3"
    >
      <Thumbnail candidate={candidate} />
      <div className="min-w-0 grow space-y-1">
        <Title candidate={candidate} />
        <CandidateFacts candidate={candidate} />
        {refusal !== null && (
          <p className="flex items-start gap-1.5 text-sm text-ink">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            {t(`refusals.${refusal}`, {
              limit: formatLimit(language),
              modality: description.modality ?? '?',
            })}
          </p>
        )}
      </div>
    </li>
  )
}

function Title({ candidate: { description } }: { candidate: Candidate }) {
  const { t } = useTranslation('start')
  return (
    <span className="block truncate text-sm font-medium text-ink" title={description.title}>
      {description.title === '' ? t('candidates.untitled') : description.title}
    </span>
  )
}
