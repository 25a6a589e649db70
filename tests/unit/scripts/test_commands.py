"""The commands as a shell runs them, and what they print."""

import dataclasses
import datetime as dt
import json
import subprocess
import time

import pytest
from iris_oculus.job import JobStatus

from scripts.operations.manage_sagemaker import main
from tests.conftest import REPOSITORY
from tests.unit.scripts.aws import ENDPOINT, OUTPUTS, KeptSession, add_processing_job, job_store
from tests.unit.scripts.test_failing_calls import deployed, push_image

Output = pytest.CaptureFixture[str]


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [REPOSITORY / "scripts" / script, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("script", ["manage-sagemaker.sh", "deploy-sagemaker.sh"])
def test_help(script: str) -> None:
    done = run(script, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: {script}")


def test_deploy_and_stop_from_the_shell_twice(session: KeptSession) -> None:
    push_image(session)
    for _ in range(2):
        done = run("deploy-sagemaker.sh")
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{ENDPOINT} is InService with 1 × ml.g6.xlarge" in done.stdout
    for _ in range(2):
        done = run("manage-sagemaker.sh", "stop")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Still billing" in done.stdout


def test_status_of_a_stopped_endpoint(session: KeptSession, capfd: Output) -> None:
    assert main(["status"], session) == 0
    said = capfd.readouterr().out
    assert f"{ENDPOINT}: stopped" in said
    assert "no GPU" in said


def test_status_of_a_running_endpoint(session: KeptSession, capfd: Output) -> None:
    deployed(session)
    assert main(["start", "--instance-types", "ml.g5.xlarge"], session) == 0
    add_processing_job(session, "job1")
    session.client("cloudwatch").put_metric_data(
        Namespace="AWS/SageMaker",
        MetricData=[
            {
                "MetricName": "ApproximateBacklogSize",
                "Dimensions": [{"Name": "EndpointName", "Value": ENDPOINT}],
                "Timestamp": dt.datetime.now(dt.UTC) - dt.timedelta(minutes=2),
                "Value": 3,
            }
        ],
    )
    capfd.readouterr()
    assert main(["status", "--json"], session) == 0
    status = json.loads(capfd.readouterr().out)
    assert status.pop("image").startswith(OUTPUTS["ImageRepository"])
    assert status == {
        "endpoint": ENDPOINT,
        "endpoint_status": "InService",
        "failure_reason": None,
        "instance_type": "ml.g5.xlarge",
        "instance_count": 1,
        "desired_count": 1,
        "backlog": 3.0,
        "running_jobs": ["job1"],
        "billing": ["1 × ml.g5.xlarge: 1.408 $ per hour (us-east-1's price)"],
        "tasks": ["total", "total_fast"],
    }
    assert main(["status"], session) == 0
    said = capfd.readouterr().out
    assert "1 processing job1" in said
    assert "tasks      total, total_fast" in said


def test_cost_of_the_jobs_of_the_last_days(session: KeptSession, capfd: Output) -> None:
    now = time.time()
    for job_id, finished_at in (("recent", now - 3600), ("older", now - 3 * 86400)):
        add_processing_job(session, job_id)
        job = job_store(session).get(job_id)
        assert job is not None
        done = dataclasses.replace(
            job, status=JobStatus.COMPLETED, finished_at=finished_at, updated_at=finished_at
        )
        job_store(session).replace(done, expected=job)
    assert main(["cost"], session) == 0
    assert "2 jobs:" in capfd.readouterr().out
    assert main(["cost", "--days", "1"], session) == 0
    said = capfd.readouterr().out
    assert "recent" in said
    assert "older" not in said
    assert main(["cost", "--json"], session) == 0
    document = json.loads(capfd.readouterr().out)
    assert [job["job_id"] for job in document["jobs"]] == ["older", "recent"]


@pytest.mark.parametrize(
    "wrong",
    [["--max-instances", "0"], ["--max-instances", "many"], ["--instance-types", " , "]],
)
def test_options_that_make_no_sense(wrong: list[str], capfd: Output) -> None:
    with pytest.raises(SystemExit):
        main(["start", *wrong])
    assert wrong[0] in capfd.readouterr().err


def test_stop_is_refused_with_the_ids_of_jobs(session: KeptSession, capfd: Output) -> None:
    deployed(session)
    assert main(["start"], session) == 0
    add_processing_job(session, "job1")
    assert main(["stop"], session) == 1
    said = capfd.readouterr()
    assert "job1" in said.err
    assert "--force" in said.err
    assert "MAY BE BILLING" in said.out
    assert main(["stop", "--force"], session) == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["status", "--stage", "nowhere"], "dev, staging, prod"),
        (["status", "--stage", "staging"], "scripts/deploy-lambda.sh"),
    ],
)
def test_a_deployment_that_does_not_exist(
    arguments: list[str], hint: str, session: KeptSession, capfd: Output
) -> None:
    assert main(arguments, session) == 1
    said = capfd.readouterr()
    assert hint in said.err
    assert "Nothing was changed" in said.out
