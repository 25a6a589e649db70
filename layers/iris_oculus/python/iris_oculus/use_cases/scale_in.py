"""Taking the endpoint to zero instances when nobody needs one.

SageMaker protects no instance that is at work from a scale-in, and its metrics do not say whether
one is. The job table does. So policies only scale out, and this is all that scales in.

A job may arrive between the look at the table and the call, or so shortly before that the table's
index does not show it. That is harmless:

- Its request waits in the endpoint's queue, which no scale-in empties, and a request without an
  instance is what wakes the endpoint. The job waits for a cold start.
- If the instance had taken it up already, the container hands it back on SIGTERM. No result is
  written, so that the sweep of lost jobs queues a second attempt. It cannot be lost to a second
  race of this kind: from then on it is a processing job that every look sees.
"""

from dataclasses import dataclass

from iris_oculus.job import TERMINAL, JobStatus
from iris_oculus.ports import CapacityChanging, Clock, EndpointCapacity, JobStore


@dataclass(frozen=True)
class ScaleIn:
    """The use case.

    Attributes
    ----------
    warm_window_s : float
        How long the endpoint must have been idle: no job processing or waiting, none ended, and
        the endpoint itself unchanged, so that one that was just started is not stopped.
    """

    jobs: JobStore
    capacity: EndpointCapacity
    clock: Clock
    warm_window_s: float

    def run(self) -> bool:
        """Release the instances if nobody needs them; True if it was done."""
        idle_since = self.clock.now() - self.warm_window_s
        found = self.capacity.read()
        if found is None or found.instances == 0 or not found.in_service:
            return False
        if found.changed_at > idle_since or self._used_since(idle_since):
            return False
        try:
            self.capacity.release(found)
        except CapacityChanging:  # a scale-out, or an operator: the next sweep looks again
            return False
        return True

    def _used_since(self, time_s: float) -> bool:
        if any(True for _ in self.jobs.with_status(JobStatus.PROCESSING)):
            return True
        # A cancelled or deleted job may be at work for a moment longer, until its next report.
        return any(
            True for status in TERMINAL for _ in self.jobs.with_status(status, updated_since=time_s)
        )
