"""Why a processing job has no worker yet: its instance is starting, or busy with other jobs.

Pages ask every few seconds, so what is looked up for them is kept for a moment. All of it is
bounded, however long the queue is.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from iris_oculus.contracts import WaitingView
from iris_oculus.job import Job, JobStatus
from iris_oculus.ports import CapacityUnknown, Clock, EndpointCapacity, JobStore

LOOK_AGAIN_S = 10.0
"""SageMaker allows few descriptions a second in an account, and does not say how many."""
MEASURE_AGAIN_S = 600.0
MAX_COUNTED = 100
MEASURED_AMONG = 25
"""As many of the jobs that were completed last are asked how long their instance took to start."""
LEAST_LEFT_S = 60.0
OVERDUE = 2.0
"""A start that takes so many times as long as usual has a reason that no earlier one tells of."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Look:
    """The endpoint and its queue at one moment.

    Attributes
    ----------
    running : int or None
        Instances that are up; None where nothing is known, or no instance will come.
    queue : tuple of Job
        Processing jobs, the one that was queued first at the head; at most ``MAX_COUNTED``.
    """

    at: float
    running: int | None
    queue: tuple[Job, ...]


class Waiting:
    """The use case.

    Parameters
    ----------
    jobs : JobStore
    capacity : callable
        Gives the endpoint's control plane. Called when it is needed, which is seldom: its client is
        the largest of all to load.
    clock : Clock
    default_cold_start_s : float or None
        How long an instance takes to start, until jobs have measured it.
    """

    def __init__(
        self,
        jobs: JobStore,
        capacity: Callable[[], EndpointCapacity],
        clock: Clock,
        *,
        default_cold_start_s: float | None,
    ) -> None:
        self._jobs = jobs
        self._capacity = capacity
        self._clock = clock
        self._default_cold_start_s = default_cold_start_s
        self._look: _Look | None = None
        self._measured: tuple[float, float | None] | None = None

    def view(self, job: Job) -> WaitingView | None:
        """What the job waits for; None if a worker is at it, or the reason is not known."""
        if job.status is not JobStatus.PROCESSING or job.heartbeat_at is not None:
            return None
        look = self._recent_look()
        if look.running is None:
            return None
        # A processing job's record was last written when it was queued: reports leave it alone.
        # What was found a moment ago may hold the job itself, before it was queued again.
        others = [other for other in look.queue if other.job_id != job.job_id]
        ahead = sum(other.updated_at < job.updated_at for other in others)
        if look.running == 0:
            eta_s = self._left_s([job, *others])
            return WaitingView(reason="instance_starting", jobsAhead=ahead, eta_s=eta_s)
        return WaitingView(reason="instance_busy", jobsAhead=ahead) if ahead else None

    def _recent_look(self) -> _Look:
        now = self._clock.now()
        if self._look is None or now - self._look.at > LOOK_AGAIN_S:
            queue = self._jobs.with_status(JobStatus.PROCESSING, limit=MAX_COUNTED)
            self._look = _Look(now, self._running(), tuple(queue))
        return self._look

    def _running(self) -> int | None:
        try:
            found = self._capacity().read()
        except CapacityUnknown as error:
            logger.warning("the endpoint's capacity is not known: %s", error)
            return None
        return found.running if found is not None and found.takes_requests else None

    def _left_s(self, queue: list[Job]) -> float | None:
        """Time until an instance is up that the first waiting job asked for."""
        usual_s = self._cold_start_s()
        if usual_s is None:
            return None
        asked_at = min(job.updated_at for job in queue if job.heartbeat_at is None)
        waited_s = self._clock.now() - asked_at
        if waited_s > OVERDUE * usual_s:
            return None
        return round(max(LEAST_LEFT_S, usual_s - waited_s), 1)

    def _cold_start_s(self) -> float | None:
        """The median of the last measured starts, or else the default."""
        now = self._clock.now()
        if self._measured is None or now - self._measured[0] > MEASURE_AGAIN_S:
            self._measured = (now, self._median_start_s())
        return self._measured[1] or self._default_cold_start_s

    def _median_start_s(self) -> float | None:
        latest = self._jobs.with_status(
            JobStatus.COMPLETED, newest_first=True, limit=MEASURED_AMONG
        )
        starts = sorted(job.cold_start_s for job in latest if job.cold_start_s > 0)
        return starts[(len(starts) - 1) // 2] if starts else None
