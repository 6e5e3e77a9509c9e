"""Baltimore's requests through the importer's conversation, intake's rules and sla's: the city's own verdict (SL-3).

What the whole suite does with a cut of them is in tests/e2e/test_baltimore.py.
"""

from collections import Counter
from collections.abc import Generator, Mapping
from typing import Any

from services.intake.domain.dating import Actor
from services.intake.domain.facts import Entry
from services.intake.domain.registration import register
from services.intake.domain.take import take
from services.intake.domain.wire import case_for_services, fact_as_wire, zone_of
from services.intake.schemas import RegisterCase, TakeStep, to_asked, to_registration
from services.sla.domain.derive import clocks
from services.sla.handlers.wire import told_case
from shared.base.schema import load
from shared.cli.importing.conversation import Call, Entered, converse
from shared.cli.importing.mapping import Plan
from shared.kernel.plain_json import parse_json, written, written_list
from tests.e2e.test_baltimore import wanted
from tests.unit.cli.test_real_rows import plans_of
from tests.unit.sla.cases import LATER, PUBLICATIONS, at

CASE_NO = "260000000017"


class Intake:
    """Intake's rules for one case, with what they need of its handlers and nothing kept."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def answer(self, call: Call) -> dict[str, Any]:
        """What it answers to a request of the importer."""
        if call.method == "intake.register_case":
            taken = register(CASE_NO, to_registration(load(RegisterCase(), dict(call.request))), at(LATER))
        else:
            asked = load(TakeStep(), {name: value for name, value in call.request.items() if name != "request_id"})
            taken = take(self.case, to_asked(asked, Actor(asked["by"], is_supervisor=False), {}), at(LATER))
        self.case = taken.case
        self.entries += taken.entries
        return {"case_no": CASE_NO, "duplicate": False, "facts": self._facts()}

    def said(self) -> dict[str, Any]:
        """The case as its last event carries it."""
        facts = written_list(",".join(written(each).text for each in self._facts()))
        return {"case": parse_json(written(case_for_services(self.case, facts)).text.encode())}

    def _facts(self) -> list[Mapping[str, Any]]:
        return [fact_as_wire(entry.fact, zone_of(self.case.region)) for entry in self.entries]


def told(planned: Plan) -> Intake:
    """Intake, once all that the plan says is told."""
    intake = Intake()

    def talk() -> Generator[Call | None, dict[str, Any], None]:
        assert (yield from converse(planned)) == Entered(CASE_NO, was_known=False)
        yield None

    talking = talk()
    request = next(talking)
    while request is not None:
        request = talking.send(intake.answer(request))
    return intake


def verdict(planned: Plan) -> str | None:
    """The state of the commitment in the end."""
    derived = clocks(told_case(told(planned).said()).facts, PUBLICATIONS, at(LATER))
    states = [clock.state for clock in derived if clock.name == "commitment"]
    assert len(states) <= 1
    return states[0] if states else None


def test_every_verdict_is_the_citys_own() -> None:
    wrong = {}
    counted: Counter[str | None] = Counter()
    for row, planned in plans_of("baltimore311"):
        found = verdict(planned)
        counted[found] += 1
        if found != wanted(row):
            wrong[row["SRRecordID"]] = (found, wanted(row))
    assert not wrong, f"{len(wrong)} differ: {dict(list(wrong.items())[:5])}"
    assert counted == {"met": 3966, "late": 815, "breached": 70, None: 149}
