"""Starting and stopping against moto over HTTP."""

import dataclasses
from typing import Any

import boto3
import pytest
from iris_oculus.job import JobStatus
from iris_oculus.layout import result_key
from iris_oculus.pricing import PRICES
from scan_to_mesh.settings import ContainerSettings

from scripts.operations import endpoint
from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import INSTANCE_TYPES, Image, model_request
from scripts.operations.lifecycle import StartOptions, StopOptions, start, stop
from scripts.operations.models import deployed_image
from scripts.operations.operation import Operation
from scripts.operations.simulation import Scaling
from tests.unit.scripts.aws import (
    ENDPOINT,
    OUTPUTS,
    REPOSITORY,
    SageMaker,
    add_processing_job,
    job_store,
)

IMAGE = Image(f"{REPOSITORY}:abc", ("total", "total_fast"))
NEWER = Image(f"{REPOSITORY}:def", ("total",))
SCALING = {"ServiceNamespace": "sagemaker"}


def endpoints(session: boto3.Session) -> list[str]:
    return [
        each["EndpointName"] for each in session.client("sagemaker").list_endpoints()["Endpoints"]
    ]


def what_exists(session: boto3.Session) -> dict[str, list[str]]:
    """Names of all that starting makes."""
    sagemaker = session.client("sagemaker")
    configurations = sagemaker.list_endpoint_configs()["EndpointConfigs"]
    scaling = session.client("application-autoscaling")
    return {
        "endpoints": endpoints(session),
        "configurations": [each["EndpointConfigName"] for each in configurations],
        "models": [each["ModelName"] for each in sagemaker.list_models()["Models"]],
        "targets": [
            each["ResourceId"]
            for each in scaling.describe_scalable_targets(**SCALING)["ScalableTargets"]
        ],
        "alarms": [
            each["AlarmName"]
            for each in session.client("cloudwatch").describe_alarms()["MetricAlarms"]
        ],
    }


