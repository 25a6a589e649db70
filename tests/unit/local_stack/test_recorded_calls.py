import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from local_stack.recorded_calls import VARIABLE, record_calls, running


@pytest.fixture
def session() -> boto3.Session:
    return boto3.Session("id", "secret", region_name="us-east-1")


def sign(session: boto3.Session, operation: str) -> None:
    """Something that builds a request and sends none."""
    session.client("s3").generate_presigned_url(operation, Params={"Bucket": "b", "Key": "k"})


def test_calls_are_ascribed_to_the_function_that_runs_in_the_thread(
    session: boto3.Session, tmp_path: Path
) -> None:
    path = tmp_path / "calls.jsonl"
    record_calls(session, {VARIABLE: str(path)})

    sign(session, "head_object")
    with running("UploadFunction"):
        sign(session, "get_object")
        sign(session, "get_object")
        with ThreadPoolExecutor() as elsewhere:
            elsewhere.submit(sign, session, "put_object").result()

    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"function": None, "call": "s3:HeadObject"},
        {"function": "UploadFunction", "call": "s3:GetObject"},
        {"function": None, "call": "s3:PutObject"},
    ]


def test_nothing_is_recorded_unless_asked_for(session: boto3.Session, tmp_path: Path) -> None:
    record_calls(session, {})
    sign(session, "get_object")
    assert list(tmp_path.iterdir()) == []
