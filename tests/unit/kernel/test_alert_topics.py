"""Alert topics: which patterns are taken, which topics they hear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.alert_topics import matches, parse_pattern, parse_team, queue_of, topic_of
from shared.kernel.errors import Invalid

TOPIC = "alert.recurrence.major.south.guangdong.foshan"


def test_a_topic_names_kind_severity_and_region():
    assert topic_of("recurrence", "major", "south.guangdong.foshan") == TOPIC
    assert queue_of(parse_team("south-desk")) == "alerts.south-desk"


@pytest.mark.parametrize(
    ("pattern", "hears"),
    [
        ("alert.*.*.south.#", True),
        ("alert.*.*.south.guangdong.foshan.#", True),
        ("alert.recurrence.major.south.guangdong.foshan", True),
        ("#", True),
        ("#.foshan", True),
        ("alert.#.guangdong.*", True),
        ("#.#.#.guangdong.#.#", True),
        ("alert.*.*.south.*", False),
        ("alert.*.*.north.#", False),
        ("alert.sla_breach.#", False),
        ("alert.*.*.sou.#", False),
    ],
)
def test_a_pattern_hears_as_a_topic_exchange_does(pattern, hears):
    assert matches(parse_pattern(pattern), TOPIC) is hears


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "is no word of a pattern"),
        ("alert..major.south", "is no word of a pattern"),
        ("alert.*.*.South.#", "'South' is no word"),
        ("alert.*.*.south*", "'south*' is no word"),
        ("alerts.*.*.south.#", "'alerts' is no first word"),
        ("alert.breach.*.south.#", "'breach' is no kind of an alert; write warning_notice"),
        ("alert.*.huge.south.#", "'huge' is no severity"),
        ("alert.*.*", "end it with .#"),
        ("alert.*.*." + "a" * 300, "write a pattern like"),
        (None, "write a pattern like"),
    ],
)
def test_a_pattern_that_no_alert_can_match_is_refused(pattern, why):
    with pytest.raises(Invalid) as refused:
        parse_pattern(pattern)
    assert why in refused.value.detail["pattern"][0]


@pytest.mark.parametrize("team", ["", "South", "a b", "süd", "a.b", "-a", "a" * 61, 7])
def test_a_team_name_that_no_queue_can_have_is_refused(team):
    with pytest.raises(Invalid):
        parse_team(team)


WORDS = st.sampled_from(["alert", "south", "foshan", "*", "#"])


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=6), st.lists(st.sampled_from(["alert", "south", "foshan"]), min_size=1, max_size=6))
def test_matching_follows_the_rule_word_by_word(pattern, topic):
    def hears(words, rest):
        if not words:
            return not rest
        if words[0] == "#":
            return hears(words[1:], rest) or (bool(rest) and hears(words, rest[1:]))
        return bool(rest) and words[0] in ("*", rest[0]) and hears(words[1:], rest[1:])

    if pattern:
        assert matches(".".join(pattern), ".".join(topic)) is hears(pattern, topic)