def test_an_asynchronous_endpoint_that_scales_out_only(
    operation: Operation, session: boto3.Session
) -> None:
    start(operation, StartOptions(), IMAGE)

    sagemaker = session.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=ENDPOINT)
    configuration = sagemaker.describe_endpoint_config(
        EndpointConfigName=described["EndpointConfigName"]
    )
    (variant,) = configuration["ProductionVariants"]
    assert variant["InstanceType"] == INSTANCE_TYPES[0]
    assert variant["InitialInstanceCount"] == 1
    asynchronous = configuration["AsyncInferenceConfig"]
    assert asynchronous["ClientConfig"] == {"MaxConcurrentInvocationsPerInstance": 1}
    assert asynchronous["OutputConfig"] == {
        "S3OutputPath": "s3://iris-data/endpoint-output/",
        "S3FailurePath": "s3://iris-data/endpoint-failure/",
        "NotificationConfig": {
            "SuccessTopic": OUTPUTS["InferenceSuccessTopicArn"],
            "ErrorTopic": OUTPUTS["InferenceErrorTopicArn"],
        },
    }
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    assert model["ExecutionRoleArn"] == OUTPUTS["EndpointRoleArn"]
    assert model["PrimaryContainer"]["Image"] == IMAGE.uri
    assert model["PrimaryContainer"]["Environment"] == {
        "S3_BUCKET": "iris-data",
        "DYNAMODB_TABLE": "iris-jobs",
        "IMAGE_TASKS": "total,total_fast",
        "INSTANCE_TYPE": INSTANCE_TYPES[0],
    }
    scaling = session.client("application-autoscaling")
    (target,) = scaling.describe_scalable_targets(**SCALING)["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 1)
    assert target["ResourceId"] == f"endpoint/{ENDPOINT}/variant/AllTraffic"
    (policy,) = scaling.describe_scaling_policies(**SCALING)["ScalingPolicies"]
    steps = policy["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert all(step["ScalingAdjustment"] > 0 for step in steps)
    (alarm,) = session.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["MetricName"] == "HasBacklogWithoutCapacity"
    assert alarm["AlarmActions"] == [policy["PolicyARN"]]


def test_starting_twice_changes_nothing(operation: Operation, session: boto3.Session) -> None:
    start(operation, StartOptions(), IMAGE)
    once = what_exists(session)
    start(operation, StartOptions())
    assert what_exists(session) == once
    assert [len(names) for names in once.values()] == [1, 1, 1, 1, 1]


def test_stopping_twice_leaves_the_model_only(
    operation: Operation, session: boto3.Session, said: list[str]
) -> None:
    start(operation, StartOptions(), IMAGE)
    for _ in range(2):
        stop(operation, StopOptions())
        left = what_exists(session)
        assert len(left.pop("models")) == 1
        assert not any(left.values())
    assert any(line.startswith("Still billing") for line in said)
    start(operation, StartOptions())  # on the image that was deployed
    assert endpoints(session) == [ENDPOINT]


def test_another_stage_whose_name_begins_alike_is_left_alone(
    operation: Operation, session: boto3.Session
) -> None:
    production = dataclasses.replace(
        operation,
        deployment=dataclasses.replace(
            operation.deployment, stage="prod", endpoint_name=ENDPOINT.removesuffix("-dev")
        ),
    )
    start(operation, StartOptions(), IMAGE)
    start(production, StartOptions(), NEWER)
    stop(production, StopOptions())
    exists = what_exists(session)
    assert exists["endpoints"] == [ENDPOINT]
    assert len(exists["configurations"]) == len(exists["targets"]) == len(exists["alarms"]) == 1


def test_nothing_was_deployed_to_start(operation: Operation) -> None:
    with pytest.raises(OperationFailed, match=r"deploy-sagemaker\.sh --stage dev"):
        start(operation, StartOptions())


@pytest.mark.parametrize("lacking", ["without_capacity", "without_quota"])
def test_instance_types_are_tried_in_order(
    operation: Operation, sagemaker: SageMaker, said: list[str], lacking: str
) -> None:
    getattr(sagemaker, lacking).update(INSTANCE_TYPES[:2])
    start(operation, StartOptions(), IMAGE)
    assert sagemaker.created_on == list(INSTANCE_TYPES)
    state = endpoint.look(operation)
    assert state is not None
    assert (state.status, state.instance_type) == ("InService", INSTANCE_TYPES[2])
    assert sum("can be had" in line for line in said) == 2
    assert any(f"1 × {INSTANCE_TYPES[2]}" in line for line in said)


def told_type_and_real_type(session: boto3.Session) -> tuple[str, str]:
    """What the running container is told that it runs on, and what it runs on."""
    sagemaker = session.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=ENDPOINT)
    (variant,) = sagemaker.describe_endpoint_config(
        EndpointConfigName=described["EndpointConfigName"]
    )["ProductionVariants"]
    container = sagemaker.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"]
    settings = ContainerSettings.from_environment(
        {"ENGINE": "totalsegmentator", **container["Environment"]}  # the image brings its own
    )
    assert settings.instance_type is not None
    return settings.instance_type, variant["InstanceType"]


@pytest.mark.parametrize("lacking", ["without_capacity", "without_quota"])
@pytest.mark.parametrize("fallbacks", range(len(INSTANCE_TYPES)))
def test_the_container_is_told_the_instance_type_that_it_got(
    operation: Operation,
    sagemaker: SageMaker,
    session: boto3.Session,
    lacking: str,
    fallbacks: int,
) -> None:
    getattr(sagemaker, lacking).update(INSTANCE_TYPES[:fallbacks])
    start(operation, StartOptions(), IMAGE)
    assert told_type_and_real_type(session) == (INSTANCE_TYPES[fallbacks],) * 2
    sagemaker.without_capacity = sagemaker.without_quota = set()
    start(operation, StartOptions())  # runs already: on what it got
    assert told_type_and_real_type(session) == (INSTANCE_TYPES[fallbacks],) * 2
    other = INSTANCE_TYPES[fallbacks - 1]
    start(operation, StartOptions(instance_types=(other,)))
    assert told_type_and_real_type(session) == (other, other)
    start(operation, StartOptions(), NEWER)
    assert told_type_and_real_type(session) == (other, other)
    assert deployed_image(operation) == NEWER


def test_an_endpoint_of_a_model_that_names_no_type_is_brought_up_to_date(
    operation: Operation, session: boto3.Session
) -> None:
    client = session.client("sagemaker")
    request = model_request(operation.deployment, IMAGE, INSTANCE_TYPES[0])
    del request["PrimaryContainer"]["Environment"]["INSTANCE_TYPE"]
    name = f"{ENDPOINT}-model-0123456789ab"
    client.create_model(**{**request, "ModelName": name})
    endpoint.create(operation, name, INSTANCE_TYPES[0])
    start(operation, StartOptions())
    assert told_type_and_real_type(session) == (INSTANCE_TYPES[0],) * 2


@pytest.mark.parametrize("instance_type", INSTANCE_TYPES)
def test_each_type_has_a_price(instance_type: str) -> None:
    assert PRICES.instance_usd_per_hour[instance_type] > 0


def test_more_instances_for_a_backlog_and_one_again(
    operation: Operation, session: boto3.Session
) -> None:
    scaling = session.client("application-autoscaling")

    def maximum() -> int:
        (target,) = scaling.describe_scalable_targets(**SCALING)["ScalableTargets"]
        return int(target["MaxCapacity"])

    def policies() -> dict[str, Any]:
        found = scaling.describe_scaling_policies(**SCALING)["ScalingPolicies"]
        return {each["PolicyType"]: each for each in found}

    for _ in range(2):
        start(operation, StartOptions(max_instances=3), IMAGE)
        assert maximum() == 3
        assert policies().keys() == {"StepScaling", "TargetTrackingScaling"}
    tracking = policies()["TargetTrackingScaling"]["TargetTrackingScalingPolicyConfiguration"]
    assert tracking["DisableScaleIn"] is True
    assert tracking["TargetValue"] == Scaling().backlog_per_instance + 1  # and the one at work
    metric = tracking["CustomizedMetricSpecification"]
    assert metric["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": ENDPOINT}]
    for _ in range(2):
        start(operation, StartOptions())
        assert maximum() == 1
        assert policies().keys() == {"StepScaling"}


