"""Every function may do what it does, and nothing else."""

from typing import Any

import pytest

from tests.infrastructure.conftest import Resources

READ = {"s3:GetObject"}
WRITE = {"s3:GetObject", "s3:PutObject"}
SWEEP = {"s3:DeleteObject", "s3:AbortMultipartUpload"}
SEE_JOBS = {"dynamodb:GetItem"}
CHANGE_JOBS = {"dynamodb:GetItem", "dynamodb:PutItem"}
OBJECTS = "DataBucket.Arn/jobs/*"

# What each function's use cases call, by what they call it on.
EXPECTED: dict[str, dict[str, set[str]]] = {
    "UploadFunction": {
        OBJECTS: WRITE | {"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"},
        "DataBucket.Arn": {"s3:ListBucket"},
        "JobTable.Arn": CHANGE_JOBS,
        "InspectFunction.Arn": {"lambda:InvokeFunction"},
    },
    "ProcessFunction": {
        OBJECTS: WRITE,
        "DataBucket.Arn": {"s3:ListBucket"},
        "JobTable.Arn": CHANGE_JOBS,
        "endpoint": {"sagemaker:InvokeEndpointAsync"},
    },
    "DownloadFunction": {
        OBJECTS: READ,
        "DataBucket.Arn": {"s3:ListBucket"},
        "JobTable.Arn": SEE_JOBS,
    },
    "JobsFunction": {
        OBJECTS: READ | SWEEP,
        "DataBucket.Arn": {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        "JobTable.Arn": CHANGE_JOBS,
        "JobTable.Arn/index/by-owner": {"dynamodb:Query"},
        "JobTable.Arn/index/by-status": {"dynamodb:Query"},
        "endpoint": {"sagemaker:DescribeEndpoint"},
    },
    "ReferenceFunction": {},
    "HealthFunction": {},
    "AuthorizerFunction": {},
    "InspectFunction": {
        OBJECTS: READ,
        "DataBucket.Arn": {"s3:ListBucket"},
        "JobTable.Arn": CHANGE_JOBS,
    },
    "CompletionFunction": {
        OBJECTS: WRITE | SWEEP,
        "DataBucket.Arn": {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        "JobTable.Arn": CHANGE_JOBS,
        "CompletionQueue.Arn": {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        },
        "endpoint": {"sagemaker:InvokeEndpointAsync"},
    },
    "JanitorFunction": {
        OBJECTS: WRITE | SWEEP,
        "DataBucket.Arn": {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        "JobTable.Arn": CHANGE_JOBS,
        "JobTable.Arn/index/by-status": {"dynamodb:Query"},
        "endpoint": {
            "sagemaker:InvokeEndpointAsync",
            "sagemaker:DescribeEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
        },
    },
}
# SAM attaches the first two to every function that logs and is traced: their resource is `*`, as
# X-Ray's must be. API Gateway takes no role without the third.
MANAGED = {
    "service-role/AWSLambdaBasicExecutionRole",
    "AWSXrayWriteOnlyAccess",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
}


def target(resource: Any) -> str:
    """What a statement's resource names."""
    match resource:
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": [str() as text, dict()]} if ":endpoint/" in text:
            return "endpoint"
        case {"Fn::Sub": str() as text}:
            return text.replace("${", "").replace("}", "")
    return str(resource)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_function_may_do_just_this(functions: Resources, name: str) -> None:
    rights: dict[str, set[str]] = {}
    for policy in functions[name].get("Policies", []):
        for statement in policy["Statement"]:
            actions = statement["Action"]
            assert statement["Effect"] == "Allow"
            resources = statement["Resource"]
            for resource in resources if isinstance(resources, list) else [resources]:
                rights.setdefault(target(resource), set()).update(
                    [actions] if isinstance(actions, str) else actions
                )
    assert rights == EXPECTED[name]


def test_no_function_is_forgotten(functions: Resources) -> None:
    assert functions.keys() == EXPECTED.keys()


def test_managed_policies_are_those_for_logs_and_traces(transformed: Resources) -> None:
    for resource in transformed.values():
        if resource["Type"] == "AWS::IAM::Role":
            arns = resource["Properties"].get("ManagedPolicyArns", [])
            texts = [arn["Fn::Sub"] if isinstance(arn, dict) else arn for arn in arns]
            assert {text.split(":policy/")[1] for text in texts} <= MANAGED


def test_only_the_api_and_the_schedule_may_invoke(transformed: Resources) -> None:
    for resource in transformed.values():
        if resource["Type"] == "AWS::Lambda::Permission":
            permission = resource["Properties"]
            assert permission["Principal"] in {"apigateway.amazonaws.com", "events.amazonaws.com"}
            assert "SourceArn" in permission
