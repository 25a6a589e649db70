"""The bucket, the table, and the way of the endpoint's events."""

from typing import Any

import pytest
from iris_oculus import layout
from iris_oculus.adapters.dynamodb import BY_OWNER, BY_STATUS

from tests.infrastructure.conftest import Resources

ORIGINS = ["https://iris-oculus.com", "https://www.iris-oculus.com", "http://localhost:5173"]


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


def test_the_bucket_is_private_encrypted_and_speaks_tls_only(template: dict[str, Any]) -> None:
    bucket = properties(template, "DataBucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (statement,) = properties(template, "DataBucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Deny",
        "*",
        "s3:*",
    )
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [
        {"Fn::GetAtt": ["DataBucket", "Arn"]},
        {"Fn::Sub": "${DataBucket.Arn}/*"},
    ]


def test_deleting_leaves_no_versions_behind(template: dict[str, Any]) -> None:
    assert "VersioningConfiguration" not in properties(template, "DataBucket")


def test_the_bucket_forgets_what_the_job_table_forgets(template: dict[str, Any]) -> None:
    rules = properties(template, "DataBucket")["LifecycleConfiguration"]["Rules"]
    expirations = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}
    assert expirations == {
        layout.JOBS_PREFIX: 90,
        layout.ENDPOINT_OUTPUT_PREFIX: 7,
        layout.ENDPOINT_FAILURE_PREFIX: 7,
    }
    assert {rule["Status"] for rule in rules} == {"Enabled"}
    (unfinished,) = (rule for rule in rules if "AbortIncompleteMultipartUpload" in rule)
    assert unfinished["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Prefix" not in unfinished


def test_a_browser_may_upload_parts_and_read_their_tags(template: dict[str, Any]) -> None:
    (rule,) = properties(template, "DataBucket")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == {"Ref": "AllowedOrigins"}
    assert set(rule["AllowedMethods"]) == {"GET", "HEAD", "PUT"}
    assert "ETag" in rule["ExposedHeaders"]
    assert {"content-type", "x-amz-checksum-sha256"} <= set(rule["AllowedHeaders"])
    assert template["Parameters"]["AllowedOrigins"]["Default"].split(",") == ORIGINS


def test_the_table_has_the_keys_that_the_adapter_asks_by(template: dict[str, Any]) -> None:
    table = properties(template, "JobTable")
    keys = {"": table["KeySchema"]} | {
        index["IndexName"]: index["KeySchema"] for index in table["GlobalSecondaryIndexes"]
    }
    assert {
        name: [(key["AttributeName"], key["KeyType"]) for key in schema]
        for name, schema in keys.items()
    } == {
        "": [("job_id", "HASH")],
        BY_OWNER: [("owner", "HASH"), ("created_at", "RANGE")],
        BY_STATUS: [("status", "HASH"), ("updated_at", "RANGE")],
    }
    types = {
        entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]
    }
    assert types == {
        "job_id": "S",
        "owner": "S",
        "status": "S",
        "created_at": "N",
        "updated_at": "N",
    }
    # The adapter makes whole jobs of what an index gives.
    assert {index["Projection"]["ProjectionType"] for index in table["GlobalSecondaryIndexes"]} == {
        "ALL"
    }


def test_the_table_forgets_and_can_be_brought_back(template: dict[str, Any]) -> None:
    table = properties(template, "JobTable")
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", ["DataBucket", "JobTable"])
def test_data_outlives_the_stack(template: dict[str, Any], name: str) -> None:
    resource = template["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("topic", ["InferenceSuccessTopic", "InferenceErrorTopic"])
def test_what_the_endpoint_reports_reaches_the_queue(template: dict[str, Any], topic: str) -> None:
    (subscription,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::SNS::Subscription"
        and resource["Properties"]["TopicArn"] == {"Ref": topic}
    )
    assert subscription["Protocol"] == "sqs"
    assert subscription["Endpoint"] == {"Fn::GetAtt": ["CompletionQueue", "Arn"]}
    (statement,) = properties(template, "CompletionQueuePolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert {"Ref": topic} in statement["Condition"]["ArnEquals"]["aws:SourceArn"]


def test_a_message_is_hidden_for_six_times_the_function_s_time(
    template: dict[str, Any], functions: Resources
) -> None:
    # AWS Lambda developer guide, "Using Lambda with Amazon SQS": set the source queue's visibility
    # timeout to at least six times the function's timeout.
    queue = properties(template, "CompletionQueue")
    assert queue["VisibilityTimeout"] >= 6 * functions["CompletionFunction"]["Timeout"]


def test_what_fails_again_and_again_is_kept(template: dict[str, Any], functions: Resources) -> None:
    redrive = properties(template, "CompletionQueue")["RedrivePolicy"]
    assert redrive == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["CompletionDeadLetterQueue", "Arn"]},
        "maxReceiveCount": 5,
    }
    mapping = properties(template, "CompletionQueueMapping")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["CompletionQueue", "Arn"]}
    assert mapping["FunctionName"] == {"Ref": "CompletionFunction"}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    on_failure = functions["InspectFunction"]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert on_failure["Destination"] == {"Fn::GetAtt": ["InspectDeadLetterQueue", "Arn"]}
    fourteen_days_s = 14 * 24 * 3600
    for queue in ("CompletionDeadLetterQueue", "InspectDeadLetterQueue"):
        assert properties(template, queue)["MessageRetentionPeriod"] == fourteen_days_s


def test_queues_are_encrypted_with_a_key_that_topics_may_use(template: dict[str, Any]) -> None:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::SQS::Queue":
            assert resource["Properties"]["SqsManagedSseEnabled"] is True


def test_inspection_has_room_for_the_largest_scan(functions: Resources) -> None:
    inspect = functions["InspectFunction"]
    assert inspect["EphemeralStorage"]["Size"] == 10240
    assert inspect["Timeout"] == 900


def test_the_janitor_never_meets_itself(functions: Resources) -> None:
    (sweep,) = functions["JanitorFunction"]["Events"].values()
    assert sweep["Properties"]["Schedule"] == "rate(5 minutes)"
    assert functions["JanitorFunction"]["Timeout"] < 5 * 60
