"""Each AWS call failing in turn: no billing endpoint is left that the output does not name."""

from collections.abc import Callable, Sequence

import pytest

from scripts.operations import deploy_sagemaker, manage_sagemaker
from scripts.operations.build_context import BuildContext
from scripts.operations.deploy_sagemaker import TASKS
from tests.unit.scripts.aws import ENDPOINT, OUTPUTS, Faults, KeptSession

Main = Callable[[Sequence[str], KeptSession], int]


def push_image(session: KeptSession) -> None:
    session.client("ecr").put_image(
        repositoryName=OUTPUTS["ImageRepositoryName"],
        imageManifest='{"schemaVersion": 2, "config": {"digest": "sha256:1"}, "layers": []}',
        imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json",
        imageTag=BuildContext(TASKS).tag,
    )


def deployed(session: KeptSession) -> None:
    """Bring image and model in."""
    push_image(session)
    assert deploy_sagemaker.main(["--no-endpoint"], session) == 0


def is_there(session: KeptSession) -> bool:
    found = session.client("sagemaker").list_endpoints()["Endpoints"]
    return [each["EndpointName"] for each in found] == [ENDPOINT]


def stopped(session: KeptSession) -> None:
    assert manage_sagemaker.main(["stop"], session) == 0


def running(session: KeptSession) -> None:
    assert manage_sagemaker.main(["start"], session) == 0


def running_on_up_to_two(session: KeptSession) -> None:
    assert manage_sagemaker.main(["start", "--max-instances", "2"], session) == 0


def stopped_with_an_earlier_model(session: KeptSession) -> None:
    """Also with a configuration of another endpoint, at which pruning looks."""
    stopped(session)
    sagemaker = session.client("sagemaker")
    earlier = f"{ENDPOINT}-model-000000000000"
    if earlier not in [each["ModelName"] for each in sagemaker.list_models()["Models"]]:
        for name in (earlier, "another"):
            sagemaker.create_model(
                ModelName=name,
                ExecutionRoleArn=OUTPUTS["EndpointRoleArn"],
                PrimaryContainer={"Image": f"{OUTPUTS['ImageRepository']}:earlier"},
            )
    if not sagemaker.list_endpoint_configs()["EndpointConfigs"]:
        variant = {
            "VariantName": "one",
            "ModelName": "another",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
        sagemaker.create_endpoint_config(EndpointConfigName="another", ProductionVariants=[variant])


@pytest.mark.parametrize(
    ("main", "arguments", "begin", "up_at_the_end", "answer_lost"),
    [
        pytest.param(
            deploy_sagemaker.main,
            ["--max-instances", "2"],
            stopped_with_an_earlier_model,
            True,
            False,
            id="deploy",
        ),
        pytest.param(
            manage_sagemaker.main, ["start"], running_on_up_to_two, True, False, id="start-fewer"
        ),
        pytest.param(manage_sagemaker.main, ["start"], stopped, True, False, id="start"),
        pytest.param(manage_sagemaker.main, ["start"], running, True, False, id="start-again"),
        pytest.param(manage_sagemaker.main, ["stop"], running, False, False, id="stop"),
        pytest.param(manage_sagemaker.main, ["stop"], running, False, True, id="stop-answer-lost"),
    ],
)
def test_a_failing_call_leaves_nothing_that_bills_unsaid(
    *,
    main: Main,
    arguments: Sequence[str],
    begin: Callable[[KeptSession], None],
    up_at_the_end: bool,
    answer_lost: bool,
    session: KeptSession,
    capfd: pytest.CaptureFixture[str],
) -> None:
    deployed(session)
    failed: list[str] = []
    while True:
        begin(session)
        capfd.readouterr()
        faults = session.faults = Faults(at=len(failed) + 1, after=answer_lost)
        code = main(arguments, session)
        session.faults = Faults()
        said = "".join(capfd.readouterr())
        if faults.failed is None:
            break
        failed.append(faults.failed)
        assert code == 1
        assert "error: AWS" in said
        if is_there(session) and "Nothing was changed" not in said:
            assert f"Endpoint {ENDPOINT} is" in said
            assert "MAY BE BILLING" in said
            assert "manage-sagemaker.sh stop --stage dev --region us-east-1" in said
            assert f"aws sagemaker delete-endpoint --endpoint-name {ENDPOINT}" in said
        # The same command again mends what the failure left.
        assert main(arguments, session) == 0
        assert is_there(session) is up_at_the_end
    assert code == 0
    assert len(failed) >= 8
    assert {"DescribeStacks", "DescribeEndpoint"} <= set(failed)
    if begin is stopped_with_an_earlier_model:
        assert {"DeleteModel", "ListEndpointConfigs", "DescribeEndpointConfig"} <= set(failed)
        assert failed.count("PutScalingPolicy") == 2
    if begin is running_on_up_to_two:
        assert "DeleteScalingPolicy" in failed


@pytest.mark.parametrize("operation", ["CreateEndpoint", "PutScalingPolicy", "PutMetricAlarm"])
@pytest.mark.parametrize("answer_lost", [False, True], ids=["refused", "answer-lost"])
def test_a_new_endpoint_that_cannot_be_completed_is_deleted_again(
    operation: str, answer_lost: bool, session: KeptSession, capfd: pytest.CaptureFixture[str]
) -> None:
    deployed(session)
    session.faults = Faults(at_operation=operation, after=answer_lost)
    assert manage_sagemaker.main(["start"], session) == 1
    assert session.faults.failed == operation
    assert not is_there(session)
    assert "no GPU is billing" in capfd.readouterr().out


def test_a_deletion_that_fails_is_said(
    session: KeptSession, capfd: pytest.CaptureFixture[str]
) -> None:
    deployed(session)
    running(session)
    session.faults = Faults(at_operation="DeleteEndpoint")
    assert manage_sagemaker.main(["stop"], session) == 1
    assert is_there(session)
    assert f"Endpoint {ENDPOINT} is InService and MAY BE BILLING" in capfd.readouterr().out
