"""The mail server of AFTERCARE_NOTIFY_SMTP_URL, and what a mail server says."""

import ipaddress
import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from shared.kernel.errors import Misconfigured

REMEDY: Final = (
    "write smtp://user:password@host:587 or smtps://user:password@host:465, with ?ca=FILE for a CA of your own"
)
_PORTS: Final = {"smtp": 25, "smtps": 465}
_ADDRESS: Final = re.compile(r"\S*@\S*")
_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes: `smtp://` takes STARTTLS where it is offered, `smtps://` is TLS from the start (contracts 4)."""

    host: str
    port: int
    is_tls_from_start: bool
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """From the URL; raises ValueError that does not repeat it: it may hold a password."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise ValueError(REMEDY) from None  # its own words repeat what may be half a password
        query = parse_qs(parts.query, keep_blank_values=True)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        is_right = (
            parts.scheme in _PORTS
            and parts.hostname
            and port != 0
            and parts.path in ("", "/")
            and set(query) <= {"ca"}
            and (user + password).isascii()
            and bool(user) == bool(password)
        )
        if not is_right or not parts.hostname:
            raise ValueError(REMEDY)
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            is_tls_from_start=parts.scheme == "smtps",
            user=user,
            password=password,
            ca_file=Path(query["ca"][0]) if "ca" in query else None,
        )

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine on the way there."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def tls(self) -> ssl.SSLContext:
        """How the server must prove its name; raises Misconfigured when the CA file is none."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise Misconfigured([f"{self.ca_file} is no file of CA certificates: {error.strerror or error}"]) from None


def spoken(code: int, text: bytes) -> str:
    """A reply as a reason that may be shown: one line, without mail addresses."""
    said = " ".join(text.decode("utf-8", "replace").split())
    plain = "".join(letter for letter in _ADDRESS.sub("(address)", said) if letter.isprintable())
    return f"{code} {plain}"[:_LONGEST_REASON]
