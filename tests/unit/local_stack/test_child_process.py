import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_stack.child_process import ChildFailed, ChildProcess, Launch, answers, free_port

SERVER = "import http.server, sys; http.server.test(http.server.SimpleHTTPRequestHandler, bind='127.0.0.1', port=int(sys.argv[1]))"  # noqa: E501
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"  # noqa: E501


def child(tmp_path: Path, code: str, *arguments: str) -> ChildProcess:
    return ChildProcess(
        Launch(
            name="the child",
            command=[sys.executable, "-c", code, *arguments],
            environment=dict(os.environ),
            log=tmp_path / "logs" / "child.log",
            folder=tmp_path,
        )
    )


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and waits for its parent does not."""
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def test_it_is_ready_when_it_answers_and_gone_after_a_stop(tmp_path: Path) -> None:
    port = free_port()
    with child(tmp_path, SERVER, str(port)) as server:
        server.wait_until_ready(port, "/", timeout_s=30)
        assert server.running
        assert answers(port, "/")
        assert not answers(port, "/nothing")

    assert not server.running
    assert not answers(port, "/")
    assert "GET /" in (tmp_path / "logs" / "child.log").read_text()


def test_one_that_ends_or_never_answers_has_failed(tmp_path: Path) -> None:
    with (
        child(tmp_path, "raise SystemExit(3)") as ending,
        pytest.raises(ChildFailed, match="ended"),
    ):
        ending.wait_until_ready(free_port(), "/", timeout_s=30)
    with (
        child(tmp_path, "import time; time.sleep(60)") as silent,
        pytest.raises(ChildFailed, match="answer"),
    ):
        silent.wait_until_ready(free_port(), "/", timeout_s=0.3)


def test_one_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    deaf = child(tmp_path, DEAF)
    while "up" not in (tmp_path / "logs" / "child.log").read_text():
        time.sleep(0.02)

    deaf.stop(grace_s=0.2)

    assert not deaf.running


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent_code = (
        "import sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "from local_stack.child_process import ChildProcess, Launch;"
        "folder = Path(sys.argv[1]);"
        "c = ChildProcess(Launch('c', [sys.executable, '-c', 'import time; time.sleep(60)'],"
        " {}, folder / 'log', folder));"
        "(folder / 'pid').write_text(str(c.pid)); time.sleep(60)"
    )
    repository = str(Path(__file__).resolve().parents[3])
    parent = subprocess.Popen([sys.executable, "-c", parent_code, str(tmp_path), repository])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)
    grandchild = int((tmp_path / "pid").read_text())
    assert alive(grandchild)
    time.sleep(0.3)  # until the tether is fastened

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not alive(grandchild)
