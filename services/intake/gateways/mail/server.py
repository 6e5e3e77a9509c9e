"""The mailbox of AFTERCARE_INTAKE_IMAP_URL."""

import base64
import ipaddress
import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from shared.kernel.errors import Misconfigured

REMEDY: Final = "write imaps://user:password@host:993/INBOX, with ?ca=FILE for a CA of your own"
_PORTS: Final = {"imap": 143, "imaps": 993}
_INBOX: Final = "INBOX"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """Where mail is read: `imaps://` is TLS from the start, `imap://` takes STARTTLS where it is offered."""

    host: str
    port: int
    is_tls_from_start: bool
    user: str
    password: str = field(repr=False)
    folder: str = _INBOX
    ca_file: Path | None = None

    @classmethod
    def parse(cls, url: str) -> "ImapServer":
        """From the URL; raises ValueError that does not repeat it: it may hold a password."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise ValueError(REMEDY) from None  # its own words repeat what may be half a password
        query = parse_qs(parts.query, keep_blank_values=True)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        is_right = parts.scheme in _PORTS and parts.hostname and port != 0 and user and set(query) <= {"ca"}
        if not is_right or not parts.hostname or not (user + password + unquote(parts.path)).isprintable():
            raise ValueError(REMEDY)
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            is_tls_from_start=parts.scheme == "imaps",
            user=user,
            password=password,
            folder=unquote(parts.path).strip("/") or _INBOX,
            ca_file=Path(query["ca"][0]) if "ca" in query else None,
        )

    def with_password(self, password: str) -> "ImapServer":
        """The same, with a password that comes from elsewhere."""
        return replace(self, password=password)

    @property
    def name(self) -> str:
        """What the mailbox is called in our records."""
        return f"{self.user}@{self.host}/{self.folder}"[:200]

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


def folder_on_wire(name: str) -> str:
    """A folder's name, quoted, in the UTF-7 of its own that IMAP uses (RFC 3501, 5.1.3)."""
    pieces: list[str] = []
    strange = ""
    for letter in [*name, ""]:
        if letter and not " " <= letter <= "~":
            strange += letter
            continue
        if strange:
            packed = base64.b64encode(strange.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            pieces.append(f"&{packed}-")
            strange = ""
        pieces.append("&-" if letter == "&" else letter)
    return '"' + "".join(pieces).replace("\\", "\\\\").replace('"', '\\"') + '"'
