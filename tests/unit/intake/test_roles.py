"""Who may take which step: the house's own table, written down a second time by hand, and how a file is read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.intake.domain.roles.deciding import DEPARTMENT, REGION, ROLE, SYSTEM, Refusal, may_take
from services.intake.domain.roles.rules import READ, Doing, RoleRules, Row
from services.intake.domain.steps import TABLE
from services.intake.handlers.rights import BUILTIN, METHODS, load_roles
from shared.base.people import ROLES, Person
from shared.kernel.errors import Misconfigured

RULES = load_roles()
LEADERS = "supervisor vice_president head"
HANDLING = f"clerk complaints_desk regional_desk owner {LEADERS}"
DECIDING = f"complaints_desk regional_desk owner {LEADERS}"
ON_SITE = f"{HANDLING} technician"

#: Steps that go another way than the default, which is everybody who handles cases.
OTHERWISE: dict[str, str] = {
    "inspect": f"{DECIDING} technician",
    "give_relief": ON_SITE,
    "record_progress": ON_SITE,
    "make_appointment": ON_SITE,
    "arrive": ON_SITE,
    "keep_promise": ON_SITE,
    "start_treatment": f"{DECIDING} technician",
    "check": f"{DECIDING} technician",
    "give_opinion": DECIDING,
    "determine_cause": DECIDING,
    "give_team_opinion": DECIDING,
    "check_effect": DECIDING,
    "propose_measure": f"{DECIDING} technician",
    "approve": DECIDING,
    "reject": DECIDING,
    "approve_compensation": DECIDING,
    "refuse_compensation": DECIDING,
    "give_finding": ON_SITE,
    "feed_back": ON_SITE,
    "add_evidence": ON_SITE,
    "request_analysis": DECIDING,
    "excuse_department": DECIDING,
    "follow_up": DECIDING,
}
NOT_FOR_THE_OWNER = {"approve", "reject", "approve_compensation", "refuse_compensation"}


def somebody(*roles: str, **more: Any) -> Person:
    return Person(**{"id": "who", "name": "某人", "roles": roles or ("clerk",), "phone": "+12025550100", **more})


def doing(what: str, **more: Any) -> Doing:
    return Doing(**{"what": what, "by": "who", "region": "south.guangdong", **more})


def refused(what: str, who: Person | None, rules: RoleRules = RULES, **more: Any) -> str | None:
    refusal = may_take(rules, doing(what, **more), who, [who] if who else [])
    return refusal.because if refusal else None


@pytest.mark.parametrize("step", TABLE)
def test_each_role_at_each_step(step: str) -> None:
    able = OTHERWISE.get(step, HANDLING).split()
    assert [role for role in ROLES if refused(step, somebody(role)) is None] == [r for r in ROLES if r in able]
    owner = refused(step, somebody("ops"), owner="某人")
    assert owner == (ROLE if step in NOT_FOR_THE_OWNER else None)


def test_the_file_has_a_row_for_every_method_and_no_more_than_there_is() -> None:
    told = yaml.safe_load(BUILTIN.read_text())
    assert sorted(told["methods"]) == sorted(METHODS)
    assert set(told["steps"]) == set(OTHERWISE), "write a new row down here, too"
    assert all(RULES.row(step) is RULES.default for step in TABLE if step not in OTHERWISE)


@pytest.mark.parametrize(
    ("regions", "owner", "because"),
    [
        ((), None, None),
        (("south",), None, None),
        (("south.guangdong.foshan",), None, REGION),
        (("north",), None, REGION),
        (("north",), "who", None),
        (("north",), "某人", None),
    ],
)
def test_a_person_of_some_regions_acts_in_these_and_in_their_own_cases(
    regions: tuple[str, ...], owner: str | None, because: str | None
) -> None:
    assert refused("reply", somebody("owner", regions=regions), owner=owner) == because
    assert refused(READ, somebody("technician", regions=regions), owner=owner) == because
    everywhere = replace(RULES, rows={**RULES.rows, "reply": Row(roles=frozenset({"owner"}), anywhere=True)})
    assert refused("reply", somebody("owner", regions=regions), everywhere, owner=owner) is None


@pytest.mark.parametrize("step", ["propose_measure", "approve", "reject"])
def test_a_department_speaks_by_its_own_people(step: str) -> None:
    assert refused(step, somebody("owner", department="质量部"), department="质量部") is None
    assert refused(step, somebody("owner", department="生产部"), department="质量部") == DEPARTMENT
    assert refused(step, somebody("head"), department="质量部") == DEPARTMENT
    lenient = replace(RULES, any_department=frozenset({"head"}))
    assert refused(step, somebody("head"), lenient, department="质量部") is None


def test_systems_are_data(tmp_path: Path) -> None:
    assert refused("approve", None, by="system:import") is None
    assert refused("reply", None, by="system:phone") is None
    assert refused("approve", None, by="system:phone") == SYSTEM
    told = yaml.safe_load(BUILTIN.read_text()) | {"systems": {"system:pbx": {"may": ["reply"]}}}
    strict = read(told, tmp_path)
    assert refused("reply", None, strict, by="system:pbx") is None
    assert refused("close", None, strict, by="system:pbx") == SYSTEM
    assert refused("reply", None, strict, by="system:other") == SYSTEM


def test_a_refusal_says_who_may_and_whom_to_ask() -> None:
    staff = [
        somebody("clerk", id="a", name="甲"),
        somebody("owner", id="b", name="乙", regions=("north",), department="质量部"),
        somebody("owner", id="c", name="丙", regions=("south",), department="质量部"),
        somebody("supervisor", id="d", name="丁"),
    ]
    refusal = may_take(RULES, doing("approve", by="a", department="质量部"), staff[0], staff)
    assert refusal is not None
    error = refusal.as_error()
    assert error.detail == {
        "by": "a",
        "what": "approve",
        "because": "role",
        "roles": sorted(DECIDING.split()),
        "people": ["丙"],
        "region": "south.guangdong",
        "department": "质量部",
    }
    assert error.message.startswith("by: a may not approve: none of their roles may; roles that may are ")
    assert error.message.endswith("; ask 丙")
    concerned = may_take(RULES, doing("approve", by="a", department="质量部", concerned=["c"]), staff[0], staff)
    assert concerned is not None
    assert concerned.people == [], "nobody is sent to who is complained about"
    nobody = Refusal(doing("approve"), ROLE, ["owner"], [])
    assert nobody.as_error().message.endswith("but nobody here has one")


def test_no_more_are_named_than_anybody_reads() -> None:
    staff = [somebody("ops"), *(somebody("owner", id=f"o{n}", name=f"负责人{n}") for n in range(30))]
    refusal = may_take(RULES, doing("close"), staff[0], staff)
    assert refusal is not None
    assert len(refusal.people) == 10


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    told = {
        "leaders": ["boss"],
        "default": {"roles": ["clerk"], "owners": True},
        "steps": {"aprove": {"roles": "all"}, "reply": {"roles": "all", "department": True}, "close": {}},
        "methods": {"add_customer": {"roles": ["cleric"]}},
        "systems": {"phone": {"may": "all"}, "default": {"may": ["dance"]}},
    }
    with pytest.raises(Misconfigured) as wrong:
        read(told, tmp_path)
    places = [problem.split(": ")[1] for problem in wrong.value.problems]
    assert sorted(places) == sorted(
        [
            "leaders[0]",
            "default",
            "read",
            "read",
            "steps",
            "steps.reply.department",
            "steps.close",
            "methods.add_customer.roles[0]",
            "methods.add_customer",
            "systems.phone",
            "systems.default.may[0]",
        ]
    )


def read(told: Any, folder: Path) -> RoleRules:
    path = folder / "roles.yaml"
    path.write_text(yaml.safe_dump(told), "utf-8")
    return load_roles(path)
