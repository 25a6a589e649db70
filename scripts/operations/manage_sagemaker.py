"""Start, stop or show the GPU endpoint of a deployment, or tell what its jobs cost."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

import boto3

from scripts.operations import costs
from scripts.operations.command import (
    add_change_options,
    add_deployment_options,
    add_instance_types_option,
    add_max_instances_option,
    perform,
)
from scripts.operations.lifecycle import StartOptions, StopOptions, start, stop
from scripts.operations.operation import Operation
from scripts.operations.status import lines, read_status

DAY_S = 24 * 3600


def main(arguments: Sequence[str] | None = None, session: boto3.Session | None = None) -> int:
    """Run one subcommand; returns the exit code."""
    options = _parser().parse_args(arguments)

    def act(operation: Operation) -> None:
        match options.command:
            case "start":
                start(
                    operation,
                    StartOptions(options.instance_types, options.max_instances, options.force),
                )
            case "stop":
                stop(operation, StopOptions(wait=options.wait, force=options.force))
            case "status":
                _show(operation, as_json=options.json)
            case "cost":
                _show_costs(operation, days=options.days, as_json=options.json)

    return perform(options, act, session=session)


def _show(operation: Operation, *, as_json: bool) -> None:
    status = read_status(operation)
    if as_json:
        operation.terminal.say(json.dumps(asdict(status)))
        return
    for line in lines(status):
        operation.terminal.say(line)


def _show_costs(operation: Operation, *, days: float, as_json: bool) -> None:
    now = time.time()
    jobs = operation.cloud.jobs(operation.deployment.table)
    found = costs.report(jobs, since=now - days * DAY_S, until=now)
    if as_json:
        operation.terminal.say(json.dumps(costs.document(found)))
        return
    for line in costs.lines(found):
        operation.terminal.say(line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage-sagemaker.sh", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start", help="bring the endpoint up; it bills from then on")
    add_instance_types_option(starting)
    add_max_instances_option(starting)
    starting.add_argument(
        "--force", action="store_true", help="change a running endpoint although jobs are on it"
    )
    stopping = commands.add_parser("stop", help="delete the endpoint; no GPU bills afterwards")
    stopping.add_argument("--wait", action="store_true", help="wait for jobs that are processing")
    stopping.add_argument(
        "--force", action="store_true", help="stop all the same; such jobs can be run again"
    )
    showing = commands.add_parser("status", help="endpoint, instances, backlog, jobs, billing")
    showing.add_argument("--json", action="store_true", help="one JSON document, for machines")
    costing = commands.add_parser("cost", help="what the jobs of the last days cost")
    costing.add_argument("--days", type=float, default=30, help="default: 30")
    costing.add_argument(
        "--json",
        action="store_true",
        help="one JSON document, for machines: sums, and in `jobs` one object for each job; "
        "times are UTC (ISO 8601), amounts US dollars, null where they are not known",
    )
    for command in (starting, stopping, showing, costing):
        add_deployment_options(command)
    for command in (starting, stopping):
        add_change_options(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
