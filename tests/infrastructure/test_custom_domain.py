"""``scripts/configure-custom-domain.sh``, against emulated ACM, Route 53 and CloudFormation.

No emulator has Amplify Hosting: its two calls are answered here, in the form of its API reference.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from moto import settings

from scripts.operations.page_domain import records_of
from tests.infrastructure.emulation import credentials, moto_url, run_script

DOMAIN = "iris-oculus.test"
STACK = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "prod"},
        "ApiDomainName": {"Type": "String", "Default": "api.iris-oculus.com"},
        "ApiCertificateArn": {"Type": "String", "Default": ""},
        "HostedZoneId": {"Type": "String", "Default": ""},
    },
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"ApiUrl": {"Value": "https://api"}},
}
PROOF = f"_a.{DOMAIN}. CNAME _b.acm-validations.aws."
CLOUDFRONT = "d111111abcdef8.cloudfront.net"


class Amplify:
    """Domain associations of one app, over HTTP."""

    def __init__(self) -> None:
        self.association: dict[str, Any] | None = None
        self.looks = 0

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take the domain; its records are said only when it is looked at again."""
        assert self.association is None
        self.association = {
            "domainAssociationArn": "arn:aws:amplify:us-east-1:1:apps/app1/domains/x",
            "domainName": request["domainName"],
            "enableAutoSubDomain": False,
            "domainStatus": "CREATING",
            "statusReason": "",
            "subDomains": [
                {"subDomainSetting": each, "verified": False, "dnsRecord": ""}
                for each in request["subDomainSettings"]
            ],
        }
        return self.association

    def look(self) -> dict[str, Any] | None:
        """Describe it."""
        if self.association is not None:
            self.looks += 1
            if self.looks > 1:
                self.association |= {
                    "domainStatus": "PENDING_VERIFICATION",
                    "certificateVerificationDNSRecord": PROOF,
                }
                for each in self.association["subDomains"]:
                    prefix = each["subDomainSetting"]["prefix"]
                    each["dnsRecord"] = f"{prefix} CNAME {CLOUDFRONT}"
        return self.association


@contextmanager
def amplify_url(amplify: Amplify) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == f"/apps/app1/domains/{DOMAIN}"
            self._answer(amplify.look())

        def do_POST(self) -> None:
            assert self.path == "/apps/app1/domains"
            length = int(self.headers["Content-Length"])
            self._answer(amplify.create(json.loads(self.rfile.read(length))))

        def _answer(self, association: dict[str, Any] | None) -> None:
            self.send_response(200 if association else 404)
            if association is None:
                self.send_header("x-amzn-ErrorType", "NotFoundException")
            self.end_headers()
            self.wfile.write(json.dumps({"domainAssociation": association}).encode())

        def log_request(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An account with a prod stack and a zone; certificates are issued at once."""
    monkeypatch.setattr(settings, "ACM_VALIDATION_WAIT", 0)
    with moto_url() as url, amplify_url(Amplify()) as amplify:
        environment = {**credentials(url), "AWS_ENDPOINT_URL_AMPLIFY": amplify}
        cloudformation = client(environment, "cloudformation")
        cloudformation.create_stack(
            StackName="iris-oculus",
            TemplateBody=json.dumps(STACK),
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": "prod"}],
        )
        yield environment


def client(access: Mapping[str, str], service: str) -> Any:
    session = boto3.Session(
        aws_access_key_id="emulated", aws_secret_access_key="emulated", region_name="us-east-1"
    )
    return session.client(service, endpoint_url=access["AWS_ENDPOINT_URL"])


def make_zone(access: Mapping[str, str]) -> str:
    zone = client(access, "route53").create_hosted_zone(Name=DOMAIN, CallerReference="1")
    return str(zone["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def configure(access: Mapping[str, str], *options: str) -> tuple[int, str]:
    finished = run_script(
        "configure-custom-domain.sh", "--domain", DOMAIN, "--amplify-app-id", "app1", *options,
        environment=access,
    )  # fmt: skip
    return finished.returncode, finished.stdout + finished.stderr


def records(access: Mapping[str, str], zone_id: str) -> dict[tuple[str, str], str]:
    found = client(access, "route53").list_resource_record_sets(HostedZoneId=zone_id)
    return {
        (each["Name"].rstrip("."), each["Type"]): (
            each["AliasTarget"]["DNSName"]
            if "AliasTarget" in each
            else each["ResourceRecords"][0]["Value"]
        ).rstrip(".")
        for each in found["ResourceRecordSets"]
        if each["Type"] in {"A", "CNAME"}
    }


def test_twice_in_a_row_makes_everything_once(access: dict[str, str]) -> None:
    zone_id = make_zone(access)
    code, said = configure(access)
    assert code == 0, said
    (certificate,) = client(access, "acm").list_certificates()["CertificateSummaryList"]
    assert certificate["DomainName"] == f"api.{DOMAIN}"
    stack = client(access, "cloudformation").describe_stacks(StackName="iris-oculus")["Stacks"][0]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]} == {
        "Stage": "prod",
        "ApiDomainName": f"api.{DOMAIN}",
        "ApiCertificateArn": certificate["CertificateArn"],
        "HostedZoneId": zone_id,
    }
    made = records(access, zone_id)
    assert made[(DOMAIN, "A")] == CLOUDFRONT
    assert made[(f"www.{DOMAIN}", "CNAME")] == CLOUDFRONT
    assert made[(f"_a.{DOMAIN}", "CNAME")] == "_b.acm-validations.aws"
    proof = client(access, "acm").describe_certificate(
        CertificateArn=certificate["CertificateArn"]
    )["Certificate"]["DomainValidationOptions"][0]["ResourceRecord"]
    assert made[(proof["Name"].rstrip("."), "CNAME")] == proof["Value"].rstrip(".")
    assert len(made) == 4

    assert configure(access) == (0, "Nothing else to do.\n")
    assert records(access, zone_id) == made
    assert len(client(access, "acm").list_certificates()["CertificateSummaryList"]) == 1


def test_a_dry_run_changes_nothing(access: dict[str, str]) -> None:
    zone_id = make_zone(access)
    code, said = configure(access, "--dry-run")
    assert code == 0, said
    assert f"would request a certificate for api.{DOMAIN}" in said
    assert f"would tie {DOMAIN} and www.{DOMAIN} to Amplify app1" in said
    assert client(access, "acm").list_certificates()["CertificateSummaryList"] == []
    assert records(access, zone_id) == {}


def test_without_a_zone_it_says_how_to_make_one(access: dict[str, str]) -> None:
    code, said = configure(access)
    assert code == 1
    assert "aws route53 create-hosted-zone" in said


def test_a_pending_certificate_is_waited_for_the_next_time(
    access: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACM_VALIDATION_WAIT", 3600)
    make_zone(access)
    code, said = configure(access, "--timeout-min", "0")
    assert code == 1
    assert "still pending" in said
    monkeypatch.setattr(settings, "ACM_VALIDATION_WAIT", 0)
    assert configure(access)[0] == 0
    assert len(client(access, "acm").list_certificates()["CertificateSummaryList"]) == 1


def test_the_template_has_the_parameters_that_the_script_sets(template: dict[str, Any]) -> None:
    assert STACK["Parameters"].keys() <= template["Parameters"].keys()


def test_records_that_are_not_said_yet_are_none() -> None:
    assert records_of({"subDomains": [{"dnsRecord": ""}, {}]}, DOMAIN) == []
