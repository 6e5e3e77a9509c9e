"""Where a message may go: each channel's address in the one form in which it is kept (NO-8)."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from shared.kernel.alert_topics import parse_team, queue_of
from shared.kernel.contacts import parse_email, parse_phone
from shared.kernel.errors import Invalid

Network: TypeAlias = IPv4Network | IPv6Network

LONGEST_URL: Final = 2000
_QUEUES: Final = queue_of("")
_TRANSITIONAL: Final = tuple(
    ip_network(each) for each in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
"""IPv6 addresses that carry an IPv4 address inside: who checks the outside alone lets any inside through."""


def parse_address(channel: str, to: str, field: str = "to") -> str:
    """The address as it is kept; raises Invalid that says what is wrong with it."""
    parse = _PARSERS.get(channel)
    if parse is None:
        raise Invalid.field("channel", f"must be one of: {', '.join(_PARSERS)}")
    return parse(to, field)


def parse_webhook(url: str, field: str = "to") -> str:
    """The URL itself; raises Invalid for what no webhook can be. Private networks are refused after resolving."""
    parts = _split(url, field)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid.field(field, "write a URL like https://hooks.example.com/alerts")
    if parts.username is not None or parts.password is not None:
        raise Invalid.field(field, "holds a user or password; what is sent is signed instead")
    if parts.fragment:
        raise Invalid.field(field, "ends in a #fragment, which is never sent")
    return url


def _split(url: str, field: str) -> SplitResult:
    is_plain = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    try:
        parts = urlsplit(url)
        is_plain = is_plain and parts.port != 0  # raises ValueError for a port that is none
    except ValueError:
        is_plain = False
    if not is_plain:
        raise Invalid.field(field, f"is no URL of at most {LONGEST_URL} plain ASCII characters")
    return parts


def networks(text: str) -> tuple[Network, ...]:
    """The networks in a list like `10.1.0.0/16, 127.0.0.1`; raises ValueError."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def is_public(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether a webhook may go to this IP address: one of the open Internet, or of a network the operator allows."""
    ip = ip_address(address)
    if any(ip in network for network in allowed):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not _is_disguised(ip)


def _is_disguised(ip: IPv4Address | IPv6Address) -> bool:
    return any(ip in network for network in _TRANSITIONAL)


def _parse_queue(to: str, field: str) -> str:
    parse_team(to.removeprefix(_QUEUES), field)
    if not to.startswith(_QUEUES):
        raise Invalid.field(field, f"write {_QUEUES}TEAM")
    return to


_PARSERS: Final[dict[str, Callable[[str, str], str]]] = {
    "email": parse_email,
    "sms": parse_phone,
    "webhook": parse_webhook,
    "amqp": _parse_queue,
}
