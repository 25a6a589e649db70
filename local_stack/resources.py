"""Makes the template's data resources in the emulator: bucket, table, topics, queues.

Safe to run at every start: what exists is left as it is.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_stack.template import Properties, Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CORSRuleTypeDef
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True)
class Clients:
    """Clients of the emulator."""

    s3: "S3Client"
    dynamodb: "DynamoDBClient"
    sns: "SNSClient"
    sqs: "SQSClient"


def make_resources(template: Template, clients: Clients) -> None:
    """Make what is missing of the template's bucket, table, topics and queues.

    Parameters
    ----------
    template : Template
    clients : Clients
        Of the emulator, for the account and the region of the template.

    Raises
    ------
    botocore.exceptions.ClientError
        If the emulator refuses what the template says.
    """
    for logical_id, _ in template.of_type("AWS::S3::Bucket"):
        _make_bucket(template, logical_id, clients.s3)
    for logical_id, _ in template.of_type("AWS::DynamoDB::Table"):
        _make_table(template, logical_id, clients.dynamodb)
    for logical_id, _ in template.of_type("AWS::SNS::Topic"):
        clients.sns.create_topic(Name=template.physical_name(logical_id))
    _make_queues(template, clients.sqs)
    for logical_id, _ in template.of_type("AWS::SNS::Subscription"):
        subscription = template.properties(logical_id)
        clients.sns.subscribe(
            TopicArn=subscription["TopicArn"],
            Protocol=subscription["Protocol"],
            Endpoint=subscription["Endpoint"],
        )


def _make_bucket(template: Template, logical_id: str, s3: "S3Client") -> None:
    name = template.physical_name(logical_id)
    if name not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=name)
    rules = template.properties(logical_id).get("CorsConfiguration", {}).get("CorsRules", [])
    if rules:
        # Every time: the pages that may read the bucket change with the stack's port.
        s3.put_bucket_cors(
            Bucket=name, CORSConfiguration={"CORSRules": [_cors_rule(rule) for rule in rules]}
        )


def _cors_rule(rule: Properties) -> "CORSRuleTypeDef":
    """CloudFormation and the S3 API name two of the fields differently."""
    return {
        "AllowedOrigins": rule["AllowedOrigins"],
        "AllowedMethods": rule["AllowedMethods"],
        "AllowedHeaders": rule.get("AllowedHeaders", []),
        "ExposeHeaders": rule.get("ExposedHeaders", []),
        "MaxAgeSeconds": rule.get("MaxAge", 0),
    }


def _make_table(template: Template, logical_id: str, dynamodb: "DynamoDBClient") -> None:
    name = template.physical_name(logical_id)
    if name in dynamodb.list_tables()["TableNames"]:
        return
    properties = template.properties(logical_id)
    dynamodb.create_table(
        TableName=name,
        BillingMode=properties["BillingMode"],
        KeySchema=properties["KeySchema"],
        AttributeDefinitions=properties["AttributeDefinitions"],
        GlobalSecondaryIndexes=properties["GlobalSecondaryIndexes"],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    dynamodb.update_time_to_live(
        TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
    )


def _make_queues(template: Template, sqs: "SQSClient") -> None:
    """Dead-letter queues first: the others name them."""
    queues = [logical_id for logical_id, _ in template.of_type("AWS::SQS::Queue")]
    policies = _queue_policies(template)
    for logical_id in sorted(queues, key=lambda id_: "RedrivePolicy" in template.properties(id_)):
        name = template.physical_name(logical_id)
        sqs.create_queue(QueueName=name)
        attributes = _queue_attributes(template.properties(logical_id))
        if name in policies:
            attributes["Policy"] = json.dumps(policies[name])
        if attributes:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)  # type: ignore[arg-type]  # names come from the template


def _queue_attributes(properties: Properties) -> dict[str, str]:
    attributes: dict[str, str] = {
        name: str(properties[name])
        for name in ("VisibilityTimeout", "MessageRetentionPeriod")
        if name in properties
    }
    if "RedrivePolicy" in properties:
        attributes["RedrivePolicy"] = json.dumps(properties["RedrivePolicy"])
    return attributes


def _queue_policies(template: Template) -> dict[str, Any]:
    """Policy documents by the name of their queue."""
    return {
        queue: policy["PolicyDocument"]
        for logical_id, _ in template.of_type("AWS::SQS::QueuePolicy")
        for policy in [template.properties(logical_id)]
        for queue in policy["Queues"]
    }
