"""On which line of a YAML file each value stands, so that a mistake is found where it was made."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

_NOTED: Final = re.compile(r"(?P<file>[^:]+): (?P<place>[^:\s]+): ")


def lines_of(text: str) -> dict[str, int]:
    """The line of each value by its place, like `rules[0].to.role`; nothing where the text is no YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return {}
    return dict(_places(node, "")) if node is not None else {}


def with_lines(problems: list[str], text: str) -> list[str]:
    """Problems as `file: place: why`, each with the line of its place, or of the nearest around it that there is."""
    lines = lines_of(text)
    return [_with_line(problem, lines) for problem in problems]


def _with_line(problem: str, lines: dict[str, int]) -> str:
    noted = _NOTED.match(problem)
    line = _line(noted["place"], lines) if noted else None
    if noted is None or line is None:
        return problem
    return f"{noted['file']}:{line}: {problem[noted.start('place') :]}"


def _line(place: str, lines: dict[str, int]) -> int | None:
    """A single value stands for a list of one; what is missing belongs to what it is missing from."""
    while place:
        if place in lines:
            return lines[place]
        place = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", place)
    return None


def _places(node: yaml.Node, place: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{place}.{key.value}" if place else str(key.value)
            yield below, key.start_mark.line + 1
            yield from _places(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            below = f"{place}[{index}]"
            yield below, value.start_mark.line + 1
            yield from _places(value, below)
