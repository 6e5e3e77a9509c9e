"""What counts as the same matter again: laws of likeness and of detection (IN-20)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.repeats.detect import Proposal, keys_of, propose
from services.intake.domain.repeats.likeness import features, likeness, sketch
from services.intake.domain.repeats.matter import Matter, matter_of
from services.intake.domain.repeats.policy import read_policy
from services.intake.storage.policy_files import load_repeats
from shared.kernel.errors import Misconfigured

POLICY = load_repeats()
NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
WORDS = st.lists(st.sampled_from("tile adhesive holds grout colour 瓷砖 空鼓 漏水 脱落 开裂".split()), max_size=6)


def case(number: int, *, days: float = 0, phone: str | None = None, subject: str = "tiles", **more: Any) -> Matter:
    product = {name: more.pop(name) for name in ("serial_no", "order_no") if name in more}
    usual: dict[str, Any] = {"kind": "complaint", "region": "south", "state": "registered", "severity": "minor"}
    return matter_of(
        number,
        Case(
            case_no=f"C{number}",
            mode="live",
            channel="phone",
            verifiable=True,
            received_at=NOW - timedelta(days=days),
            customer=Customer(phone=phone, anonymous=more.pop("anonymous", False)),
            account=Account(subject, "what happened"),
            product=product,
            **{**usual, **more},
        ),
    )


def proposed(new: Matter, *near: Matter) -> Proposal | None:
    return propose(new, near, POLICY, NOW)


def reasons(new: Matter, *near: Matter) -> list[str]:
    found = proposed(new, *near)
    return [] if found is None else [reason.name for reason in found.reasons]


@given(one=WORDS, other=WORDS)
def test_likeness_is_a_measure(one: list[str], other: list[str]) -> None:
    mine, theirs = features(" ".join(one)), features(" ".join(other))
    assert likeness(mine, theirs) == likeness(theirs, mine)
    assert 0 <= likeness(mine, theirs) <= 1
    assert not mine or likeness(mine, mine) == 1
    assert (likeness(mine, theirs) == 0) == (not mine & theirs)


@given(words=WORDS, more=WORDS)
@settings(max_examples=50)
def test_the_same_words_in_any_order_are_found_under_the_same_keys(words: list[str], more: list[str]) -> None:
    one = case(1, subject=" ".join([*words, *more]))
    other = case(2, subject="，".join([*more, *words]))
    assert keys_of(one, POLICY)["subject"] == keys_of(other, POLICY)["subject"]
    assert len(sketch(features(" ".join(words)))) <= 4


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("瓷砖胶不粘，瓷砖脱落", "瓷砖脱落 瓷砖胶不粘", True),
        ("外墙瓷砖空鼓脱落", "外墙瓷砖空鼓，脱落了", True),
        ("卫生间漏水", "外墙瓷砖空鼓脱落", False),
        ("Tile adhesive does not hold", "TILE ADHESIVE does not hold!", True),
        ("tile adhesive does not hold", "the fitter was rude", False),
        ("", "", False),
    ],
)
def test_chinese_and_english_subjects(one: str, other: str, alike: bool) -> None:
    assert (likeness(features(one), features(other)) >= POLICY.alike) == alike


def test_each_reason_counts_within_its_days() -> None:
    assert reasons(case(2, phone="+861"), case(1, days=29, phone="+861", subject="x")) == ["phone"]
    assert reasons(case(2, phone="+861"), case(1, days=31, phone="+861", subject="x")) == []
    assert reasons(case(2, serial_no="SN-7 a"), case(1, days=300, serial_no="sn7A", subject="x")) == ["serial_no"]
    assert reasons(case(2, order_no="O1"), case(1, days=100, order_no="O1", subject="x")) == ["order_no"]
    assert reasons(case(2), case(1, days=13)) == ["subject"]
    assert reasons(case(2), case(1, days=13, region="north")) == []
    assert reasons(case(2, region="unassigned"), case(1, region="unassigned", days=1)) == []


def test_more_reasons_are_a_higher_score_and_the_best_case_wins() -> None:
    new = case(3, phone="+861", serial_no="S")
    found = proposed(new, case(1, days=2, phone="+861", subject="x"), case(2, days=1, phone="+861", serial_no="S"))
    assert found is not None
    assert (found.first, found.score) == ("C2", 100)
    assert proposed(new, case(1, days=2, phone="+861", subject="x")).score == 30  # type: ignore[union-attr] # there


def test_of_equal_ones_the_first_and_of_a_chain_its_first() -> None:
    both = [case(2, days=1, serial_no="S", subject="x"), case(1, days=2, serial_no="S", subject="x")]
    new = case(3, serial_no="S")
    assert proposed(new, *both).first == "C1"  # type: ignore[union-attr] # there
    linked = case(2, days=1, phone="+861", serial_no="S", repeat_of="C0")
    assert proposed(case(3, phone="+861", serial_no="S"), linked).first == "C0"  # type: ignore[union-attr] # there


def test_what_is_linked_later_anonymous_or_of_another_thing_is_not_proposed() -> None:
    old = case(1, days=1, phone="+861")
    assert reasons(case(2, phone="+861", repeat_of="C9"), old) == []
    assert reasons(case(2, phone="+861"), case(3, days=-1, phone="+861")) == []
    assert reasons(case(2, phone="+861"), case(1, days=1, phone="+861", anonymous=True)) == []
    assert reasons(case(2, phone="+861", serial_no="A"), case(1, days=1, phone="+861", serial_no="B")) == []
    assert keys_of(case(2, phone="+861", anonymous=True), POLICY) == {}
    assert keys_of(case(2, phone="+861", kind="inquiry"), POLICY) == {}


def test_what_was_closed_long_ago_is_over() -> None:
    def closed(days: int) -> Matter:
        ended = {"closed": NOW - timedelta(days=days)}
        return case(1, days=60, serial_no="S", state="closed", milestones=ended, subject="x")

    assert reasons(case(2, serial_no="S"), closed(29)) == ["serial_no"]
    assert reasons(case(2, serial_no="S"), closed(31)) == []


def test_every_mistake_of_a_policy_is_told_at_once() -> None:
    with pytest.raises(Misconfigured) as refused:
        read_policy({"kinds": ["x"], "reasons": {"phone": {"days": 0}, "fax": {}}, "alike": 7, "more": 1}, "r.yaml")
    told = "\n".join(refused.value.problems)
    for place in (
        "kinds[0]",
        "reasons",
        "reasons.phone.days",
        "reasons.phone.points",
        "alike",
        "closed_for",
        "shared_by",
    ):
        assert f"r.yaml: {place}: " in told, place
