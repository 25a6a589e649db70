"""Records in a Route 53 zone: written only where they are missing or differ."""

from dataclasses import dataclass
from typing import Any

from scripts.operations.deployment import OperationFailed
from scripts.operations.operation import Terminal

CLOUDFRONT_ZONE_ID = "Z2FDTNDATAQYW2"
"""The zone of every CloudFront distribution (Route 53 API reference, "AliasTarget")."""
TTL_S = 300


@dataclass(frozen=True)
class Record:
    """A CNAME, or, for the apex of a zone, where DNS allows none, an alias to CloudFront."""

    name: str
    target: str
    is_alias: bool = False

    def as_record_set(self) -> dict[str, Any]:
        """As Route 53 takes it."""
        if self.is_alias:
            target = {
                "HostedZoneId": CLOUDFRONT_ZONE_ID,
                "DNSName": _absolute(self.target),
                "EvaluateTargetHealth": False,
            }
            return {"Name": _absolute(self.name), "Type": "A", "AliasTarget": target}
        return {
            "Name": _absolute(self.name),
            "Type": "CNAME",
            "TTL": TTL_S,
            "ResourceRecords": [{"Value": _absolute(self.target)}],
        }


@dataclass(frozen=True)
class Zone:
    """The public zone of a domain."""

    client: Any
    zone_id: str

    def ensure(self, record: Record, terminal: Terminal) -> None:
        """Write the record, unless it is there as it should be."""
        wanted = record.as_record_set()
        if self._current(wanted["Name"], wanted["Type"]) == wanted:
            return
        if terminal.change(f"write {wanted['Type']} record {record.name} -> {record.target}"):
            self.client.change_resource_record_sets(
                HostedZoneId=self.zone_id,
                ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]},
            )

    def _current(self, name: str, kind: str) -> dict[str, Any] | None:
        found = self.client.list_resource_record_sets(
            HostedZoneId=self.zone_id, StartRecordName=name, StartRecordType=kind, MaxItems="1"
        )["ResourceRecordSets"]
        if found and (found[0]["Name"], found[0]["Type"]) == (name, kind):
            current: dict[str, Any] = found[0]
            if current.get("ResourceRecords") == []:
                del current["ResourceRecords"]
            return current
        return None


def find_zone(client: Any, domain: str) -> Zone:
    """The public hosted zone of a domain.

    Raises
    ------
    OperationFailed
        If the account has none.
    """
    zones = client.list_hosted_zones_by_name(DNSName=_absolute(domain))["HostedZones"]
    for zone in zones:
        if zone["Name"] == _absolute(domain) and not zone.get("Config", {}).get("PrivateZone"):
            return Zone(client, zone["Id"].removeprefix("/hostedzone/"))
    raise OperationFailed(
        f"This account has no public hosted zone {domain}.",
        hint=f"aws route53 create-hosted-zone --name {domain} --caller-reference $(date +%s), then "
        "enter its four name servers at the registrar.",
    )


def _absolute(name: str) -> str:
    return f"{name.rstrip('.')}."
