"""What can be seen of the running stack from outside."""

import time
from collections.abc import Callable
from pathlib import Path

import boto3
import httpx
from botocore.config import Config
from mypy_boto3_s3.client import S3Client

from local_stack.client import ApiClient
from local_stack.emulator import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.functional.answers import AnswerCheck
from tests.running_stack import RunningApp

LOOK_EVERY_S = 0.02


def wait_until(condition: Callable[[], object], what: str, *, timeout_s: float) -> None:
    """Look again and again until the condition is true.

    Raises
    ------
    AssertionError
        If it is not in time.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(LOOK_EVERY_S)


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def command_line(pid: int) -> list[str]:
    """What the process was started as; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except FileNotFoundError:
        return []


def children_of(pid: int) -> set[int]:
    """Processes whose parent this is."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def descendants_of(pid: int) -> set[int]:
    """Its children, their children, and so on."""
    children = children_of(pid)
    return children.union(*(descendants_of(child) for child in children))


class ObservedApp(RunningApp):
    """The stack with every answer of its API checked, its processes and its bucket in sight."""

    def client(self, user_id: str = "tester") -> ApiClient:
        """A client for a user, every answer checked; close it, or use it in a `with`."""
        client = ApiClient(self.url, user_id=user_id)
        client._http.event_hooks["response"].append(AnswerCheck(self.url))
        return client

    def http(self) -> httpx.Client:
        """Plain requests of the API, every answer checked; close it, or use it in a `with`."""
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        client.event_hooks["response"].append(AnswerCheck(self.url))
        return client

    # ---------------------------------------------------------------- its processes

    def child(self, script: str) -> int | None:
        """The child of the stack that runs a script of this name, if it runs now."""
        for pid in children_of(self.process.pid):
            if any(Path(word).name == script for word in command_line(pid)) and is_running(pid):
                return pid
        return None

    def server_pid(self) -> int:
        """The container's server."""
        wait_until(lambda: self.child("inference.py"), "the container's server", timeout_s=30)
        pid = self.child("inference.py")
        assert pid is not None
        return pid

    def worker_pid(self) -> int:
        """The worker of the container's server."""
        (pid,) = [
            pid
            for pid in children_of(self.server_pid())
            if any("spawn_main" in word for word in command_line(pid))
        ]
        return pid

    def emulator_pid(self) -> int:
        """AWS's emulator."""
        pid = self.child("emulator_process.py")
        assert pid is not None
        return pid

    # ---------------------------------------------------------------- its bucket

    def s3(self) -> S3Client:
        """A client of the emulator's S3 that knows nothing of the project."""
        (port,) = [
            word.partition("=")[2]
            for word in command_line(self.emulator_pid())
            if word.startswith("--port=")
        ]
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(s3={"addressing_style": "path"}, proxies={}),
        )

    def keys(self, job_id: str) -> list[str]:
        """Keys of all objects of a job, without its prefix; open multipart uploads included."""
        s3 = self.s3()
        (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"]]
        prefix = f"jobs/{job_id}/"
        objects = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        uploads = s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", [])
        s3.close()
        keys = [each["Key"] for each in objects] + [each["Key"] for each in uploads]
        return [key.removeprefix(prefix) for key in keys]
