"""Tells the job record how far an attempt is, and learns from it when to stop."""

import logging
import threading

from iris_oculus.documents import Invocation
from iris_oculus.job import Progress, Stage
from iris_oculus.ports import Clock, ConditionFailed, JobStore

logger = logging.getLogger(__name__)

MIN_INTERVAL_S = 1.0
"""Reports within a stage are written no more often than this."""

STAGE_STARTS: dict[Stage, float] = {
    Stage.LOADING: 0.0,
    Stage.SEGMENTING: 0.05,
    Stage.MESHING: 0.65,
    Stage.EXPORTING: 0.85,
    Stage.PUBLISHING: 0.95,
}
"""Where each stage begins on the way from 0 to 1; segmenting takes most of the time."""


class JobStopped(Exception):
    """The job was cancelled, deleted, or taken over by another attempt."""


def _stage_end(stage: Stage) -> float:
    later = [start for start in STAGE_STARTS.values() if start > STAGE_STARTS[stage]]
    return min(later, default=1.0)


class ProgressReporter:
    """Progress of one attempt; may be called from several threads.

    The record is there to be watched, so a store that cannot be reached does not fail the job:
    that is logged and the next report tries again. A store that says that the job is over does.

    Parameters
    ----------
    jobs : JobStore
    clock : Clock
    invocation : Invocation
    """

    def __init__(self, jobs: JobStore, clock: Clock, invocation: Invocation) -> None:
        self._jobs = jobs
        self._clock = clock
        self._invocation = invocation
        self._lock = threading.Lock()
        self._stage = Stage.LOADING
        self._fraction = 0.0
        self._written_at = float("-inf")
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether the job was found to be over: true even where an engine hid the exception."""
        return self._stopped

    @property
    def stage(self) -> Stage:
        """The stage that was entered last."""
        return self._stage

    def enter(self, stage: Stage) -> None:
        """Begin a stage, and write that down at once.

        Raises
        ------
        JobStopped
            If the job is over.
        """
        with self._lock:
            self._stage = stage
            self._fraction = max(self._fraction, STAGE_STARTS[stage])
            self._write(None, None)

    def step(self, done: int, total: int) -> None:
        """Note the steps done of the stage's own; written about once a second.

        Raises
        ------
        JobStopped
            If the job is over.
        """
        with self._lock:
            start, end = STAGE_STARTS[self._stage], _stage_end(self._stage)
            share = min(done / total, 1.0) if total > 0 else 0.0
            self._fraction = max(self._fraction, start + share * (end - start))
            if self._stopped:
                raise JobStopped
            if self._clock.now() - self._written_at >= MIN_INTERVAL_S:
                self._write(done, total)

    def _write(self, done: int | None, total: int | None) -> None:
        now = self._clock.now()
        progress = Progress(self._stage, round(self._fraction, 4), done, total)
        try:
            self._jobs.report(
                self._invocation.job_id,
                attempt=self._invocation.attempt,
                now=now,
                progress=progress,
            )
        except ConditionFailed as error:
            self._stopped = True
            raise JobStopped from error
        except Exception:
            logger.warning(
                "progress could not be written",
                exc_info=True,
                extra={"job_id": self._invocation.job_id},
            )
        self._written_at = now
