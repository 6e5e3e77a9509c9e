"""Regions: dotted paths, largest first (contracts 3)."""

import re
from collections.abc import Iterator

from shared.kernel.errors import Invalid

UNASSIGNED = "unassigned"
MAX_LENGTH = 200
_PATH = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def parse_region(path: str, field: str = "region") -> str:
    """The path itself when it is well formed, like `south.guangdong.foshan`."""
    if not isinstance(path, str) or len(path) > MAX_LENGTH or not _PATH.fullmatch(path):
        raise Invalid.field(field, "write a dotted path of a-z, 0-9, _ and -, like south.guangdong.foshan")
    return path


def is_within(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or lies below it."""
    return path == ancestor or path.startswith(ancestor + ".")


def upwards(path: str) -> Iterator[str]:
    """The region and every region above it, smallest first."""
    while path:
        yield path
        path = path.rpartition(".")[0]
