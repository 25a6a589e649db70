"""What the commands share: their options, and how failures are told."""

import argparse
import sys
from collections.abc import Callable
from functools import partial

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import INSTANCE_TYPES
from scripts.operations.lifecycle import report_what_is_left
from scripts.operations.operation import Cloud, Operation, Pace, Terminal
from scripts.operations.stack import read_deployment


def add_deployment_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which deployment."""
    parser.add_argument("--stage", default="dev", help="a stage of samconfig.toml (default: dev)")
    parser.add_argument("--region", help="instead of samconfig.toml's")


def add_change_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that changes things."""
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--timeout-min", type=float, default=30, help="longest wait for AWS (default: 30)"
    )


def add_instance_types_option(parser: argparse.ArgumentParser) -> None:
    """Add the order of instance types."""
    parser.add_argument(
        "--instance-types",
        type=comma_separated,
        default=INSTANCE_TYPES,
        help=f"tried in this order (default: {','.join(INSTANCE_TYPES)})",
    )


def add_max_instances_option(parser: argparse.ArgumentParser) -> None:
    """Add how many instances may run at once."""
    parser.add_argument(
        "--max-instances",
        type=_count,
        default=1,
        help="how many may run at once when many jobs wait (default: 1); give it every time",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def comma_separated(text: str) -> tuple[str, ...]:
    """Read ``a,b,c``."""
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not parts:
        raise argparse.ArgumentTypeError("at least one is needed")
    return parts


def perform(
    arguments: argparse.Namespace,
    act: Callable[[Operation], None],
    *,
    session: boto3.Session | None = None,
) -> int:
    """Do what a command asks for; after a failure say what may still bill.

    Returns
    -------
    int
        The exit code: 0, 1 for a failure, 130 for Ctrl-C.
    """
    terminal = Terminal(
        dry_run=getattr(arguments, "dry_run", False), write=partial(print, flush=True)
    )
    operation: Operation | None = None
    try:
        session = session or boto3.Session()
        deployment = read_deployment(session, arguments.stage, arguments.region)
        pace = Pace(timeout_s=60 * getattr(arguments, "timeout_min", 30))
        operation = Operation(deployment, Cloud(session, deployment.region), terminal, pace)
        act(operation)
    except OperationFailed as error:
        return _failed(operation, str(error))
    except (ClientError, BotoCoreError) as error:
        return _failed(operation, f"AWS: {error}")
    except KeyboardInterrupt:
        _failed(operation, "Interrupted.")
        return 130
    return 0


def _failed(operation: Operation | None, message: str) -> int:
    print(f"error: {message}", file=sys.stderr, flush=True)
    if operation is None:
        print("Nothing was changed.", flush=True)
    else:
        report_what_is_left(operation)
    return 1
