"""JSON Lines -> plans: each line a registration as the contract writes it, with the steps after it.

    {"kind": "inquiry", "channel": "mail", "external_ref": "A-1", "subject": "…", "description": "…",
     "customer": {"name": "…"},
     "steps": [{"step": "promise", "what": "a call", "due_at": "2026-10-12T18:00:00+08:00"},
               {"step": "keep_promise", "promise_id": {"key_of": "promise"}}]}

A step may have a `name`, by which later ones ask for the key of its fact.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from shared.cli import border
from shared.cli.importing.mapping import HISTORY, KeyOf, Plan, PlannedStep
from shared.cli.importing.rows import Row
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.plain_json import parse_json

SUFFIXES = (".jsonl", ".ndjson")
LONGEST_LINE = 1_000_000
REFUSED = "refused"
"""The field that a report of refused lines adds; it is left out when the corrected line comes back."""
_IDENTITY = ("kind", "channel", "external_ref")


class LinesFile:
    """A file of JSON Lines open for reading; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    def __enter__(self) -> "LinesFile":
        try:
            self._bytes: IO[bytes] = self.path.open("rb")
            self.size = self.path.stat().st_size
        except FileNotFoundError:
            raise NotFound(f"there is no file {self.path}") from None
        except OSError as error:
            raise Invalid(f"cannot read {self.path}: {error.strerror}") from None
        return self

    def __exit__(self, *_error: object) -> None:
        self._bytes.close()

    def position(self) -> int:
        """How many bytes have been read."""
        return self._bytes.tell()

    def rows(self) -> Iterator[Row]:
        """Every line that holds something."""
        number = 0
        while line := self._bytes.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                yield Row(number, [_shown(line[:80])], {}, f"is longer than {LONGEST_LINE:,} bytes")
                self._skip()
            elif line.strip():
                yield _row(number, line)

    def _skip(self) -> None:
        """Read on to the end of the line."""
        while (rest := self._bytes.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass

    def plan(self, row: Row, mode: str) -> Plan:
        """The requests of one line; raises Invalid with everything that is wrong with its form."""
        return plan_of(json.loads(row.raw[0]), mode)


def _row(number: int, line: bytes) -> Row:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        found = parse_json(text.encode())
    except UnicodeDecodeError:
        return Row(number, [_shown(line)], {}, "is not utf-8")
    except ValueError:
        return Row(number, [text], {}, "is not JSON")
    return Row(number, [text], {}, "" if isinstance(found, dict) else "is not a JSON object")


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace").strip()


def plan_of(told: Mapping[str, Any], mode: str) -> Plan:
    """What one object asks for; intake itself says what is wrong with the fields of a registration."""
    given = {name: value for name, value in told.items() if name not in ("steps", REFUSED)}
    problems: dict[str, list[str]] = {
        name: ["is required"] for name in _IDENTITY if not isinstance(given.get(name), str)
    }
    if "mode" in given:
        problems["mode"] = ["is said on the command line, --history or --live"]
    if not isinstance(given.get("source", ""), str):
        problems["source"] = ["must be a text"]
    if mode != HISTORY:
        given.pop("occurred_at", None)
    steps = _steps(told.get("steps", []), problems)
    if problems:
        raise Invalid("this line cannot be taken in", problems)
    return Plan({"customer": {}, **given, "mode": mode}, steps if mode == HISTORY else [])


def _steps(told: Any, problems: dict[str, list[str]]) -> list[PlannedStep]:
    if not isinstance(told, list):
        problems["steps"] = ["must be a list"]
        return []
    planned: list[PlannedStep] = []
    for index, each in enumerate(told):
        place = f"steps[{index}]"
        if not isinstance(each, dict) or each.get("step") not in border.steps():
            problems[f"{place}.step"] = [f"must be one of {', '.join(border.steps())}"]
            continue
        step = _step(each, place, problems, {earlier.name for earlier in planned})
        planned.append(step)
    return planned


def _step(told: Mapping[str, Any], place: str, problems: dict[str, list[str]], earlier: set[str]) -> PlannedStep:
    name = str(told.get("name", told["step"]))
    if name in earlier:
        problems[f"{place}.name"] = [f"another step is named {name!r}"]
    fields = {key: _value(value) for key, value in told.items() if key not in ("step", "name")}
    for key, value in fields.items():
        if isinstance(value, KeyOf) and value.step not in earlier:
            problems[f"{place}.{key}"] = [f"no earlier step is named {value.step!r}"]
    return PlannedStep(told["step"], name, fields)


def _value(value: Any) -> Any:
    is_key = isinstance(value, dict) and value.keys() == {"key_of"} and isinstance(value["key_of"], str)
    return KeyOf(value["key_of"]) if is_key else value
