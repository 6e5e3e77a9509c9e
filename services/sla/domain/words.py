"""Explanations and promises in words, zh-CN and en."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import Clock
from services.sla.domain.explain import Explanation
from services.sla.domain.limits import Counting, Limit
from services.sla.domain.promise import Promise
from shared.kernel.words import Words

WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LIMITS = {
    Counting.ELAPSED_HOURS: Words("{0}小时，连续计算", "{0} hours of elapsed time"),
    Counting.WORKING_HOURS: Words("{0}个工作小时", "{0} working hours"),
    Counting.WORKING_DAYS: Words(
        "{0}个工作日，起算当日不计，至最后一日下班时止",
        "{0} working days, not counting the day it starts, to the close of the last one",
    ),
    Counting.HOURS_ON_WORKING_DAYS: Words(
        "{0}小时，工作日每日计24小时，休息日不计",
        "{0} hours on working days, 24 of each and none of a day off",
    ),
    Counting.SAME_DAY: Words(
        "当日下班前，当日已无工作时间的至下一工作日下班前",
        "the close of the same day if any working time of it is left, else of the next working day",
    ),
    Counting.GIVEN: Words("约定或指定的时间，不顺延", "the instant that was set, which is never moved"),
}
HOURS = {
    Measure.ELAPSED: Words("{0}小时", "{0} hours"),
    Measure.WORKING: Words("{0}个工作小时", "{0} working hours"),
    Measure.WORKDAYS: Words("工作日的{0}小时", "{0} hours on working days"),
}
SHORTEST_WAIT = timedelta(minutes=1)
"""A shorter one moves no instant that people are told."""


def moment(instant: datetime, clock: Clock) -> Words:
    """An instant for people, as the wall shows it where the case is."""
    there = instant.astimezone(clock.calendar.work.zone)
    weekday = there.weekday()
    return Words(
        zh=f"{there.year}年{there.month}月{there.day}日{there:%H:%M}（{WEEKDAYS_ZH[weekday]}）",
        en=f"{WEEKDAYS_EN[weekday]} {there.day} {MONTHS[there.month - 1]} {there.year} {there:%H:%M}",
    )


def hours_words(clock: Clock, seconds: float) -> Words:
    """A span in the measure of the clock's limit."""
    words, hours = HOURS[clock.measure], f"{seconds / 3600:.4g}"
    en = words.en.format(hours)
    return Words(words.zh.format(hours), en.replace("hours", "hour", 1) if hours == "1" else en)


def limit_words(limit: Limit) -> Words:
    """A limit with its counting rule."""
    words = LIMITS[limit.counting]
    en = words.en.format(f"{limit.amount:g}")
    if limit.amount == 1:
        en = (
            en.replace("1 hours", "1 hour")
            .replace("working hours", "working hour")
            .replace("working days, not", "working day, not")
        )
    return Words(words.zh.format(f"{limit.amount:g}"), en)


def explanation_words(explanation: Explanation) -> Words:
    """One sentence: from when, how much, what was not counted, until when."""
    clock, name = explanation.clock, explanation.clock.rule.title
    start, due, limit = moment(clock.started_at, clock), moment(clock.due_at, clock), limit_words(clock.limit)
    notes = _notes(explanation)
    return Words(
        zh=f"{name.zh}：自{start.zh}起，{limit.zh}{''.join('，' + note.zh for note in notes)}；截止{due.zh}。",
        en=f"{name.en}: from {start.en}, {limit.en}{''.join(', ' + note.en for note in notes)}; due {due.en}.",
    )


def _notes(explanation: Explanation) -> Sequence[Words]:
    off, made_up = len(explanation.days_off), len(explanation.make_up_days)
    waited = sum((end - begin for begin, end in explanation.pauses), timedelta())
    notes = []
    if off:
        notes.append(Words(f"其间{off}个休息日不计", f"{off} day{'s' if off > 1 else ''} off not counted"))
    if made_up:
        notes.append(Words(f"{made_up}个调休上班日计入", f"{made_up} make-up day{'s' if made_up > 1 else ''} counted"))
    if waited >= SHORTEST_WAIT:
        notes.append(_waited(explanation.clock, waited))
    if explanation.clock.paused_since is not None:
        since = moment(explanation.clock.paused_since, explanation.clock)
        notes.append(Words(f"自{since.zh}起暂停", f"standing still since {since.en}"))
    if explanation.clock.provisional:
        notes.append(
            Words("该年节假日安排尚未公布，期限为暂定", "provisional until that year's holidays are announced")
        )
    return notes


def _waited(clock: Clock, waited: timedelta) -> Words:
    """What a wait lasted and, where that is less, what it cost the limit."""
    hours = f"{waited.total_seconds() / 3600:.4g}"
    if clock.measure is Measure.ELAPSED:
        return Words(f"暂停{hours}小时不计", f"{hours} hours of waiting not counted")
    cost = hours_words(clock, clock.paused_seconds)
    return Words(f"暂停{hours}小时（合{cost.zh}）不计", f"{hours} hours of waiting ({cost.en}) not counted")


def promise_words(given: Promise) -> Words:
    """One sentence for the customer."""
    zh, en = [], []
    for clock, verb_zh, verb_en in (
        (given.reply, "答复您", "reply"),
        (given.opinion, "给出处理意见", "give our opinion"),
    ):
        if clock is not None:
            by = moment(clock.due_at, clock)
            zh.append(f"{by.zh}前{verb_zh}")
            en.append(f"{verb_en} by {by.en}")
    note = Words("（暂定）", " (provisional)") if given.provisional else Words("", "")
    return Words(f"我们将于{'，'.join(zh)}{note.zh}。", f"We will {' and '.join(en)}{note.en}.")
