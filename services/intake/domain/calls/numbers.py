"""Numbers of callers: as sent, as E.164 where they are valid, or withheld (contracts 4, `call_event`)."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from shared.kernel.contacts import parse_phone
from shared.kernel.erasing import ERASED
from shared.kernel.errors import Invalid

LONGEST: Final = 100
REMEMBERED: Final = 4096
"""Numbers that were looked at last: each call has the line that was called, and reading a number takes its time."""

_WITHHELD: Final = frozenset(
    {
        "",
        "anonymous",
        "blocked",
        "clir",
        "hidden",
        "invalid",
        "no caller id",
        "no number",
        "none",
        "not available",
        "null",
        "private",
        "private number",
        "restricted",
        "suppressed",
        "unavailable",
        "unknown",
        "unknown caller",
        "withheld",
        "匿名",
        "无",
        "无号码",
        "未知",
        "未知号码",
        "隐藏",
        "隐藏号码",
        "私人号码",
        # What stands where somebody's number was, once their data are erased (AL-4).
        ERASED,
        # ANONYMOUS on the keys of a telephone: some networks pass that on (RFC 3323 has only words).
        "266696687",
        "+266696687",
    }
)
_SCHEME: Final = re.compile(r"^(sips?|tel):", re.IGNORECASE)


def is_withheld(sent: str) -> bool:
    """Whether the caller hides their number: what was sent is one of the words that exchanges send then."""
    return subscriber(sent).casefold() in _WITHHELD


def normal(sent: str) -> str:
    """The number as E.164 when it is a valid one, else as it was sent."""
    return _e164(sent) or sent


@lru_cache(REMEMBERED)
def _e164(sent: str) -> str | None:
    if is_withheld(sent):
        return None
    try:
        return parse_phone(subscriber(sent))
    except Invalid:
        return None


def key_of(sent: str) -> str | None:
    """By what calls of one number are found together: E.164, else the number in one form; None when withheld."""
    if is_withheld(sent):
        return None
    return _e164(sent) or subscriber(sent)[:LONGEST]


def is_erased(sent: str) -> bool:
    """Whether this number was erased."""
    return subscriber(sent) == ERASED


def is_dialable(number: str) -> bool:
    """Whether this is a valid number as E.164, so that anybody can call it."""
    return _e164(number) == number


def subscriber(sent: str) -> str:
    """What stands for the subscriber: of a SIP or tel URI the part before host and parameters (RFC 3261, 3966)."""
    text = unicodedata.normalize("NFKC", sent).strip().strip('"<>').strip()
    uri = _SCHEME.sub("", text)
    return uri.partition(";")[0].partition("@")[0].strip() if uri != text else text
