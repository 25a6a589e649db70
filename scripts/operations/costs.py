"""What the jobs of a period cost, from the job table."""

from dataclasses import dataclass
from datetime import UTC, datetime

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
    """The jobs that ended within a period, oldest first."""

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
    return CostReport(tuple(sorted(lines, key=lambda line: (line.finished_at, line.job_id))))


def _line(job: Job, finished_at: float) -> CostLine:
    cost = None
    if job.instance_type is not None:
        try:
            cost = job_cost_usd(job.timings_s, job.instance_type, job.cold_start_s)
        except UnknownInstanceType:
            cost = None
    return CostLine(job.job_id, job.status, finished_at, job.instance_type, cost)


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
