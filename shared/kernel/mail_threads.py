"""How a mail of ours names its case, so that the answer to it finds the way back.

The mark stands in the Message-ID, which mail programs repeat in In-Reply-To and References, and in the reply address
where one is set. It holds a keyed digest: a case number alone, which many may have heard, opens no case.
"""

import hashlib
import hmac
import re
from typing import Final

_DIGEST: Final = 12
"""Hexadecimal digits: nobody sends so many mails to guess one, and Message-IDs stay short."""
_MARK: Final = re.compile(r"(\d{12})\.([0-9a-f]{12})(?=@)")
_OUR_ID: Final = re.compile(r"<?([A-Za-z0-9][A-Za-z0-9._-]{0,99})\.(\d{12}\.[0-9a-f]{12})@[^\s<>@]+>?")


def mark_of(secret: str, case_no: str) -> str:
    """What stands for the case in an address: its number and the proof that we wrote it."""
    digest = hmac.new(secret.encode(), case_no.encode(), hashlib.sha256).hexdigest()
    return f"{case_no}.{digest[:_DIGEST]}"


def marked_cases(secret: str, text: str) -> list[str]:
    """The cases that addresses or Message-IDs in the text name with a right mark, in their order."""
    return [found[1] for found in _MARK.finditer(text) if _is_ours(secret, found[1], found[0])]


def our_reference(secret: str, message_id: str) -> str | None:
    """The reference with which we sent the mail of this Message-ID; None where it is none of ours."""
    found = _OUR_ID.fullmatch(message_id.strip())
    if found is None or not _is_ours(secret, found[2][:12], found[2]):
        return None
    return found[1]


def marked(address: str, mark: str) -> str:
    """The address with the mark as its detail: `service+mark@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mark}@{domain}"


def _is_ours(secret: str, case_no: str, mark: str) -> bool:
    return bool(secret) and hmac.compare_digest(mark_of(secret, case_no), mark)
