"""The promise at registration (IN-11): the reply, and the opinion as if handed over at the handover deadline."""

import pytest

from services.sla.domain.promise import promise
from services.sla.domain.words import promise_words
from tests.unit.sla.cases import CN, PUBLICATIONS, at, wall


def promised(when, **attributes):
    return promise(attributes, at(when), PUBLICATIONS)


@pytest.mark.parametrize(
    ("when", "attributes", "reply_by", "opinion_by"),
    [
        ("2026-10-12 07:30", {"kind": "complaint"}, "2026-10-13 07:30", "2026-10-15 18:00"),
        ("2026-10-09 22:00", {"kind": "complaint"}, "2026-10-10 22:00", "2026-10-14 18:00"),
        ("2026-10-09 22:00", {"kind": "complaint", "verifiable": False}, "2026-10-10 22:00", "2026-10-15 18:00"),
        ("2026-10-12 07:30", {"kind": "accident", "severity": "critical"}, "2026-10-13 07:30", "2026-10-15 18:00"),
        ("2026-10-12 07:30", {"kind": "complaint", "repeat": True}, "2026-10-13 07:30", None),
        ("2026-10-12 07:30", {"kind": "inquiry"}, "2026-10-13 07:30", None),
        ("2026-10-12 07:30", {"kind": "repair"}, "2026-10-13 07:30", None),
    ],
)
def test_promise(when, attributes, reply_by, opinion_by):
    given = promised(when, **attributes)
    assert wall(given.reply.due_at) == reply_by
    assert wall(given.opinion and given.opinion.due_at) == opinion_by


def test_provisional_when_it_reaches_into_a_year_that_is_not_announced():
    last_day = f"{CN.work.known_until.year}-12-31 10:00"
    assert promised(last_day, kind="complaint").provisional
    assert not promised(last_day, kind="inquiry").provisional
    assert not promised("2026-10-12 07:30", kind="complaint").provisional


def test_in_words():
    words = promise_words(promised("2026-10-12 07:30", kind="complaint"))
    assert words.en == "We will reply by Tue 13 Oct 2026 07:30 and give our opinion by Thu 15 Oct 2026 18:00."
    assert words.zh == "我们将于2026年10月13日07:30（周二）前答复您，2026年10月15日18:00（周四）前给出处理意见。"


def test_words_of_a_repeat_promise_no_opinion():
    words = promise_words(promised("2026-10-12 07:30", kind="complaint", repeat=True))
    assert words.en == "We will reply by Tue 13 Oct 2026 07:30."
