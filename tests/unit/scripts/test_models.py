"""Which models are made, which is the newest, and which are deleted."""

import dataclasses

import boto3
import pytest

from scripts.operations import endpoint
from scripts.operations.endpoint_documents import INSTANCE_TYPES, model_request
from scripts.operations.lifecycle import StartOptions, StopOptions, start, stop
from scripts.operations.models import (
    delete_models,
    deployed_image,
    ensure_model,
    own_models,
    prune_models,
)
from scripts.operations.operation import Operation
from tests.unit.scripts.aws import ENDPOINT, SageMaker
from tests.unit.scripts.test_lifecycle import IMAGE, NEWER

FIRST, SECOND, THIRD = INSTANCE_TYPES


def prune(operation: Operation) -> None:
    prune_models(operation, NEWER, INSTANCE_TYPES)


def test_one_model_for_each_instance_type_and_image(operation: Operation) -> None:
    names = [
        ensure_model(operation, image, instance_type)
        for image in (IMAGE, NEWER)
        for instance_type in INSTANCE_TYPES
        for _ in range(2)
    ]
    assert own_models(operation) == list(dict.fromkeys(reversed(names)))
    assert len(set(names)) == 6
    assert deployed_image(operation) == NEWER


def test_a_model_of_the_image_that_was_deployed_last_is_not_made_again(
    operation: Operation, said: list[str]
) -> None:
    ensure_model(operation, IMAGE, FIRST)
    ensure_model(operation, IMAGE, SECOND)
    said.clear()
    ensure_model(operation, IMAGE, FIRST)
    assert said == []
    ensure_model(operation, NEWER, FIRST)
    name = ensure_model(operation, IMAGE, SECOND)
    assert own_models(operation)[0] == name
    assert deployed_image(operation) == IMAGE


def test_models_of_earlier_images_go_once_nothing_names_them(
    operation: Operation, sagemaker: SageMaker, said: list[str]
) -> None:
    sagemaker.without_capacity = {FIRST}
    start(operation, StartOptions(), IMAGE)
    unused = ensure_model(operation, IMAGE, THIRD)
    sagemaker.without_capacity = set()
    start(operation, StartOptions(), NEWER)
    said.clear()
    prune(operation)
    assert said == [f"Delete model {unused}"]  # configurations name the other two
    stop(operation, StopOptions())
    prune(operation)
    kept = model_request(operation.deployment, NEWER, SECOND)["ModelName"]
    assert own_models(operation) == [kept]
    said.clear()
    prune(operation)
    assert said == []
    assert deployed_image(operation) == NEWER


def test_an_endpoint_that_somebody_else_made_keeps_its_model(
    operation: Operation, session: boto3.Session
) -> None:
    earlier = ensure_model(operation, IMAGE, FIRST)
    newest = ensure_model(operation, NEWER, FIRST)
    session.client("sagemaker").create_endpoint_config(
        EndpointConfigName="an-experiment",
        ProductionVariants=[
            {
                "VariantName": "one",
                "ModelName": earlier,
                "InstanceType": FIRST,
                "InitialInstanceCount": 1,
            }
        ],
    )
    prune(operation)
    assert own_models(operation) == [newest, earlier]


def test_nothing_goes_while_an_endpoint_runs_without_its_configuration(
    operation: Operation, session: boto3.Session
) -> None:
    start(operation, StartOptions(), IMAGE)
    state = endpoint.look(operation)
    assert state is not None
    session.client("sagemaker").delete_endpoint_config(EndpointConfigName=state.configuration_name)
    ensure_model(operation, NEWER, FIRST)
    prune(operation)
    assert len(own_models(operation)) == 2


@pytest.mark.parametrize("act", [prune, delete_models])
def test_another_stage_whose_name_begins_alike_keeps_its_models(
    operation: Operation, act: object
) -> None:
    assert callable(act)
    production = dataclasses.replace(
        operation,
        deployment=dataclasses.replace(
            operation.deployment, stage="prod", endpoint_name=ENDPOINT.removesuffix("-dev")
        ),
    )
    of_dev = ensure_model(operation, IMAGE, FIRST)
    ensure_model(production, IMAGE, FIRST)
    act(production)
    assert own_models(operation) == [of_dev]
    assert own_models(production) == []


def test_a_dry_run_says_what_would_go(operation: Operation, said: list[str]) -> None:
    earlier = ensure_model(operation, IMAGE, FIRST)
    said.clear()
    prune(
        dataclasses.replace(
            operation, terminal=dataclasses.replace(operation.terminal, dry_run=True)
        )
    )
    assert said == [f"would delete model {earlier}"]
    assert own_models(operation) == [earlier]