def test_jobs_keep_instances_from_being_taken_away(
    operation: Operation, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(operation, StartOptions(max_instances=2), IMAGE)
    running = endpoint.look(operation)
    assert running is not None
    two = dataclasses.replace(running, instance_count=2, desired_count=2)
    monkeypatch.setattr(endpoint, "look", lambda _: two)
    add_processing_job(session, "job1")
    start(operation, StartOptions(max_instances=2))
    with pytest.raises(OperationFailed, match=r"Taking instances away .*job1"):
        start(operation, StartOptions(max_instances=1))
    start(operation, StartOptions(max_instances=1, force=True))


def test_no_type_can_be_had(
    operation: Operation, sagemaker: SageMaker, session: boto3.Session
) -> None:
    sagemaker.without_capacity = {INSTANCE_TYPES[0], INSTANCE_TYPES[2]}
    sagemaker.without_quota = {INSTANCE_TYPES[1]}
    with pytest.raises(OperationFailed, match="Service Quotas"):
        start(operation, StartOptions(), IMAGE)
    assert endpoints(session) == []


def test_a_container_that_fails_is_not_tried_on_every_type(
    operation: Operation, sagemaker: SageMaker, session: boto3.Session
) -> None:
    sagemaker.failure_reason = "The primary container did not pass the ping health check."
    with pytest.raises(OperationFailed, match=rf"ping health check(.|\n)*/Endpoints/{ENDPOINT}"):
        start(operation, StartOptions(), IMAGE)
    assert len(sagemaker.created_on) == 1
    assert endpoints(session) == []


def test_waiting_says_how_it_goes_and_has_a_bound(
    operation: Operation, sagemaker: SageMaker, said: list[str], session: boto3.Session
) -> None:
    start(operation, StartOptions(), IMAGE)
    stop(operation, StopOptions())
    sagemaker.looks_until_settled = 0
    start(operation, StartOptions())
    sagemaker.looks_until_settled = 3
    start(operation, StartOptions())
    assert sum(f"Endpoint {ENDPOINT} is Creating" in line for line in said) == 3
    sagemaker.looks_until_settled = 100
    with pytest.raises(OperationFailed, match="after 10 minutes"):
        start(operation, StartOptions())
    assert endpoints(session) == [ENDPOINT]  # it goes on coming up; nothing was lost


def test_a_newer_image_reaches_a_running_endpoint(operation: Operation) -> None:
    start(operation, StartOptions(), IMAGE)
    before = endpoint.look(operation)
    start(operation, StartOptions(), NEWER)
    after = endpoint.look(operation)
    assert before is not None
    assert after is not None
    assert before.model_name != after.model_name
    assert after.status == "InService"


def test_going_back_to_an_earlier_image_lasts(operation: Operation) -> None:
    start(operation, StartOptions(), IMAGE)
    start(operation, StartOptions(), NEWER)
    start(operation, StartOptions(), IMAGE)
    stop(operation, StopOptions())
    assert deployed_image(operation) == IMAGE


def test_after_a_wait_that_was_too_short_another_type_is_tried(
    operation: Operation, sagemaker: SageMaker
) -> None:
    sagemaker.without_capacity = {INSTANCE_TYPES[0]}
    sagemaker.still_creating_after_create = 11
    with pytest.raises(OperationFailed, match="after 10 minutes"):
        start(operation, StartOptions(), IMAGE)
    sagemaker.still_creating_after_create = 0
    start(operation, StartOptions())
    assert sagemaker.created_on == list(INSTANCE_TYPES[:2])


def test_jobs_keep_an_endpoint_from_being_stopped_or_changed(
    operation: Operation, session: boto3.Session
) -> None:
    start(operation, StartOptions(), IMAGE)
    add_processing_job(session, "job1")
    add_processing_job(session, "job2")
    with pytest.raises(OperationFailed, match=r"2 job.* job1, job2"):
        stop(operation, StopOptions())
    with pytest.raises(OperationFailed, match="job1, job2"):
        start(operation, StartOptions(), NEWER)
    with pytest.raises(OperationFailed, match=r"2 job.* job1, job2"):
        stop(operation, StopOptions(wait=True))
    assert endpoints(session) == [ENDPOINT]
    assert {job.job_id for job in job_store(session).with_status(JobStatus.PROCESSING)} == {
        "job1",
        "job2",
    }


def test_stopping_by_force_lets_jobs_be_run_again(
    operation: Operation, session: boto3.Session
) -> None:
    start(operation, StartOptions(), IMAGE)
    add_processing_job(session, "lost")
    add_processing_job(session, "done")
    session.client("s3").put_object(Bucket="iris-data", Key=result_key("done", 1), Body=b"{}")
    stop(operation, StopOptions(force=True))
    assert endpoints(session) == []
    lost, done = (job_store(session).get(job_id) for job_id in ("lost", "done"))
    assert lost is not None
    assert lost.status is JobStatus.FAILED
    assert lost.failure is not None
    assert lost.failure.code == "endpoint_stopped"
    assert "fromJobId" in lost.failure.hint
    assert done is not None
    assert done.status is JobStatus.PROCESSING  # its result is there: the janitor finishes it


def test_stopping_waits_for_jobs(operation: Operation, session: boto3.Session) -> None:
    start(operation, StartOptions(), IMAGE)
    add_processing_job(session, "job1")
    looks = []

    def finish_it(_seconds: float) -> None:
        looks.append(1)
        store = job_store(session)
        job = store.get("job1")
        assert job is not None
        store.replace(dataclasses.replace(job, status=JobStatus.COMPLETED), expected=job)

    waiting = dataclasses.replace(
        operation, pace=dataclasses.replace(operation.pace, sleep=finish_it)
    )
    stop(waiting, StopOptions(wait=True))
    assert len(looks) == 1
    assert endpoints(session) == []
    job = job_store(session).get("job1")
    assert job is not None
    assert job.status is JobStatus.COMPLETED


def test_a_dry_run_changes_nothing(
    operation: Operation, session: boto3.Session, said: list[str]
) -> None:
    dry = dataclasses.replace(
        operation, terminal=dataclasses.replace(operation.terminal, dry_run=True)
    )
    start(dry, StartOptions(), IMAGE)
    assert not any(what_exists(session).values())
    assert f"would create endpoint {ENDPOINT} on {INSTANCE_TYPES[0]}" in said
    start(operation, StartOptions(), IMAGE)
    exists = what_exists(session)
    stop(dry, StopOptions())
    assert what_exists(session) == exists
    assert f"would delete endpoint {ENDPOINT}" in said
