"""Plan -> requests, one after the other: pure, driven by whoever sends them.

A conversation may be broken off anywhere and held again later: the registration finds its case by external_ref, every
step has a request id that is the same each time, and steps that the case shows already are left out.
"""

import hashlib
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.cli.importing.mapping import KeyOf, Plan
from shared.cli.problems import one_line
from shared.kernel.errors import Refused

IMPORTER = "system:import"


@dataclass(frozen=True)
class Call:
    """One request to be sent."""

    method: str
    request: Mapping[str, Any]


@dataclass(frozen=True)
class Entered:
    """What a row has become."""

    case_no: str
    was_known: bool


Conversation = Generator[Call, dict[str, Any], Entered]


class StepRefused(Refused):
    """A step of a row was refused; the case is there, its later steps are not taken."""


def converse(plan: Plan) -> Conversation:
    """Register the case and take its steps; raises what a request was refused with."""
    first = yield Call("intake.register_case", dict(plan.registration))
    case_no = str(first["case_no"])
    keys = (yield from _known_keys(case_no)) if first["duplicate"] and plan.steps else []
    found: dict[str, str | None] = {}
    for number, step in enumerate(plan.steps, start=1):
        if number <= len(keys):
            found[step.name] = keys[number - 1]
        else:
            found[step.name] = yield from _take(_step(plan, number, case_no, found))
    return Entered(case_no, bool(first["duplicate"]))


def _known_keys(case_no: str) -> Generator[Call, dict[str, Any], list[str | None]]:
    """The keys of the facts of each step that an import took before; registering was version 1."""
    case = yield Call("intake.get_case", {"case_no": case_no})
    ours = [entry for entry in case["history"] if entry["by"] == IMPORTER and entry["version"] > 1]
    return [
        next((entry["key"] for entry in ours if entry["version"] == version and "key" in entry), None)
        for version in sorted({entry["version"] for entry in ours})
    ]


def _take(call: Call) -> Generator[Call, dict[str, Any], str | None]:
    try:
        case = yield call
    except Refused as error:
        what = f"step {call.request['step']}: {one_line(error)} (the case is {call.request['case_no']})"
        raise StepRefused(what, error.detail) from None
    key: str | None = case["facts"][-1].get("key")
    return key


def _step(plan: Plan, number: int, case_no: str, keys: Mapping[str, str | None]) -> Call:
    step = plan.steps[number - 1]
    fields = {name: keys.get(value.step) if isinstance(value, KeyOf) else value for name, value in step.fields.items()}
    own = {"case_no": case_no, "step": step.step, "by": IMPORTER, "request_id": _request_id(plan, number)}
    return Call("intake.take_step", fields | own)


def _request_id(plan: Plan, number: int) -> str:
    step = [plan.identity, plan.registration["mode"], number, plan.steps[number - 1].name]
    digest = hashlib.sha256(json.dumps(step).encode())
    return f"import-{digest.hexdigest()[:40]}"
