"""Take a deployment down: ``python -m scripts.operations.teardown``.

What bills by the hour goes first. Scans, results and job records stay unless `--delete-data` says
otherwise: the stack retains them.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from scripts.operations.command_line import run
from scripts.operations.deployment import (
    OperationFailed,
    StackAddress,
    deployment,
    stack_outputs,
)
from scripts.operations.lifecycle import StopOptions, stop
from scripts.operations.models import delete_models
from scripts.operations.operation import Cloud, Operation, Terminal
from scripts.operations.stack import read_deployment

KEPT_BY_AWS = """Not part of the stack, and left alone: certificates and records of custom domains,
the Amplify app, SAM's own bucket (aws-sam-cli-managed-default), the account's role for API
Gateway's logs, layers that scripts/create-layer.sh published. DynamoDB keeps a backup of a deleted
table for 35 days."""


@dataclass(frozen=True)
class Data:
    """What a deployment's users made: the names of buckets and tables."""

    buckets: tuple[str, ...]
    tables: tuple[str, ...]


def find_data(session: boto3.Session, address: StackAddress) -> Data:
    """Buckets and tables of a deployment, by the names that CloudFormation made.

    They are ``<stack>-<logical id>-<random>``, so they are found also after the stack is gone, and
    those of stacks that were there before are found with them.
    """
    bucket_prefix = f"{address.stack_name}-databucket-"
    table_prefix = f"{address.stack_name}-JobTable-"
    buckets = session.client("s3", region_name=address.region).list_buckets()["Buckets"]
    pages = (
        session.client("dynamodb", region_name=address.region)
        .get_paginator("list_tables")
        .paginate()
    )
    tables = [name for page in pages for name in page["TableNames"]]
    return Data(
        tuple(each["Name"] for each in buckets if each["Name"].startswith(bucket_prefix)),
        tuple(name for name in tables if name.startswith(table_prefix)),
    )


def take_down(session: boto3.Session, address: StackAddress, terminal: Terminal) -> None:
    """Delete endpoint and stack, in this order; harmless where they are gone.

    Raises
    ------
    OperationFailed
        If the stack cannot be deleted.
    """
    client = session.client("cloudformation", region_name=address.region)
    if not _exists(client, address):
        terminal.say(f"There is no stack {address.stack_name}.")
        return
    _remove_endpoint(session, address, terminal)
    sources = stack_outputs(client, address.stack_name).get("ImageSourceBucket")
    if sources and terminal.change(f"empty bucket {sources}"):  # else the stack cannot delete it
        empty_bucket(session.client("s3", region_name=address.region), sources)
    if not terminal.change(f"delete stack {address.stack_name}"):
        return
    client.delete_stack(StackName=address.stack_name)
    client.get_waiter("stack_delete_complete").wait(
        StackName=address.stack_name, WaiterConfig={"Delay": 5, "MaxAttempts": 360}
    )


def delete_data(
    session: boto3.Session, address: StackAddress, data: Data, terminal: Terminal
) -> None:
    """Delete buckets with all that is in them, and tables. Nothing brings the scans back."""
    s3 = session.client("s3", region_name=address.region)
    for bucket in data.buckets:
        if terminal.change(f"delete bucket {bucket} with everything in it"):
            empty_bucket(s3, bucket)
            s3.delete_bucket(Bucket=bucket)
    dynamodb = session.client("dynamodb", region_name=address.region)
    for table in data.tables:
        if terminal.change(f"delete table {table}"):
            dynamodb.delete_table(TableName=table)


def empty_bucket(client: Any, bucket: str) -> None:
    """Delete every version of every object, and what was uploaded in part."""
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            client.abort_multipart_upload(
                Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )
    for keys in _object_versions(client, bucket):
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        if answer.get("Errors"):
            raise OperationFailed(
                f"{len(answer['Errors'])} objects of {bucket} cannot be deleted: "
                f"{answer['Errors'][0]['Code']}.",
                hint="Look for a policy that denies s3:DeleteObject, then run the command again.",
            )


def _object_versions(client: Any, bucket: str) -> Iterator[list[dict[str, str]]]:
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if found:
            yield [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]


def _exists(client: Any, address: StackAddress) -> bool:
    # Stacks that are gone are no longer found by name; their names are free again.
    pages = client.get_paginator("describe_stacks").paginate()
    return any(
        stack["StackName"] == address.stack_name and stack["StackStatus"] != "DELETE_COMPLETE"
        for page in pages
        for stack in page["Stacks"]
    )


def _remove_endpoint(session: boto3.Session, address: StackAddress, terminal: Terminal) -> None:
    found = read_deployment(session, address.stage, None)
    operation = Operation(found, Cloud(session, address.region), terminal)
    stop(operation, StopOptions(force=True))
    delete_models(operation)


def _ask(address: StackAddress, *, with_data: bool) -> None:
    what = "and ALL SCANS, RESULTS AND JOB RECORDS" if with_data else "(scans and records stay)"
    print(f"This deletes the deployment {address.stack_name} in {address.region} {what}.")
    print(f"Type {address.stack_name} to go on: ", end="", flush=True)
    if sys.stdin.readline().strip() != address.stack_name:
        raise OperationFailed(
            "Nothing was deleted.", hint="Type the stack's name to confirm, or give --yes."
        )


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="destroy.sh", description=__doc__)
    parser.add_argument("--stage", required=True, help="which deployment")
    parser.add_argument("--delete-data", action="store_true", help="scans, results and records too")
    parser.add_argument("--dry-run", action="store_true", help="say what would go; change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    chosen = parser.parse_args(arguments)

    def command() -> None:
        address = deployment(chosen.stage)
        if not (chosen.yes or chosen.dry_run):
            _ask(address, with_data=chosen.delete_data)
        session = boto3.Session()
        terminal = Terminal(dry_run=chosen.dry_run)
        data = find_data(session, address)
        take_down(session, address, terminal)
        if chosen.delete_data:
            delete_data(session, address, data, terminal)
        else:
            for name in (*data.buckets, *data.tables):
                terminal.say(f"Kept, and billed by use: {name}")
        terminal.say(KEPT_BY_AWS)

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
