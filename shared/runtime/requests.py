"""The RPC envelope: what a request must look like, how answers and errors look (contracts 4). No I/O."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shared.kernel.errors import AftercareError, Invalid, Refused, Unavailable
from shared.kernel.plain_json import parse_json, write_json, written

MAX_BODY_BYTES = 1_048_576
MAX_REQUEST_ID = 200


class MalformedRequest(Refused):
    """The body is not {"args": [request], "kwargs": {}} in JSON."""

    slug = "MalformedRequest"


class IncorrectSignature(Refused):
    """A method takes one JSON object."""

    slug = "IncorrectSignature"


class MethodNotFound(Refused):
    """The service has no such method."""

    slug = "MethodNotFound"


@dataclass(frozen=True)
class Request:
    """One well-formed call: the caller's object, and the id under which its answer is kept."""

    body: dict[str, Any]
    request_id: str | None


def read_request(raw: bytes, correlation_id: str | None, longest: int = MAX_BODY_BYTES) -> Request:
    """The request in a message body; raises a Refused that says what is wrong with it."""
    if len(raw) > longest:
        raise Invalid.field("request", f"is larger than {longest} bytes; send less, or by reference")
    envelope = _parse(raw)
    args, kwargs = envelope.get("args"), envelope.get("kwargs", {})
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise MalformedRequest('the body must be {"args": [request], "kwargs": {}}')
    if kwargs or len(args) != 1 or not isinstance(args[0], dict):
        raise IncorrectSignature("a method takes exactly one JSON object, as the only element of args")
    body = dict(args[0])
    return Request(body, _request_id(body, correlation_id))


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        envelope = parse_json(raw)
    except ValueError:
        raise MalformedRequest("the body is not JSON in UTF-8") from None
    if not isinstance(envelope, dict):
        raise MalformedRequest('the body must be {"args": [request], "kwargs": {}}')
    return envelope


def _request_id(body: dict[str, Any], correlation_id: str | None) -> str | None:
    """The caller's request id, taken out of the body; else the message's correlation id."""
    given = body.pop("request_id", None)
    if given is None:
        return _as_id(correlation_id) if correlation_id else None
    if not isinstance(given, str) or not given or not _can_be_kept(given):
        raise Invalid.field("request_id", f"must be a text of 1 to {MAX_REQUEST_ID} characters without controls")
    return given


def _as_id(correlation_id: str) -> str:
    """The correlation id itself; one that cannot be kept as it is stands for itself by its digest."""
    if _can_be_kept(correlation_id):
        return correlation_id
    return f"sha256:{sha256(correlation_id.encode(errors='backslashreplace')).hexdigest()}"


def _can_be_kept(text: str) -> bool:
    return len(text) <= MAX_REQUEST_ID and text.isprintable()


def answer(result: Any) -> list[bytes]:
    """The body of a good answer, in pieces; raises TypeError or ValueError when the result is no JSON."""
    return written({"result": written(result), "error": None}).encoded


def refusal(error: BaseException) -> bytes:
    """The body of an error; says nothing of the inside."""
    described = describe(error)
    try:
        return write_json({"result": None, "error": described})
    except (TypeError, ValueError):
        # A detail that is no JSON is a mistake in our code; the caller still learns that he was refused, and why.
        return write_json({"result": None, "error": described | {"exc_args": [None]}})


def describe(error: BaseException) -> dict[str, Any]:
    """The one mapping from the error tree to the wire."""
    if isinstance(error, Refused):
        return {"exc_type": error.slug, "value": error.message, "exc_args": [error.detail]}
    if isinstance(error, Unavailable):
        return {
            "exc_type": Unavailable.slug,
            "value": "something this needs does not answer; try again",
            "exc_args": [None],
        }
    return {"exc_type": AftercareError.slug, "value": "the service made a mistake; it is logged", "exc_args": [None]}
