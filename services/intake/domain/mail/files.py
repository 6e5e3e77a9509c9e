"""Names of attachments, made harmless: they are shown and never become a path."""

import re
from typing import Final

from services.intake.domain.mail.words import one_line

LONGEST_NAME: Final = 120
_RESERVED: Final = re.compile(r'[<>:"|?*\\/]')
_LONGEST_SUFFIX: Final = 12
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
UNKNOWN_TYPE: Final = "application/octet-stream"


def safe_name(name: str, number: int) -> str:
    """The name without folders, controls and letters that file systems keep for themselves; never empty."""
    last = re.split(r"[\\/]", one_line(name, 1000))[-1]
    plain = _RESERVED.sub("_", last).strip(" .")
    if not plain:
        return f"attachment-{number}"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, suffix = plain.rpartition(".")
    if not dot or not stem or len(suffix) > _LONGEST_SUFFIX:
        return plain[:LONGEST_NAME].strip(" .")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1].strip(' .')}.{suffix}"


def safe_type(content_type: str) -> str:
    """The content type, or that of bytes nobody knows."""
    plain = content_type.strip().lower()
    return plain if _TYPE.fullmatch(plain) else UNKNOWN_TYPE
