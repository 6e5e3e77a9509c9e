"""Figures and report from a small journal, and the messages as they lie in the spool folder."""

import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest

from shared.base.people import load_people
from shared.cli.demo.calendar import months
from shared.cli.demo.journal import Journal
from shared.cli.demo.letters import Letter, read_letters
from shared.cli.demo.people import Crowd
from shared.cli.demo.privacy import alerts, leaks, secrets_of
from shared.cli.demo.report import Run, render
from shared.cli.demo.story import read_story
from shared.cli.demo.summary import Answered, differences, rows
from shared.cli.demo.tally import tally
from shared.cli.demo.words import ZONE

from .samples import CASE_NO, NOW, ORDER_NO, alert, heard

NASTY = "<script>alert('x')</script>"
VOID = {"meta", "br", "link", "img", "input", "circle", "rect", "path", "line"}


def recorded():
    """What a short run would have said."""
    return Journal(
        [
            heard("case.registered.v1", case={"external_ref": "foshan"}),
            heard("clock.started.v1", clock={"clock": "first_response"}),
            heard("clock.breached.v1", clock={"state": "breached", "revision": 3}),
            heard("clock.stopped.v1", clock={"clock": "handover", "state": "met"}),
            heard("escalation.raised.v1"),
            heard("escalation.step_reached.v1"),
            alert(),
            heard("message.accepted.v1", message={"state": "accepted"}),
            heard("message.delivered.v1"),
            heard("message.accepted.v1", message={"message_id": "m2", "state": "accepted", "channel": "email"}),
            heard("message.failed.v1", message={"message_id": "m2", "state": "failed", "channel": "email"}),
            heard("order.planned.v1", order={"state": "planned"}),
            heard("order.overdue.v1"),
            heard("defect.found.v1"),
        ]
    )


def letter(text, subject="", minutes=0):
    return Letter(NOW.astimezone(ZONE) + timedelta(minutes=minutes), "sms", "+8675700001234", subject, text)


def page(lang="en", letters=()):
    run = Run(recorded(), letters, read_story(Crowd(1)), load_people(), made=1, seed=1)
    return render(run, lang)


