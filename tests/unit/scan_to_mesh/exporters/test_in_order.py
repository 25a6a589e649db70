import threading
import time

import pytest
from scan_to_mesh.exporters.in_order import in_order


def test_results_come_in_the_items_order_whoever_finishes_first() -> None:
    def late_if_even(number: int) -> int:
        time.sleep(0.002 * (number % 2 == 0))
        return number * number

    assert list(in_order(late_if_even, range(40))) == [number * number for number in range(40)]


def test_no_items_no_results() -> None:
    assert list(in_order(str, [])) == []


def test_only_a_few_results_wait() -> None:
    begun = []
    results = in_order(lambda number: begun.append(number) or number, range(1000))
    for taken, number in enumerate(results, start=1):
        assert number == taken - 1
        assert len(begun) <= taken + 8
        if taken == 100:
            break
    results.close()


def test_a_failure_is_raised_and_what_is_left_is_not_begun() -> None:
    begun = []

    def fail_at_three(number: int) -> int:
        begun.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(in_order(fail_at_three, range(1000)))
    assert len(begun) < 20
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]
