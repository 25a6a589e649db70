"""Ask a deployment's ``/healthz`` whether it is up: ``python -m scripts.operations.smoke_test``."""

import argparse
import sys
import time
from dataclasses import dataclass

import boto3
import httpx

from scripts.operations.command_line import run
from scripts.operations.deployment import (
    OperationFailed,
    deployment,
    required_output,
    stack_outputs,
)

SERVICE = "iris-oculus-api"


@dataclass(frozen=True)
class Patience:
    """How long a new deployment may take: its first answers pass DNS and a cold start."""

    attempts: int = 6
    pause_s: float = 5.0
    timeout_s: float = 30.0


def check_health(api_url: str, patience: Patience = Patience()) -> str:
    """Wait until the API answers as itself.

    Parameters
    ----------
    api_url : str
        Address of the API, without ``/healthz``.
    patience : Patience, optional

    Returns
    -------
    str
        The version that answered.

    Raises
    ------
    OperationFailed
        If it still does not after the last attempt, with what it said instead.
    """
    seen = ""
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(patience.pause_s)
        try:
            answer = httpx.get(f"{api_url.rstrip('/')}/healthz", timeout=patience.timeout_s)
        except httpx.HTTPError as error:
            seen = f"no answer ({type(error).__name__})"
            continue
        document = _json_object(answer)
        if answer.status_code == httpx.codes.OK and document.get("service") == SERVICE:
            return str(document.get("version"))
        seen = f"status {answer.status_code}: {answer.text[:200]}"
    raise OperationFailed(
        f"{api_url}/healthz is not up: {seen}.",
        hint="Read the function's log: aws logs tail /aws/lambda/iris-health, which ends in "
        "-STAGE in other stages than prod. "
        "To go back, deploy the commit before (docs/OPERATIONS.md, «Roll back»).",
    )


def _json_object(answer: httpx.Response) -> dict[str, object]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="smoke_test", description=__doc__)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--api-url", help="ask this address instead of the stack's")
    chosen = parser.parse_args(arguments)

    def command() -> None:
        address = deployment(chosen.stage)
        url = chosen.api_url
        if url is None:
            client = boto3.client("cloudformation", region_name=address.region)
            outputs = stack_outputs(client, address.stack_name)
            url = required_output(outputs, "ApiUrl", address)
        print(f"{url} is up: version {check_health(url)}")

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
