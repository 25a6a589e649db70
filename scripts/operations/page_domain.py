"""The page's domain at Amplify Hosting: the apex and ``www``."""

from dataclasses import dataclass
from typing import Any

from scripts.operations.deployment import OperationFailed
from scripts.operations.dns_records import Record, Zone
from scripts.operations.operation import Pace, Terminal


@dataclass(frozen=True)
class Page:
    """Which app and branch the domain shows."""

    app_id: str
    branch: str
    domain: str


def ensure_page_domain(client: Any, zone: Zone, page: Page, terminal: Terminal, pace: Pace) -> None:
    """Tie the domain to the app and write the records that Amplify asks for.

    Amplify makes and renews the certificate itself.

    Raises
    ------
    OperationFailed
        If Amplify does not say its records in time, or refuses the domain.
    """
    association = _find(client, page)
    if association is None:
        if not terminal.change(f"tie {page.domain} and www.{page.domain} to Amplify {page.app_id}"):
            return
        settings = [{"prefix": prefix, "branchName": page.branch} for prefix in ("", "www")]
        client.create_domain_association(
            appId=page.app_id, domainName=page.domain, subDomainSettings=settings
        )
    for record in _wait_for_records(client, page, pace):
        zone.ensure(record, terminal)


def records_of(association: dict[str, Any], domain: str) -> list[Record]:
    """The records that an association asks for, as far as it says them yet.

    Amplify writes each as ``<name> CNAME <target>``, the apex with an empty name, and the proof
    with the whole one.
    """
    records = []
    for line in [
        association.get("certificateVerificationDNSRecord"),
        *(each.get("dnsRecord") for each in association.get("subDomains", [])),
    ]:
        name, _, target = (line or "").partition("CNAME")
        if not target.strip():
            continue
        full = name.strip().rstrip(".")
        if not full.endswith(domain):
            full = f"{full}.{domain}".lstrip(".")
        records.append(Record(full, target.strip(), is_alias=full == domain))
    return records


def _wait_for_records(client: Any, page: Page, pace: Pace) -> list[Record]:
    start_s = pace.now()
    while True:
        association = _find(client, page) or {}
        if association.get("domainStatus") == "FAILED":
            raise OperationFailed(
                f"Amplify refuses {page.domain}: {association.get('statusReason')}.",
                hint=f"aws amplify delete-domain-association --app-id {page.app_id} "
                f"--domain-name {page.domain}, then run this again.",
            )
        records = records_of(association, page.domain)
        if len(records) == 1 + len(association.get("subDomains", [])):
            return records
        if pace.now() - start_s >= pace.timeout_s:
            raise OperationFailed(
                "Amplify has not said all its records.", hint="Run this again in some minutes."
            )
        pace.sleep(pace.interval_s)


def _find(client: Any, page: Page) -> dict[str, Any] | None:
    try:
        answer = client.get_domain_association(appId=page.app_id, domainName=page.domain)
    except client.exceptions.NotFoundException:
        return None
    found: dict[str, Any] = answer["domainAssociation"]
    return found
