"""Every function called what it may call, and nothing else; runs last, when all have run."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from local_stack.stack import TEMPLATE
from local_stack.template import Template

Actions = dict[str, set[str]]

NEEDED_FOR = {
    "s3:HeadObject": {"s3:GetObject"},
    "s3:CopyObject": {"s3:GetObject", "s3:PutObject"},
    "s3:CreateMultipartUpload": {"s3:PutObject"},
    "s3:UploadPart": {"s3:PutObject"},
    "s3:CompleteMultipartUpload": {"s3:PutObject"},
    "s3:ListParts": {"s3:ListMultipartUploadParts"},
    "s3:ListMultipartUploads": {"s3:ListBucketMultipartUploads"},
    "s3:ListObjectsV2": {"s3:ListBucket"},
    "s3:DeleteObjects": {"s3:DeleteObject"},
    "lambda:Invoke": {"lambda:InvokeFunction"},
    "sagemaker-runtime:InvokeEndpointAsync": {"sagemaker:InvokeEndpointAsync"},
}
"""Actions of operations that are not called like them (Service Authorization Reference)."""
LATE_FILES = {"s3:ListBucketMultipartUploads", "s3:DeleteObject", "s3:AbortMultipartUpload"}
"""For what a worker still writes below a job that was deleted meanwhile: a race of milliseconds."""
NOT_CALLED_HERE: Actions = {
    # boto3 copies large scans in parts, in threads of its own, and aborts a copy that fails.
    "UploadFunction": {"s3:AbortMultipartUpload"},
    # Downloads of whole files run in threads of boto3's own, which belong to no function.
    "InspectFunction": {"s3:GetObject", "s3:ListBucket"},
    # Lambda itself polls the queue, in the function's name.
    "CompletionFunction": {
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    }
    | LATE_FILES,
    # A laptop's endpoint has no instances to count and to let go. A job is read again when someone
    # else changed it at the same moment.
    "JanitorFunction": {
        "sagemaker:DescribeEndpoint",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
        "dynamodb:GetItem",
    }
    | LATE_FILES,
}


@pytest.fixture(scope="module")
def granted() -> Actions:
    """What the template lets each function do."""
    template = Template.read(TEMPLATE)
    rights: Actions = {}
    for name, function in template.of_type("AWS::Serverless::Function"):
        rights[name] = set()
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                actions = statement["Action"]
                rights[name].update([actions] if isinstance(actions, str) else actions)
    return rights


@pytest.fixture
def called(recorded_calls: Path) -> Actions:
    """What each function needed for what it did."""
    if not recorded_calls.exists():
        pytest.skip("nothing was run before")
    needed: Actions = defaultdict(set)
    for line in recorded_calls.read_text().splitlines():
        entry = json.loads(line)
        if entry["function"] is not None:
            needed[entry["function"]] |= NEEDED_FOR.get(entry["call"], {entry["call"]})
    for actions in needed.values():
        if "s3:GetObject" in actions:
            actions.add("s3:ListBucket")  # or else an object that is not there answers 403
    return needed


def test_no_function_called_what_it_may_not(granted: Actions, called: Actions) -> None:
    missing = {name: actions - granted[name] for name, actions in called.items()}
    assert {name: actions for name, actions in missing.items() if actions} == {}


def test_no_function_may_call_what_it_never_did(
    request: pytest.FixtureRequest, granted: Actions, called: Actions
) -> None:
    ran = {item.path for item in request.session.items}
    if request.session.testsfailed or ran < set(Path(__file__).parent.glob("test_*.py")):
        pytest.skip("only the whole suite, without failures, shows what a function needs")
    unused = {
        name: actions - called.get(name, set()) - NOT_CALLED_HERE.get(name, set())
        for name, actions in granted.items()
    }
    assert {name: actions for name, actions in unused.items() if actions} == {}
