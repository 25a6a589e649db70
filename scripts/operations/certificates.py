"""Certificates of ACM, validated by DNS."""

import hashlib
from collections.abc import Callable
from typing import Any

from scripts.operations.deployment import OperationFailed
from scripts.operations.dns_records import Record, Zone
from scripts.operations.operation import Pace, Terminal


def ensure_certificate(client: Any, zone: Zone, name: str, terminal: Terminal) -> str | None:
    """Find or request the certificate of a name and write the record that proves the name.

    Returns
    -------
    str or None
        Its ARN; None in a dry run that would request one.
    """
    arn = _find(client, name)
    if arn is None:
        if not terminal.change(f"request a certificate for {name}"):
            return None
        arn = client.request_certificate(
            DomainName=name,
            ValidationMethod="DNS",
            # Asked twice within the hour, ACM answers with the same certificate.
            IdempotencyToken=hashlib.sha256(name.encode()).hexdigest()[:32],
            Tags=[{"Key": "project", "Value": "iris-oculus"}],
        )["CertificateArn"]
    proof = _proof(client, arn)
    zone.ensure(Record(proof["Name"], proof["Value"]), terminal)
    return arn


def wait_until_issued(client: Any, arn: str, pace: Pace) -> None:
    """Wait for ACM to see the record.

    Raises
    ------
    OperationFailed
        If it refuses the certificate, or has not issued it in time.
    """
    start_s = pace.now()
    while (status := _describe(client, arn)["Status"]) != "ISSUED":
        if status != "PENDING_VALIDATION":
            raise OperationFailed(
                f"The certificate {arn} is {status}.",
                hint=f"aws acm delete-certificate --certificate-arn {arn}, then run this again.",
            )
        if pace.now() - start_s >= pace.timeout_s:
            raise OperationFailed(
                "The certificate is still pending: ACM does not see its record.",
                hint="Compare the zone's name servers with the registrar's (docs/OPERATIONS.md, "
                "«Certificate pending»), then run this again: it goes on where it stopped.",
            )
        pace.sleep(pace.interval_s)


def _find(client: Any, name: str) -> str | None:
    pages = client.get_paginator("list_certificates").paginate(
        CertificateStatuses=["ISSUED", "PENDING_VALIDATION"]
    )
    found = [each for page in pages for each in page["CertificateSummaryList"]]
    arns = [str(each["CertificateArn"]) for each in found if each["DomainName"] == name]
    return arns[0] if arns else None


def _proof(client: Any, arn: str) -> dict[str, str]:
    # ACM makes up the record some seconds after the request.
    pace = Pace(timeout_s=60, interval_s=2)
    return _once(lambda: _describe(client, arn), pace)


def _once(look: Callable[[], dict[str, Any]], pace: Pace) -> dict[str, str]:
    start_s = pace.now()
    while True:
        options = look().get("DomainValidationOptions", [])
        if options and "ResourceRecord" in options[0]:
            record: dict[str, str] = options[0]["ResourceRecord"]
            return record
        if pace.now() - start_s >= pace.timeout_s:
            raise OperationFailed(
                "ACM has not said which record it wants.", hint="Run this again in a minute."
            )
        pace.sleep(pace.interval_s)


def _describe(client: Any, arn: str) -> dict[str, Any]:
    certificate: dict[str, Any] = client.describe_certificate(CertificateArn=arn)["Certificate"]
    return certificate
