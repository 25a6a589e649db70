"""What the endpoint and its image are made of, a name of the API's own, and the data key."""

from typing import Any

import pytest
import yaml

from tests.infrastructure.conftest import Resources
from tests.infrastructure.test_observability import nested

OBJECTS = [
    {"Fn::Sub": f"${{DataBucket.Arn}}/{prefix}/*"}
    for prefix in ("jobs", "endpoint-output", "endpoint-failure")
]


def rights(role: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """By action: on what, and on which condition."""
    return {
        action: (statement["Resource"], statement.get("Condition"))
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }


def test_the_container_may_do_just_this(template: dict[str, Any]) -> None:
    found = rights(template["Resources"]["EndpointRole"])
    table = {"Fn::GetAtt": ["JobTable", "Arn"]}
    log = {"Fn::GetAtt": ["EndpointLogGroup", "Arn"]}
    image = {"Fn::GetAtt": ["ImageBuild", "Outputs.ImageRepositoryArn"]}
    topics = [{"Ref": "InferenceSuccessTopic"}, {"Ref": "InferenceErrorTopic"}]
    namespaces = {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "AWS/SageMaker"]}}
    assert found == {
        "s3:GetObject": (OBJECTS, None),
        "s3:PutObject": (OBJECTS, None),
        "s3:DeleteObject": (OBJECTS, None),
        "s3:AbortMultipartUpload": (OBJECTS, None),
        "s3:ListBucket": ({"Fn::GetAtt": ["DataBucket", "Arn"]}, None),
        "dynamodb:GetItem": (table, None),
        "dynamodb:UpdateItem": (table, None),
        "sns:Publish": (topics, None),
        "ecr:BatchCheckLayerAvailability": (image, None),
        "ecr:BatchGetImage": (image, None),
        "ecr:GetDownloadUrlForLayer": (image, None),
        "ecr:GetAuthorizationToken": ("*", None),
        "logs:CreateLogStream": (log, None),
        "logs:DescribeLogStreams": (log, None),
        "logs:PutLogEvents": (log, None),
        "cloudwatch:PutMetricData": ("*", namespaces),
    }


@pytest.mark.parametrize(
    ("stack", "role", "service"),
    [
        (None, "EndpointRole", "sagemaker.amazonaws.com"),
        ("image_build", "ImageBuildRole", "codebuild.amazonaws.com"),
    ],
)
def test_a_service_may_take_a_role_for_this_account_alone(
    template: dict[str, Any], stack: str | None, role: str, service: str
) -> None:
    resources = nested(stack)["Resources"] if stack else template["Resources"]
    policy = resources[role]["Properties"]["AssumeRolePolicyDocument"]
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": service}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_a_build_may_read_sources_and_push_and_no_more() -> None:
    found = rights(nested("image_build")["Resources"]["ImageBuildRole"])
    assert {action.split(":")[0] for action in found} == {"s3", "logs", "ecr"}
    assert [action for action, (on, _) in found.items() if on == "*"] == [
        "ecr:GetAuthorizationToken"
    ]
    assert {action for action in found if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
    }


def test_the_repository_scans_and_forgets() -> None:
    repository = nested("image_build")["Resources"]["ImageRepository"]["Properties"]
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    (rule,) = yaml.safe_load(repository["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"]["countNumber"] == 5
    assert rule["action"] == {"type": "expire"}


def test_the_build_makes_the_image_of_the_dockerfile() -> None:
    project = nested("image_build")["Resources"]["ImageBuildProject"]["Properties"]
    phases = yaml.safe_load(project["Source"]["BuildSpec"])["phases"]
    build, push = phases["build"]["commands"]
    assert build.split()[:4] == ["docker", "build", "--file", "sagemaker/Dockerfile"]
    assert push == 'docker push "$IMAGE_REPOSITORY:$IMAGE_TAG"'
    assert project["Environment"]["PrivilegedMode"] is True


def test_a_name_of_its_own_takes_a_certificate(template: dict[str, Any]) -> None:
    assert template["Resources"]["CustomDomain"]["Condition"] == "HasApiCertificate"
    assert template["Parameters"]["ApiDomainName"]["Default"] == "api.iris-oculus.com"
    assert template["Parameters"]["ApiCertificateArn"]["Default"] == ""
    resources = nested("custom_domain")["Resources"]
    assert resources["Domain"]["Properties"]["SecurityPolicy"] == "TLS_1_2"
    assert resources["AddressRecord"]["Condition"] == "HasHostedZone"


def test_the_web_acl_is_the_parameter_s(transformed: Resources) -> None:
    association = transformed["ApiWebAclAssociation"]
    assert association["Condition"] == "HasWebAcl"
    assert association["Properties"]["WebACLArn"] == {"Ref": "WebAclArn"}
    assert "/stages/${ApiStage}" in association["Properties"]["ResourceArn"]["Fn::Sub"]


def test_who_touches_data_may_use_the_data_key(
    template: dict[str, Any], functions: Resources
) -> None:
    policy = template["Resources"]["DataKeyPolicy"]
    assert policy["Condition"] == "HasDataKey"
    holders = {role["Ref"] for role in policy["Properties"]["Roles"]}
    touching = {
        f"{name}Role"
        for name, function in functions.items()
        if "S3_BUCKET" in function["Environment"]["Variables"]
    }
    assert holders == touching | {"EndpointRole"}
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Resource"] == {"Ref": "DataKeyArn"}


def test_outputs_name_what_the_scripts_need(template: dict[str, Any]) -> None:
    assert {
        "ApiId",
        "ApiUrl",
        "BucketName",
        "EndpointName",
        "EndpointRoleArn",
        "EndpointVariantName",
        "ImageBuildProject",
        "ImageRepository",
        "ImageRepositoryName",
        "ImageSourceBucket",
        "InferenceErrorTopicArn",
        "InferenceSuccessTopicArn",
        "Region",
        "Stage",
        "TableName",
    } <= template["Outputs"].keys()
