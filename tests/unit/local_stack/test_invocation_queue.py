import threading
from dataclasses import replace
from pathlib import Path

import pytest

from local_stack.invocation_queue import InvocationQueue, QueuedInvocation

INVOCATION = QueuedInvocation(
    inference_id="a-1",
    endpoint_name="endpoint",
    input_location="s3://bucket/in",
    output_location="s3://bucket/out",
    failure_location="s3://bucket/failure",
    content_type="application/json",
    accept=None,
    custom_attributes=None,
    timeout_s=60,
    ttl_s=60,
    received_at=0.0,
)


def ids(queue: InvocationQueue, count: int) -> list[str]:
    taken = []
    for _ in range(count):
        entry = queue.oldest()
        assert entry is not None
        queue.remove(entry[0])
        taken.append(entry[1].inference_id)
    return taken


def test_first_in_first_out(tmp_path: Path) -> None:
    queue = InvocationQueue(tmp_path)
    for number in range(5):
        queue.put(replace(INVOCATION, inference_id=f"a-{number}"))

    assert ids(queue, 5) == [f"a-{number}" for number in range(5)]
    assert len(queue) == 0


def test_what_was_not_removed_is_handed_out_again_after_a_restart(tmp_path: Path) -> None:
    queue = InvocationQueue(tmp_path)
    queue.put(INVOCATION)
    assert queue.oldest() is not None

    entry = InvocationQueue(tmp_path).oldest()

    assert entry is not None
    assert entry[1] == INVOCATION


def test_a_file_half_written_is_no_invocation(tmp_path: Path) -> None:
    (tmp_path / "00000000000000000001.part").write_text("{")
    queue = InvocationQueue(tmp_path)
    queue.put(INVOCATION)

    assert ids(queue, 1) == ["a-1"]


def test_whoever_waits_is_woken_by_an_arrival_and_by_the_end(tmp_path: Path) -> None:
    queue = InvocationQueue(tmp_path)
    seen: list[object] = []

    def consume() -> None:
        while (entry := queue.oldest()) is not None:
            seen.append(entry[1])
            queue.remove(entry[0])
        seen.append(None)

    consumer = threading.Thread(target=consume)
    consumer.start()
    queue.put(INVOCATION)
    while len(queue):
        pass
    queue.close()
    consumer.join(5)

    assert seen == [INVOCATION, None]


@pytest.mark.parametrize("content", ["no json", '{"another": "format"}'])
def test_a_file_that_cannot_be_read_does_not_hold_up_the_others(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "00000000000000000001.json").write_text(content)
    queue = InvocationQueue(tmp_path)
    queue.put(INVOCATION)

    assert ids(queue, 1) == ["a-1"]
    assert (tmp_path / "00000000000000000001.unreadable").read_text() == content
