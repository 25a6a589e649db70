"""Work on several structures at a time, results one after another."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_MOST_THREADS = 4  # compiled code shares the memory bus, and files share the disk
_AHEAD = 2  # results that may wait for each thread: bounds what is held in memory


def in_order(function: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """Call a function on each item, in threads, and yield the results in the items' order.

    Parameters
    ----------
    function : callable
        Gains where it releases the interpreter's lock, as compiled kernels, compression and
        files do. Called for a few items ahead of the one that is yielded, never for all.
    items : iterable

    Raises
    ------
    Exception
        The first one that the function raises, in the items' order.
    """
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    waiting: deque[Future[Made]] = deque()
    rest = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        waiting.extend(pool.submit(function, item) for item in islice(rest, threads * _AHEAD))
        try:
            while waiting:
                made = waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(rest, 1))
                yield made
        finally:
            for future in waiting:
                future.cancel()
