"""A broker that is not ours: checked before anything starts, and what its administrator must load into it."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.base.link import CONNECTION_ERRORS, Link, without_password
from shared.base.settings import amqp_url
from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.definitions import topology
from shared.nodes.folders import write_private


def check_broker(uri: str) -> None:
    """Raise Misconfigured for a text that is no AMQP URL, Unavailable where no broker answers there within 5 s."""
    try:
        amqp_url(uri)
    except ValueError:
        raise Misconfigured(["AFTERCARE_AMQP_URI is wrong: write amqp://user:password@host:5672/vhost"]) from None
    try:
        Link(uri, "aftercare check").close()
    except CONNECTION_ERRORS as error:
        why = f"no broker answers at {without_password(uri)} ({error})"
        raise Unavailable(f"{why}; start it, correct AFTERCARE_AMQP_URI, or unset it for a private one") from None


def write_topology(uri: str, path: Path) -> str:
    """Write what AMQP itself does not let a client declare; the line that tells the administrator."""
    vhost = unquote(urlsplit(uri).path.removeprefix("/")) or "/"
    write_private(path, json.dumps(topology((vhost,)), indent=2) + "\n")
    return f"this broker is not ours: limits and dead-lettering come by `rabbitmqctl import_definitions {path}`"
