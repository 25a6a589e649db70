"""Tokens, signed with a real key and checked against a real key server."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from iris_oculus.errors import Unauthorized
from iris_oculus.sign_in import SignIn
from jwt.algorithms import RSAAlgorithm

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class _KeyServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        key = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        body = json.dumps({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
        pass


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _KeyServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/pool"
        server.shutdown()


def token(issuer: str, *, key: rsa.RSAPrivateKey = KEY, **changed: object) -> str:
    claims = {"iss": issuer, "sub": "ada", "aud": "web", "exp": int(time.time()) + 60, **changed}
    claims = {name: value for name, value in claims.items() if value is not None}
    return "Bearer " + jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})


@pytest.mark.parametrize("changed", [{}, {"aud": None, "client_id": "web"}])
def test_a_valid_token_names_its_subject(issuer: str, changed: dict[str, object]) -> None:
    sign_in = SignIn(required=True, issuer=issuer, audience="web")
    assert sign_in.subject(token(issuer, **changed)) == "ada"


def test_without_a_token_the_setting_decides(issuer: str) -> None:
    assert SignIn(required=False, issuer=issuer, audience="web").subject(None) is None
    with pytest.raises(Unauthorized):
        SignIn(required=True, issuer=issuer, audience="web").subject(None)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1},
        {"exp": None},
        {"iss": "https://elsewhere.test"},
        {"aud": "other"},
        {"sub": None},
        {"key": STRANGERS_KEY},
    ],
)
def test_a_bad_token_is_refused_also_where_none_is_needed(
    issuer: str, required: bool, changed: dict[str, object]
) -> None:
    sign_in = SignIn(required=required, issuer=issuer, audience="web")
    with pytest.raises(Unauthorized):
        sign_in.subject(token(issuer, **changed))


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer nonsense", "ada"])
def test_what_is_no_token(issuer: str, header: str) -> None:
    with pytest.raises(Unauthorized):
        SignIn(required=False, issuer=issuer, audience="web").subject(header)


def test_an_unsigned_token_is_refused(issuer: str) -> None:
    claims = {"iss": issuer, "sub": "ada", "aud": "web", "exp": int(time.time()) + 60}
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})
    with pytest.raises(Unauthorized):
        SignIn(required=False, issuer=issuer, audience="web").subject(f"Bearer {unsigned}")