class Tree(HTMLParser):
    """Checks that every element is closed, and collects what is there."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, _attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parsed(html):
    tree = Tree()
    tree.feed(html)
    assert tree.open == []
    return tree


def test_figures_are_counted_from_what_was_heard():
    found = {row.name: row.value for row in rows(tally(recorded()))}
    assert found == {
        "cases": 1,
        "assigned": 0,
        "resolved": 0,
        "clocks": 3,
        "met": 1,
        "breached": 1,
        "escalations": 1,
        "steps": 1,
        "acknowledged": 0,
        "teams": 0,
        "alerts": 1,
        "messages_accepted": 2,
        "messages_sent": 0,
        "messages_delivered": 1,
        "messages_failed": 1,
        "messages_expired": 0,
        "messages_unknown": 0,
        "orders": 1,
        "orders_done": 0,
        "orders_overdue": 1,
        "defects": 1,
    }


def test_the_newest_of_each_thing_counts_and_a_message_heard_twice_counts_once():
    journal = Journal()
    event = heard("case.registered.v1")
    assert journal.add(event)
    assert not journal.add(event)
    assert tally(journal).case_states == {"registered": 1}
    counted = tally(recorded())
    assert counted.breaches_by_place_and_hour() == {"south.guangdong.foshan": {9: 1}}
    assert counted.messages_by_channel() == {"sms": {"delivered": 1}, "email": {"failed": 1}}
    assert counted.clock_verdicts() == {"opinion": {"late": 1}, "handover": {"met": 1}}


def test_a_journal_comes_back_as_it_was_kept(tmp_path):
    journal = recorded()
    journal.write(tmp_path / "journal.jsonl")
    assert list(Journal.read(tmp_path / "journal.jsonl")) == list(journal)


def test_what_services_answer_otherwise_is_said():
    counted = tally(recorded())
    same = Answered({CASE_NO: "registered"}, {ORDER_NO}, {"m1": "delivered", "m2": "failed"})
    assert differences(counted, same) == []
    other = Answered({CASE_NO: "closed"}, set(), {"m1": "delivered"})
    assert differences(counted, other) == [
        "cases in state closed: 0 by events, 1 by the service",
        "cases in state registered: 1 by events, 0 by the service",
        "messages: 2 by events, 1 by the service",
        "messages in state failed: 1 by events, 0 by the service",
        "orders: 1 by events, 0 by the service",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole_needs_no_network_and_tells_the_story(lang):
    tree = parsed(page(lang))
    text = " ".join(tree.text)
    assert tree.tags.count("figure") == 4
    assert tree.tags.count("svg") == 4
    assert "script" not in tree.tags
    assert "link" not in tree.tags
    assert all(link.startswith("#") for link in tree.links)
    assert not re.search(
        r"url\(|@import|https?://(?!www\.w3\.org)", "".join(re.findall(r"<style.*?</style>", page(lang), re.S))
    )
    expected = {"en": "OVERDUE: quarterly upkeep was due Tue 13 Oct", "zh": "超期未做：季度保养，期限10月13日周二"}
    assert expected[lang] in text
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page(lang)


def test_messages_are_shown_as_they_are_and_break_out_of_nothing():
    html = page(letters=[letter(NASTY, subject=f"{NASTY} & Co"), letter(f"case 4635 7475 8293 {NASTY}", minutes=5)])
    tree = parsed(html)
    assert "script" not in tree.tags
    assert (
        html.count("&lt;script&gt;") == 2 + 2 + 2 * 1
    )  # subject and text of the first; twice the second, its words too
    assert NASTY in "".join(tree.text)
    assert "about this case: 1" in " ".join(tree.text)


def test_messages_are_read_from_the_spool_folder(tmp_path):
    (tmp_path / ".references").mkdir()
    (tmp_path / "1-sms-a.txt").write_text("To: +86757\nDate: 2026-10-12T01:10:00+00:00\nReference: a\n\n您好\n第二行\n")
    (tmp_path / "2-email-b.eml").write_text(
        "To: a@example.com\nSubject: 逾期\nDate: Mon, 12 Oct 2026 01:00:00 +0000\n"
        'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n正文\n'
    )
    (tmp_path / "3-amqp-c.json").write_text(
        '{"channel": "amqp", "to": "alerts.south", "date": "2026-10-12T09:20:00+08:00", "body": {"zh": "警"}}'
    )
    (tmp_path / ".4-sms-d.txt").write_text("unfinished")
    mail, sms, queue = read_letters(tmp_path)
    assert (mail.channel, mail.to, mail.subject, mail.text) == ("email", "a@example.com", "逾期", "正文\n")
    assert (sms.to, sms.text, sms.first_words) == ("+86757", "您好\n第二行", "您好 第二行")
    assert sms.at == datetime(2026, 10, 12, 9, 10, tzinfo=ZONE)
    assert (queue.channel, "警" in queue.text) == ("amqp", True)
    assert read_letters(tmp_path / "none") == []


def test_numbers_in_a_letter_are_found_however_they_are_written():
    assert CASE_NO in letter("工单 4635-7475-8293").closed_up
    assert CASE_NO in letter("工单 4635 7475 8293").closed_up
    assert CASE_NO not in letter("工单 1111").closed_up


def test_the_calendar_has_a_sheet_for_each_month_and_knows_days_off():
    journal = recorded()
    (sheet,) = months(journal)
    days = [day for week in sheet.weeks for day in week if day]
    assert len(days) == 31
    assert [day.date.day for day in days if day.marks] == [12]
    assert [mark.title.en for mark in days[11].marks] == ["quarterly upkeep: planned", "quarterly upkeep: overdue"]
    assert not days[6].is_workday  # 7 October 2026
    assert days[9].is_workday  # Saturday 10 October 2026, a make-up working day
    assert months(Journal()) == []


def test_personal_data_is_found_wherever_it_must_not_be():
    person = Crowd(1).person("foshan")
    secrets = secrets_of([person])
    places = {
        "a.log": f"caller {person.phone}",
        "b.log": "masked +86757****",
        "c.log": f"{person.name}先生",
        "d.log": json.dumps({"from": person.name}),
        "e.log": f"to <{person.email}>",
    }
    assert list(leaks(places, secrets)) == [
        "a.log holds personal data of a customer",
        "c.log holds personal data of a customer",
        "d.log holds personal data of a customer",
        "e.log holds personal data of a customer",
    ]
    assert list(leaks(alerts(recorded()), secrets)) == []
    assert list(leaks(places, ())) == []
