"""YAML -> CaseMapping: every error at once, each with its place in the file.

The format is described in the mappings that ship with the suite (deploy/mappings). Field names, steps and constant
values are checked against intake's own schemas, so that a wrong word is found before the first row.
"""

import codecs
from datetime import UTC
from pathlib import Path
from typing import Any

from shared.cli import border
from shared.cli.importing.mapping import CaseMapping, Condition, KeyOf, MappedStep
from shared.cli.importing.parsing import Reader
from shared.cli.importing.yaml_file import load_yaml
from shared.kernel.reading import Problems

_TOP = ("mapping", "encoding", "delimiter", "zone", "dates", "tables", "register", "steps")
_STEP = ("step", "name", "when", "at", "fields")
_NEEDED = ("kind", "channel", "external_ref", "subject", "description")


def read_mapping(path: Path) -> CaseMapping:
    """The mapping in a file; raises Misconfigured with everything that is wrong."""
    file = load_yaml(path)
    problems = Problems()
    for key in sorted(set(file) - set(_TOP), key=str):
        problems.add(str(key), f"no such key; there are {', '.join(_TOP)}")
    reader = reader_of(file, problems)
    mapping = CaseMapping(
        name=text_of(file, "mapping", path.stem, problems),
        encoding=encoding_of(file, problems),
        delimiter=delimiter_of(file, problems),
        register=_register(file, reader),
        steps=_steps(file.get("steps", []), reader),
        places=reader.places,
    )
    problems.refuse(path.name)
    return mapping


def reader_of(file: dict[str, Any], problems: Problems) -> Reader:
    """What reads values by the zone, the dates and the tables of this file."""
    reader = Reader(problems, UTC, file.get("dates"))
    if "zone" in file:
        reader.zone = reader.zone_of("zone", file["zone"])
    if reader.dates is not None:
        reader.try_format("dates", reader.dates)
    tables = file.get("tables", {})
    if isinstance(tables, dict) and all(isinstance(table, dict) for table in tables.values()):
        reader.tables = tables
    else:
        problems.add("tables", "must be tables of texts to values, by name")
    return reader


def text_of(file: dict[str, Any], key: str, default: str, problems: Problems) -> str:
    """The text under this key."""
    found = file.get(key, default)
    if isinstance(found, str):
        return found
    problems.add(key, "must be a text")
    return default


def encoding_of(file: dict[str, Any], problems: Problems) -> str:
    """The encoding of the file that the mapping is for."""
    name = text_of(file, "encoding", "utf-8", problems)
    try:
        found = codecs.lookup(name).name
    except LookupError:
        problems.add("encoding", f"{name!r} is no encoding, like utf-8 or gb18030")
        return "utf-8-sig"
    return "utf-8-sig" if found == "utf-8" else found


def delimiter_of(file: dict[str, Any], problems: Problems) -> str:
    """What stands between its cells."""
    found = text_of(file, "delimiter", ",", problems)
    if len(found) != 1 or found in '"\r\n':
        problems.add("delimiter", "must be one character")
        return ","
    return found


def _register(file: dict[str, Any], reader: Reader) -> Any:
    node = file.get("register", {})
    tree = reader.tree("register", node, border.registration_fields())
    for name in _NEEDED:
        if name not in tree:
            reader.problems.add(f"register.{name}", "is missing")
    if "mode" in tree:
        reader.problems.add("register.mode", "is said on the command line, --history or --live")
    return tree


def _steps(nodes: Any, reader: Reader) -> list[MappedStep]:
    if not isinstance(nodes, list):
        reader.problems.add("steps", "must be a list")
        return []
    steps: list[MappedStep] = []
    for index, node in enumerate(nodes):
        place = f"steps[{index}]"
        name = node.get("step") if isinstance(node, dict) else None
        if name not in border.steps():
            reader.problems.add(f"{place}.step", f"{name!r} is no step; there are {', '.join(border.steps())}")
        else:
            steps.append(_step(place, node, reader, [each.name for each in steps]))
    return steps


def _step(place: str, node: dict[str, Any], reader: Reader, earlier: list[str]) -> MappedStep:
    for key in sorted(set(node) - set(_STEP), key=str):
        reader.problems.add(f"{place}.{key}", f"no such key; there are {', '.join(_STEP)}")
    name = str(node.get("name", node["step"]))
    if name in earlier:
        reader.problems.add(f"{place}.name", f"another step is named {name!r}")
    fields, keys = _fields(f"{place}.fields", node, reader, earlier)
    at = {"at": reader.value(f"{place}.at", node["at"], border.steps()[node["step"]]["at"])} if "at" in node else {}
    return MappedStep(
        step=node["step"],
        name=name,
        fields={**fields, **at},
        when=conditions_of(f"{place}.when", node.get("when", []), reader),
        keys=keys,
        needs=[*at, *_required(place, node["step"], {*fields, *keys}, reader)],
    )


def _fields(place: str, node: dict[str, Any], reader: Reader, earlier: list[str]) -> tuple[Any, dict[str, KeyOf]]:
    own = border.own_fields(node["step"])
    nodes = node.get("fields", {})
    keys = {}
    if isinstance(nodes, dict):
        found = {name: reader.key(f"{place}.{name}", each, earlier) for name, each in nodes.items() if name in own}
        keys = {name: key for name, key in found.items() if key}
        nodes = {name: each for name, each in nodes.items() if name not in keys}
    return reader.tree(place, nodes, own), keys


def _required(place: str, step: str, given: set[str], reader: Reader) -> list[str]:
    needed = [name for name, field in border.own_fields(step).items() if field.required]
    for name in needed:
        if name not in given:
            reader.problems.add(f"{place}.fields.{name}", f"is missing; {step} needs it")
    return [name for name in needed if name in given]


def conditions_of(place: str, nodes: Any, reader: Reader) -> list[Condition]:
    """Columns that must hold something, or one of these texts."""
    if not isinstance(nodes, list):
        reader.problems.add(place, "must be a list of columns, or of {column: [texts]}")
        return []
    return [each for index, node in enumerate(nodes) for each in _condition(f"{place}[{index}]", node, reader)]


def _condition(place: str, node: Any, reader: Reader) -> list[Condition]:
    if not isinstance(node, dict):
        node = {node: []}
    for column in node:
        reader.places.setdefault(str(column), place)
    return [
        Condition(str(column), [str(text) for text in (texts if isinstance(texts, list) else [texts])])
        for column, texts in node.items()
    ]
