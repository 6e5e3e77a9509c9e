"""What a step did to the clocks, told in words."""

from shared.cli.cases.effect import BEHIND, changes, effect, next_due, still_running
from shared.kernel.errors import NotFound, Unavailable
from tests.unit.cli.test_case_page import CLOCK, OVERRUN, explained

MET = CLOCK | {"state": "met", "stopped_at": "2026-10-12T09:00:00+08:00"}
LATE = CLOCK | {"state": "late", "stopped_at": "2026-10-13T20:30:00+08:00"}
REPLY = {
    "rule": {"stops_on": ["replied", "resolved"]},
    "stops": {"en": "stops when the customer gets a reply that says what will be done and by when."},
}


def test_clocks_that_start_and_stop():
    second = CLOCK | {"generation": 2}
    assert list(changes([CLOCK], [MET, second])) == [
        "Stopped: opinion (met)",
        "Started: opinion #2, due Tue 2026-10-13 18:00:00 +08:00",
    ]
    assert list(changes([OVERRUN | {"clock": "opinion"}], [LATE])) == ["Stopped: opinion (late by 2h 30m)"]
    assert list(changes([CLOCK, OVERRUN], [CLOCK, OVERRUN])) == []


def test_clocks_that_wait_and_move():
    (paused,) = changes([CLOCK], [CLOCK | {"state": "paused"}])
    assert paused.startswith("Now paused: opinion")
    moved = CLOCK | {"due_at": "2026-10-14T18:00:00+08:00"}
    assert list(changes([CLOCK], [moved])) == ["Moved: opinion, due Wed 2026-10-14 18:00:00 +08:00"]


def test_a_clock_that_the_step_could_have_stopped_says_what_it_takes():
    said = list(still_running([OVERRUN], [explained(OVERRUN, **REPLY)], {"replied"}))
    assert said == [
        "Not stopped: first_response; it stops when the customer gets a reply that says what will be done and by when."
    ]
    assert list(still_running([OVERRUN], [explained(OVERRUN, **REPLY)], {"inspected"})) == []
    assert list(still_running([MET], [explained(MET, **REPLY)], {"replied"})) == []


def test_what_is_due_next_broken_deadlines_first():
    overrun = OVERRUN | {"due_at": "2026-10-10T22:00:00+08:00"}
    assert list(next_due([CLOCK, MET, overrun])) == [
        "Next due: first_response, Sat 2026-10-10 22:00:00 +08:00 (2d 2h overdue)",
        "Next due: opinion, Tue 2026-10-13 18:00:00 +08:00 (24h 00m of working time left)",
    ]


FACT = {"seq": 2, "fact": "replied", "recorded_at": "2026-10-12T09:00:00+08:00"}
CASE = {"case_no": "123456789012", "version": 2, "facts": [FACT]}


class Sla:
    """Sla in a few lines: prepared answers, one after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def call(self, method, _request):
        if method == "sla.explain":
            raise NotFound("case 123456789012 has no clocks")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_clocks_of_the_step_are_waited_for():
    sla = Sla({"clocks": [CLOCK], "case_version": 1}, {"clocks": [MET], "case_version": 2})
    assert effect(sla, CASE, [CLOCK]) == ["Stopped: opinion (met)"]


def test_when_sla_does_not_answer_it_is_said():
    assert effect(Sla(), CASE, None) == [BEHIND]
    assert effect(Sla(Unavailable("away")), CASE, [CLOCK]) == [BEHIND]
