"""Reading an invocation from an HTTP request, and the answers to what is none."""

from email.message import Message
from http import HTTPStatus
from io import BufferedIOBase

from iris_oculus.documents import Invocation
from pydantic import ValidationError

MAX_BODY_BYTES = 128_000
"""The most that an invocation may carry inline; a document of ours is far smaller."""


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: HTTPStatus, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"ok": False, "error": {"code": code, "message": message, "hint": hint}}


NO_ROUTE = Refusal(
    HTTPStatus.NOT_FOUND,
    "route_not_found",
    "no such route",
    "The routes are GET /ping and POST /invocations.",
)


def bad_request(message: str) -> Refusal:
    """The request cannot be understood."""
    return Refusal(
        HTTPStatus.BAD_REQUEST, "bad_request", message, "Send an invocation document as JSON."
    )


def unavailable(code: str, message: str) -> Refusal:
    """The request is right and cannot be served now."""
    return Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE, code, message, "Send the invocation again later."
    )


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body of a request, sent with a length or in chunks.

    Raises
    ------
    Refusal
        If it is too large or cannot be read; what remains of it is left in the stream.
    """
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        return _chunked_body(stream)
    length = headers.get("Content-Length", "")
    if not length.isdecimal():
        raise bad_request("the request has no Content-Length")
    _check_size(int(length))
    return stream.read(int(length))


def _chunked_body(stream: BufferedIOBase) -> bytes:
    """Read the chunks of RFC 9112, section 7.1, which the standard library leaves to us."""
    body = b""
    try:
        while size := int(stream.readline(1024).partition(b";")[0], 16):
            _check_size(len(body) + size)
            body += stream.read(size)
            stream.readline(1024)
    except ValueError as error:
        raise bad_request("the chunks of the body cannot be read") from error
    while stream.readline(1024).strip():
        pass  # trailers
    return body


def _check_size(size_bytes: int) -> None:
    if not 0 <= size_bytes <= MAX_BODY_BYTES:
        raise Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "file_too_large",
            "the body is too large for an invocation document",
            "The scan itself lies in the bucket.",
        )


def parse_invocation(body: bytes) -> Invocation:
    """The invocation document in a body.

    Raises
    ------
    Refusal
        If it is none; the message names the fields that are wrong, not their values.
    """
    try:
        return Invocation.model_validate_json(body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, each["loc"])) or "body" for each in error.errors()})
        raise bad_request(f"not a valid invocation: {', '.join(fields)}") from error
