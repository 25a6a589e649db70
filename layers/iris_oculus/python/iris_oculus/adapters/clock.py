"""The machine's clock."""

import time


class SystemClock:
    """See :class:`iris_oculus.ports.Clock`."""

    def now(self) -> float:
        return time.time()
