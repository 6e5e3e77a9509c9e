"""Regions: dotted paths, largest first (contracts 3)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.errors import Invalid

UNASSIGNED = "unassigned"
MAX_LENGTH = 200
_NAME = re.compile(r"[a-z0-9_-]+")
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


def tree_paths(tree: Any, field: str) -> list[str]:
    """Every region of a tree of names, {"south": {"guangdong": {"foshan": None}}}, each before those below it.

    Raises Invalid that names every mistake at its place below `field`.
    """
    found = list(_branches(tree, "", field))
    problems = {place: [why] for place, _, why in found if why}
    if not found:
        problems[field] = ["holds no region; write at least one"]
    if problems:
        raise Invalid(f"{field} is no tree of regions: {', '.join(problems)}", problems)
    return [path for _, path, _ in found]


def _branches(node: Any, above: str, place: str) -> Iterator[tuple[str, str, str | None]]:
    """Each region with its place in the tree and what is wrong with it."""
    if node is None:
        return
    if not isinstance(node, Mapping):
        yield place, above, "must hold the names of the regions below it, each followed by a colon, or nothing"
        return
    for name, below in node.items():
        path = f"{above}.{name}" if above else str(name)
        here = f"{place}.{str(name)[:MAX_LENGTH]}"
        yield here, path, _wrong(name, path)
        if len(path) <= MAX_LENGTH:
            yield from _branches(below, path, here)


def _wrong(name: Any, path: str) -> str | None:
    if not isinstance(name, str):
        return "is read as a value, not as a name; put it in quotes"
    if not _NAME.fullmatch(name):
        return "write its name with a-z, 0-9, _ and -"
    return f"its path is longer than {MAX_LENGTH} characters" if len(path) > MAX_LENGTH else None
