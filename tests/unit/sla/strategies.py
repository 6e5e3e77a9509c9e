"""Random cases: facts at random instants, written down at random, legal or not."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.sla.domain.facts import Fact
from shared.kernel.vocabulary import FACTS, RECEIVED

BEGIN = datetime(2026, 9, 28, tzinfo=UTC)
KINDS = ["complaint", "repair", "inquiry", "dispute", "accident"]
SEVERITIES = ["minor", "serious", "major", "critical"]
SETS = {
    "severity_raised": st.fixed_dictionaries({"severity": st.sampled_from(SEVERITIES)}),
    "corrected": st.fixed_dictionaries(
        {}, optional={"verifiable": st.booleans(), "kind": st.sampled_from(KINDS), "region": st.just("north")}
    ),
    "repeat_linked": st.just({"repeat_of": "1"}),
    "repeat_unlinked": st.just({"repeat_of": None}),
    "handed_over": st.fixed_dictionaries({"owner": st.sampled_from(["wang", "zhao"])}),
}
KEYED = {"promised", "promise_kept", "appointment_made", "arrived", "authority_involved", "authority_replied"}

instants = st.integers(0, 4 * 7 * 24 * 12).map(lambda fives: BEGIN + timedelta(minutes=5 * fives))


@st.composite
def attributes(draw):
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "severity": draw(st.sampled_from(SEVERITIES)),
        "verifiable": draw(st.booleans()),
        "region": "south",
        "mode": "live",
    }


@st.composite
def facts_of_a_case(draw):
    facts = [
        Fact(seq=1, name=RECEIVED, at=(at := draw(instants)), recorded_at=at, set=draw(attributes())),
    ]
    for seq in range(2, 2 + draw(st.integers(0, 14))):
        name = draw(st.sampled_from(sorted(set(FACTS) - {RECEIVED})))
        at = draw(instants)
        facts.append(
            Fact(
                seq=seq,
                name=name,
                at=at,
                recorded_at=at + timedelta(minutes=draw(st.integers(0, 600))),
                key=draw(st.sampled_from(["A", "B", None])) if name in KEYED else None,
                due_at=draw(st.none() | instants),
                set=draw(SETS.get(name, st.just({}))),
                voids=draw(st.sampled_from(["A", None])) if name == "appointment_made" else None,
            )
        )
    return facts
