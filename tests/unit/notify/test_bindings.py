"""A least severity on a queue: its keys hear just what the pattern hears, less what is too mild (NO-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.bindings import bindings, every_binding, head_of, heads_for
from services.notify.domain.recipients import Subscription
from services.notify.domain.vocabulary import AMQP
from shared.kernel.alert_topics import ALERT_KINDS, ALERT_SEVERITIES, matches, parse_pattern, topic_of
from shared.kernel.errors import Invalid

SOUTH = "alert.*.*.south.#"
WORDS = st.sampled_from(["#", "#", "*", "alert", "recurrence", "serious", "major", "south", "foshan"])


@pytest.mark.parametrize(
    ("pattern", "least", "keys"),
    [
        (SOUTH, "minor", {SOUTH}),
        (SOUTH, "major", {"alert.*.major.south.#", "alert.*.critical.south.#"}),
        ("alert.#", "critical", {"alert.*.critical.#"}),
        ("alert.recurrence.major.#", "serious", {"alert.recurrence.major.#"}),
        ("alert.recurrence.minor.#", "serious", set()),
    ],
)
def test_a_key_for_each_severity(pattern: str, least: str, keys: set[str]) -> None:
    assert set(bindings(pattern, least)) == keys
    assert keys <= every_binding(pattern)


@given(
    st.lists(WORDS, min_size=1, max_size=7).map(".".join),
    st.sampled_from(ALERT_SEVERITIES),
    st.sampled_from(ALERT_KINDS),
    st.sampled_from(ALERT_SEVERITIES),
    st.lists(st.sampled_from(["south", "foshan", "major"]), min_size=1, max_size=3).map(".".join),
)
def test_the_queue_hears_what_the_subscription_wants(
    pattern: str, least: str, kind: str, severity: str, region: str
) -> None:
    try:
        parse_pattern(pattern)
    except Invalid:
        return
    topic = topic_of(kind, severity, region)
    wants = Subscription(
        subscription_id="1", team="south", pattern=pattern, channel=AMQP, address="alerts.south", min_severity=least
    ).wants(topic, severity)
    assert any(matches(key, topic) for key in bindings(pattern, least)) == wants
    assert not wants or head_of(pattern) in heads_for(topic), "it is among those that are looked at"


def test_a_pattern_of_many_words_is_opened_at_once() -> None:
    assert len(bindings(".".join(["#"] * 120), "serious")) == 3


@pytest.mark.parametrize(
    ("pattern", "head"),
    [
        (SOUTH, "south"),
        ("alert.recurrence.major.south.guangdong.foshan", "south.guangdong.foshan"),
        ("alert.*.*.south.*.foshan", "south"),
        ("alert.*.*.*.guangdong", ""),
        ("alert.#.south", ""),
        ("#", ""),
    ],
)
def test_the_head_of_a_pattern(pattern: str, head: str) -> None:
    assert head_of(pattern) == head
