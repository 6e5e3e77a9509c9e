"""What holds whatever is told, in whatever order, to whatever organisation (ES-3, ES-7, contracts 4)."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.escalation.domain.about import About
from services.escalation.domain.advance import Organisation, acknowledge, advance, reach
from services.escalation.domain.dossier import Dossier
from services.escalation.domain.escalation import Escalation, State, What
from services.escalation.domain.hearing import hear_case, hear_clock
from services.escalation.domain.joining import wanted_level
from services.escalation.domain.recurrence import fullest
from services.escalation.handlers import rules_of
from services.escalation.handlers.wire import told_case, told_clock
from services.escalation.storage.policy_files import load_policy
from shared.base.people import ROLES, People, Person, load_people
from shared.kernel.errors import Misconfigured
from shared.kernel.vocabulary import SEVERITIES
from shared.worktime import default_calendar
from tests.unit.escalation.cases import MONDAY, Told, a_case, at

POLICY = load_policy()
RULES = rules_of(POLICY, load_people())
NOW = at(MONDAY)
REGIONS = ("south", "south.guangdong", "north", "unassigned")
MOST_STEPS = 200


@st.composite
def organisations(draw):
    """Some people with some roles for some regions."""
    count = draw(st.integers(1, 6))
    ids = [f"p{number}" for number in range(count)]
    return People(
        Person(
            id=each,
            name=each.upper(),
            roles=tuple(draw(st.sets(st.sampled_from(ROLES), min_size=1, max_size=3))),
            regions=tuple(draw(st.sets(st.sampled_from(REGIONS), max_size=2))),
            manager=draw(st.none() | st.sampled_from(ids)),
            email="x@firm.example",
        )
        for each in ids
    )


@given(
    staff=organisations(),
    ladder=st.sampled_from(list(POLICY.ladders.values())),
    region=st.sampled_from(REGIONS),
    severity=st.sampled_from(SEVERITIES),
    owner=st.sampled_from([None, "p0", "somebody else"]),
    acknowledged=st.lists(st.booleans(), max_size=8),
)
@settings(max_examples=80, deadline=None)
def test_a_ladder_never_ends_in_nobody(staff, ladder, region, severity, owner, acknowledged):
    try:
        rules_of(POLICY, staff)
    except Misconfigured:
        assume(False)
    about = About(subject="1", region=region, severity=severity, owner=owner)
    organisation = Organisation(staff=staff, fallback=POLICY.fallback, calendar=default_calendar(), about=about)
    walk = Escalation(id="1", subject="1", ladder=ladder.name, opened_at=NOW, reached_at=NOW)
    walk, happened = reach(walk, ladder, organisation, NOW, ladder.number_of(ladder.entry[severity]))
    reached, answers = list(happened), list(acknowledged)
    for _ in range(MOST_STEPS):
        assert walk.number, "somebody is asked at once"
        if walk.next_at is None:
            break
        if answers and answers.pop():
            walk, _ = acknowledge(walk, ladder, organisation, walk.reached_at, "somebody")
        before = walk
        walk, happened = advance(walk, ladder, organisation, walk.next_at)
        assert walk.level >= before.level
        assert walk.next_at is None or walk.next_at > before.next_at
        reached += happened
    assert walk.next_at is None, "it comes to an end"
    told = [each for each in reached if each.what in (What.STEP_REACHED, What.SAID_AGAIN)]
    assert all(each.targets for each in told)
    assert walk.number == ladder.last.number
    assert all(staff.find(target.person) for each in told for target in each.targets)


FACTS = [
    ("handed_over", {"owner": "li.qiang"}),
    ("severity_raised", {"severity": "serious"}),
    ("severity_raised", {"severity": "major"}),
    ("objected", {}),
    ("plan_agreed", {}),
    ("repeat_linked", {"repeat_of": "260000000025"}),
    ("repeat_unlinked", {"repeat_of": None}),
    ("authority_involved", {}),
    ("warning_settled", {"warning": True}),
    ("progress_recorded", {}),
    ("resolved", {}),
    ("reopened", {}),
    ("withdrawn", {}),
]
ENDING = {"plan_agreed", "repeat_unlinked", "resolved", "withdrawn"}
CLOCKS = ("handover", "progress", "opinion", "revisit")


@st.composite
def histories(draw, *, endings=True):
    """Everything that is told of one case in the end: its versions and the revisions of its clocks."""
    case: Told = a_case(severity=draw(st.sampled_from(["minor", "serious", "major"])))
    chosen = draw(st.lists(st.sampled_from(FACTS), max_size=6))
    for minute, (name, values) in enumerate(chosen):
        falls = SEVERITIES.index(values.get("severity", "critical")) <= SEVERITIES.index(case.about["severity"])
        if (endings or name not in ENDING) and not (name == "severity_raised" and falls):
            case = case.then(name, f"2026-10-12 11:{minute:02}", set=values)
    events = [("case", case.upto(version).event()) for version in range(1, len(case.facts) + 1)]
    for name in draw(st.sets(st.sampled_from(CLOCKS))):
        states = ["running", "breached"]
        if endings:
            states += draw(st.sampled_from([[], ["late"], ["met"], ["running"]]))
        events += [
            ("clock", case.clock(name, state, "2026-10-12 18:00", revision=number))
            for number, state in enumerate(states, start=1)
        ]
    return events


def hear(events):
    dossier = Dossier(about=About(subject="260000000017"))
    for kind, event in events:
        if kind == "case":
            hear_case(dossier, told_case(event), RULES, NOW)
        else:
            hear_clock(dossier, told_clock(event), RULES, NOW)
        ladders = [walk.ladder for walk in dossier.open_walks()]
        assert len(ladders) == len(set(ladders)), "one open escalation per case and ladder"
        for walk in dossier.open_walks():
            assert walk.level >= wanted_level(dossier, POLICY.ladder(walk.ladder))
            assert dossier.standing(walk.ladder), "an escalation without a reason is over"
    return dossier


def outcome(dossier):
    reasons = {key: reason.standing for key, reason in dossier.reasons.items()}
    alerts = {alert.id: alert for alert in dossier.alerts}
    return reasons, alerts, {walk.ladder for walk in dossier.open_walks()}


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_order_and_repetition_do_not_matter(data):
    events = data.draw(histories())
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    assert outcome(hear(events)) == outcome(hear(shuffled))


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_while_no_reason_goes_the_level_does_not_depend_on_the_order_either(data):
    events = data.draw(histories(endings=False))
    shuffled = data.draw(st.permutations(events))
    levels = [{walk.ladder: walk.level for walk in hear(order).open_walks()} for order in (events, shuffled)]
    assert levels[0] == levels[1]


@given(histories())
@settings(max_examples=40, deadline=None)
def test_heard_twice_is_heard_once(events):
    dossier = hear(events)
    happened, walks = list(dossier.happened), dict(dossier.walks)
    for kind, event in events:
        (hear_case if kind == "case" else hear_clock)(
            dossier, (told_case if kind == "case" else told_clock)(event), RULES, NOW
        )
    assert dossier.happened == happened
    assert dossier.walks == walks


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30), st.integers(1, 100))
@settings(max_examples=60)
def test_the_fullest_window_is_that_of_the_plain_definition(hours, window):
    instants = [NOW + timedelta(hours=each) for each in hours]
    span = timedelta(hours=window)
    most, since = fullest(instants, span)
    counts = {begin: sum(begin <= each <= begin + span for each in instants) for begin in instants}
    assert most == max(counts.values())
    assert since == min(begin for begin, count in counts.items() if count == most)


def test_a_walk_that_is_over_never_moves():
    ladder = POLICY.ladders["complaint"]
    walk = Escalation(id="1", subject="1", ladder="complaint", opened_at=NOW, reached_at=NOW, number=1, next_at=NOW)
    organisation = Organisation(
        staff=RULES.staff, fallback=POLICY.fallback, calendar=default_calendar(), about=About(subject="1")
    )
    over = replace(walk, state=State.RESOLVED)
    assert advance(over, ladder, organisation, NOW) == (over, ())
    assert acknowledge(over, ladder, organisation, NOW, "desk") == (over, ())
    early = replace(walk, next_at=NOW + timedelta(seconds=1))
    assert advance(early, ladder, organisation, NOW) == (early, ())
