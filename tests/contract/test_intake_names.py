"""Every name that intake has on the wire, kept in a golden file: a change here is a change for others (contracts 4).

To accept a change, write what the failing test prints into golden/intake.json and say in CHANGELOG.md why.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from services.intake.domain.steps import TABLE
from services.intake.http.api import ROUTES
from services.intake.schemas import (
    STEPS,
    CaseStatus,
    FindCases,
    GetCase,
    LoadRegions,
    LookupCaller,
    Regions,
    RegisterCase,
)
from services.intake.schemas.steps import StepRequest
from shared.base.database import Database
from shared.base.fields import Choice
from shared.base.migrations import migrate
from shared.events.catalogue import CASE_FACTS
from shared.kernel.errors import Conflict
from shared.testing.clock import ManualClock
from tests.integration.intake.office import Office

GOLDEN = Path(__file__).parent / "golden" / "intake.json"
PROMISE = {
    "reply_by": "2026-10-10T22:00:00+08:00",
    "opinion_by": "2026-10-13T18:00:00+08:00",
    "provisional": False,
    "explanation": "24 hours",
}
EVERYTHING: dict[str, Any] = {
    "source": "exchange",
    "external_ref": "call-1",
    "customer": {"name": "张三", "phone": "13800138000", "email": "z@customer.example"},
    "demand": "money back",
    "category": "product_quality",
    "product": {"model": "T1", "batch": "B7"},
    "authority": {"name": "regulator", "reference": "R-1", "reply_due_at": "2026-10-20T18:00:00+08:00"},
}


def test_the_names_are_those_of_the_golden_file(tmp_path: Path) -> None:
    names = {"requests": requests(), "steps": steps(), "http": http(), "answers": answers(tmp_path)}
    assert names == json.loads(GOLDEN.read_text()), json.dumps(names, indent=1, ensure_ascii=False)


def test_every_step_has_its_event() -> None:
    assert {step.fact for step in TABLE.values()} < set(CASE_FACTS)


def requests() -> dict[str, list[str]]:
    schemas = (RegisterCase, StepRequest, GetCase, FindCases, LookupCaller, CaseStatus, LoadRegions, Regions)
    return {schema.__name__: request_names(schema()) for schema in schemas}


def steps() -> dict[str, list[str]]:
    """The fact of each step and the fields of its own."""
    common = set(request_names(StepRequest()))
    return {
        name: [step.fact, *(each for each in request_names(STEPS[name]) if each not in common)]
        for name, step in TABLE.items()
    }


def request_names(schema: Schema, path: str = "") -> list[str]:
    """Each field with its type or its words; a star where it is needed."""
    named = sorted(schema.fields.items())
    return [line for name, field in named for line in meaning(field, f"{path}{name}{'*' if field.required else ''}")]


def meaning(field: fields.Field[Any], path: str) -> list[str]:
    if isinstance(field, fields.Nested):
        return request_names(field.schema, f"{path}.")
    if isinstance(field, fields.List):
        return meaning(field.inner, f"{path}[]")
    return [f"{path}: {'|'.join(field.choices) if isinstance(field, Choice) else type(field).__name__}"]


def http() -> list[str]:
    return [f"{route.method} {route.path}: {', '.join(sorted(route.scopes))}" for route in ROUTES]


def answers(folder: Path) -> dict[str, list[str]]:
    """The shapes of every answer, of a refusal and of an event, for a case that has everything."""
    clock = ManualClock(datetime(2026, 10, 9, 14, 0, tzinfo=UTC))
    database = Database(f"sqlite:///{folder / 'intake.db'}", service="intake", clock=clock)
    migrate(database)
    office = Office(database, clock)
    case_no = office.register(PROMISE, **EVERYTHING)["case_no"]
    shapes = {
        "register_case": office.register(PROMISE, **EVERYTHING, subject="other"),
        "take_step": step_through(office, case_no),
        "get_case": office.get(case_no),
        "find_cases": office.find(limit=1),
        "lookup_caller": office.lookup("13800138000"),
        "case_status": office.status(case_no=case_no),
        "load_regions": office.load_regions({"south": None}),
        "regions": {"regions": office.regions()},
        "conflict": refusal(office, case_no),
        "event": office.said()[-1],
    }
    database.close()
    return {name: sorted(shape(value)) for name, value in shapes.items()}


def step_through(office: Office, case_no: str) -> dict[str, Any]:
    first = office.case_no()
    office.step(case_no, "hand_over", owner="desk")
    office.step(case_no, "determine_cause", cause="other", departments=["quality"], grounds="x", ours=True)
    made = office.step(case_no, "make_appointment", visit_at="2026-10-20T10:00:00+08:00")
    replaced = made["facts"][-1]["key"]
    office.step(case_no, "make_appointment", visit_at="2026-10-21T10:00:00+08:00", replaces=replaced)
    office.step(case_no, "link_repeat", repeat_of=first, reason="x")
    return office.step(case_no, "give_opinion", accountable="desk", text="x", warning={"text": "batch B7"})


def refusal(office: Office, case_no: str) -> dict[str, Any]:
    with pytest.raises(Conflict) as refused:
        office.step(case_no, "close")
    detail: dict[str, Any] = refused.value.detail
    return detail


def shape(value: Any, path: str = "") -> set[str]:
    """Every name with its type; of a list the union of its elements."""
    if isinstance(value, Mapping):
        return set().union(*(shape(inner, f"{path}.{name}" if path else name) for name, inner in value.items()))
    if isinstance(value, list):
        return set().union(*(shape(inner, f"{path}[]") for inner in value)) if value else {f"{path}[]"}
    return {f"{path}: {type(value).__name__}"}
