import json
from typing import Any

import boto3
import pytest

from local_stack.emulator import Emulator
from local_stack.resources import Clients, make_resources
from local_stack.serverless import Application


@pytest.fixture
def clients(aws: Emulator, application: Application) -> Clients:
    boto3.setup_default_session()
    made = Clients(
        s3=boto3.client("s3"),
        dynamodb=boto3.client("dynamodb"),
        sns=boto3.client("sns"),
        sqs=boto3.client("sqs"),
    )
    make_resources(application, made)
    return made


def attributes(clients: Clients, queue: str) -> dict[Any, str]:
    url = clients.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    return clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def test_the_table_has_the_templates_keys_index_and_expiry(clients: Clients) -> None:
    table = clients.dynamodb.describe_table(TableName="iris-local-table")["Table"]

    assert table["KeySchema"] == [{"AttributeName": "job_id", "KeyType": "HASH"}]
    (index,) = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["KeySchema"][1]["AttributeName"]) == (
        "by-owner",
        "created_at",
    )
    expiry = clients.dynamodb.describe_time_to_live(TableName="iris-local-table")
    assert expiry["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_the_bucket_lets_the_templates_pages_read(clients: Clients) -> None:
    (rule,) = clients.s3.get_bucket_cors(Bucket="iris-local-bucket")["CORSRules"]

    assert rule["AllowedOrigins"] == ["http://a.example", "http://b.example"]
    assert rule["ExposeHeaders"] == ["ETag"]


def test_a_message_that_nobody_deals_with_goes_to_the_dead_letters(clients: Clients) -> None:
    redrive = json.loads(attributes(clients, "outcomes")["RedrivePolicy"])

    assert redrive["maxReceiveCount"] == 2
    assert redrive["deadLetterTargetArn"] == attributes(clients, "outcomes-dead")["QueueArn"]


def test_a_second_start_changes_nothing_and_events_arrive_once(
    clients: Clients, application: Application
) -> None:
    clients.dynamodb.put_item(TableName="iris-local-table", Item={"job_id": {"S": "kept"}})

    make_resources(application, clients)

    kept = clients.dynamodb.get_item(TableName="iris-local-table", Key={"job_id": {"S": "kept"}})
    assert kept["Item"] == {"job_id": {"S": "kept"}}
    clients.sns.publish(TopicArn=application.resolve({"Ref": "Topic"}), Message="done")
    url = clients.sqs.get_queue_url(QueueName="outcomes")["QueueUrl"]
    first = clients.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=3, MaxNumberOfMessages=10)
    assert [json.loads(message["Body"])["Message"] for message in first["Messages"]] == ["done"]
    for message in first["Messages"]:
        clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
