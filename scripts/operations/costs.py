"""What the jobs of a period cost, from the job table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from iris_oculus.job import Job, JobStatus
from iris_oculus.ports import JobStore
from iris_oculus.pricing import PRICES, JobCost, UnknownInstanceType, job_cost_usd

ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True)
class CostLine:
    """One job; ``cost`` is None where no instance, or no known one, was measured."""

    job_id: str
    status: JobStatus
    finished_at: float
    instance_type: str | None
    cost: JobCost | None


@dataclass(frozen=True)
class CostReport:
    """The jobs that ended within a period, oldest first; UTC epoch seconds, ``until`` excluded."""

    since: float
    until: float
    lines: tuple[CostLine, ...]

    @property
    def usd(self) -> float:
        """For the time that the container worked."""
        return sum(line.cost.usd for line in self.lines if line.cost)

    @property
    def cold_start_usd(self) -> float:
        """For the time that jobs waited while an instance was started for them."""
        return sum(line.cost.cold_start_usd for line in self.lines if line.cost)

    @property
    def unmeasured(self) -> int:
        """How many jobs have no cost."""
        return sum(line.cost is None for line in self.lines)


def report(jobs: JobStore, *, since: float, until: float) -> CostReport:
    """Cost of the jobs that ended within a period.

    Deleted jobs are not in it: their records are emptied.

    Parameters
    ----------
    jobs : JobStore
    since, until : float
        UTC epoch seconds; ``until`` is excluded.
    """
    ended = (job for status in ENDED for job in jobs.with_status(status, updated_since=since))
    lines = [
        _line(job, job.finished_at)
        for job in ended
        if job.finished_at is not None and since <= job.finished_at < until
    ]
    return CostReport(
        since, until, tuple(sorted(lines, key=lambda line: (line.finished_at, line.job_id)))
    )


def _line(job: Job, finished_at: float) -> CostLine:
    cost = None
    if job.instance_type is not None:
        try:
            cost = job_cost_usd(job.timings_s, job.instance_type, job.cold_start_s)
        except UnknownInstanceType:
            cost = None
    return CostLine(job.job_id, job.status, finished_at, job.instance_type, cost)


def document(found: CostReport) -> dict[str, Any]:
    """The report for machines: what ``cost --json`` prints.

    Returns
    -------
    dict
        Sums and prices' origin, and ``jobs``: one object each. Times are ISO 8601 in UTC, amounts
        US dollars; a job's are None where they are not known.
    """
    return {
        "since": _utc(found.since),
        "until": _utc(found.until),
        "region": PRICES.region,
        "prices_checked_on": PRICES.checked_on,
        "usd": found.usd,
        "cold_start_usd": found.cold_start_usd,
        "unmeasured_jobs": found.unmeasured,
        "jobs": [
            {
                "job_id": line.job_id,
                "status": line.status,
                "finished_at": _utc(line.finished_at),
                "instance_type": line.instance_type,
                "usd": line.cost.usd if line.cost else None,
                "cold_start_usd": line.cost.cold_start_usd if line.cost else None,
            }
            for line in found.lines
        ],
    }


def _utc(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="seconds")


def lines(found: CostReport) -> list[str]:
    """The report as a table for people."""
    rows = [f"{'ended (UTC)':<16}  {'job':<12}  {'status':<9}  {'instance':<14}  {'$':>9}  cold $"]
    for line in found.lines:
        ended = datetime.fromtimestamp(line.finished_at, UTC).strftime("%Y-%m-%d %H:%M")
        row = f"{ended:<16}  {line.job_id:<12}  {line.status:<9}  {line.instance_type or '-':<14}"
        amounts = f"  {line.cost.usd:>9.4f}  {line.cost.cold_start_usd:.4f}" if line.cost else ""
        rows.append(row + (amounts or f"  {'unknown':>9}"))
    total = f"work {found.usd:.4f} $, cold starts {found.cold_start_usd:.4f} $"
    rows += [
        f"{len(found.lines)} jobs: {total}",
        f"Prices of {PRICES.region}, {PRICES.checked_on}.",
        "Not in it: instances that stayed warm without a job, storage, requests.",
    ]
    if found.unmeasured:
        rows.append(f"{found.unmeasured} jobs have no known cost: nothing measured them.")
    return rows
