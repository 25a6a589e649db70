"""Give a deployment names of its own: ``python -m scripts.operations.domains``.

`api.DOMAIN` for the API (a certificate, its proof, and the stack's parameters, from which the
stack makes name and record), and, with an Amplify app, DOMAIN and www.DOMAIN for the page. Safe to
run again: it goes on where it stopped.
"""

import argparse
import sys
from typing import Any

import boto3

from scripts.operations.certificates import ensure_certificate, wait_until_issued
from scripts.operations.command_line import run
from scripts.operations.deployment import StackAddress, deployment, stack_outputs
from scripts.operations.dns_records import Zone, find_zone
from scripts.operations.operation import Pace, Terminal
from scripts.operations.page_domain import Page, ensure_page_domain


def set_parameters(
    client: Any, address: StackAddress, wanted: dict[str, str], terminal: Terminal
) -> None:
    """Set parameters of the stack, keeping all others; nothing happens if they are set.

    Parameters
    ----------
    client : boto3 client of CloudFormation
    address : StackAddress
    wanted : dict of str to str
    terminal : Terminal

    Raises
    ------
    OperationFailed
        If there is no such stack.
    """
    stack_outputs(client, address.stack_name)  # says what to do if there is none
    stack = client.describe_stacks(StackName=address.stack_name)["Stacks"][0]
    current = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    if wanted.items() <= current.items():
        return
    changed = " ".join(f"{name}={value}" for name, value in wanted.items())
    if not terminal.change(f"update stack {address.stack_name}: {changed}"):
        return
    kept = [
        {"ParameterKey": name, "UsePreviousValue": True} for name in current if name not in wanted
    ]
    client.update_stack(
        StackName=address.stack_name,
        UsePreviousTemplate=True,
        Parameters=[
            *kept,
            *({"ParameterKey": key, "ParameterValue": value} for key, value in wanted.items()),
        ],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    client.get_waiter("stack_update_complete").wait(
        StackName=address.stack_name, WaiterConfig={"Delay": 5, "MaxAttempts": 240}
    )


def configure_api(
    session: boto3.Session,
    address: StackAddress,
    zone: Zone,
    name: str,
    steps: tuple[Terminal, Pace],
) -> None:
    """Certificate, proof, and the stack's parameters."""
    terminal, pace = steps
    client = session.client("acm", region_name=address.region)
    arn = ensure_certificate(client, zone, name, terminal)
    if arn is None or terminal.dry_run:
        terminal.say(f"would wait for the certificate, and update stack {address.stack_name}")
        return
    wait_until_issued(client, arn, pace)
    set_parameters(
        session.client("cloudformation", region_name=address.region),
        address,
        {"ApiDomainName": name, "ApiCertificateArn": arn, "HostedZoneId": zone.zone_id},
        terminal,
    )


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="configure-custom-domain.sh", description=__doc__)
    parser.add_argument("--stage", default="prod", help="which deployment (default: prod)")
    parser.add_argument("--domain", default="iris-oculus.com", help="(default: iris-oculus.com)")
    parser.add_argument("--amplify-app-id", help="the page's app; left out: the API only")
    parser.add_argument("--amplify-branch", default="main", help="(default: main)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--timeout-min", type=float, default=30, help="longest wait for AWS (default: 30)"
    )
    chosen = parser.parse_args(arguments)

    def command() -> None:
        address = deployment(chosen.stage)
        session = boto3.Session()
        terminal = Terminal(dry_run=chosen.dry_run)
        pace = Pace(timeout_s=60 * chosen.timeout_min, interval_s=3)
        zone = find_zone(session.client("route53"), chosen.domain)
        configure_api(session, address, zone, f"api.{chosen.domain}", (terminal, pace))
        if chosen.amplify_app_id:
            page = Page(chosen.amplify_app_id, chosen.amplify_branch, chosen.domain)
            client = session.client("amplify", region_name=address.region)
            ensure_page_domain(client, zone, page, terminal, pace)
        terminal.say("Nothing else to do.")

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
