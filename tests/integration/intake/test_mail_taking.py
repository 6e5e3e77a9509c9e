"""What becomes of a letter: a case once, an answer at its case, or set aside where it can be seen."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.intake.handlers.mail import open_mail_room
from services.intake.settings import MailSettings
from shared.base.clock import wall_now
from shared.base.people import load_people
from shared.kernel.errors import Conflict, Misconfigured, NotFound, Refused
from shared.kernel.mail_threads import mark_of
from tests.integration.intake.mail_desk import ON_SQLITE, SECRET, MailDesk, bounce, mail
from tests.integration.intake.office import Office


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> MailDesk:
    return MailDesk(office, tmp_path)


def test_a_new_letter_is_a_case(desk: MailDesk) -> None:
    arrived = wall_now() - timedelta(hours=2)
    letter = desk.deliver(mail(date="Fri, 01 Jan 2099 00:00:00 +0000", subject="瓷砖脱落"), at=arrived)
    assert letter["state"] == "case"
    case = desk.office.get(letter["case_no"])
    assert (case["kind"], case["channel"], case["category"]) == ("inquiry", "email", "other")
    assert case["external_ref"] == "<1@customer.example>"
    assert (case["subject"], case["description"]) == ("瓷砖脱落", "The tiles came off.")
    assert case["customer"] == {"name": "李雷", "email": "li.lei@customer.example", "anonymous": False}
    (received,) = case["facts"]
    assert received["by"] == "system:mail"
    late = desk.office.clock.now() - datetime.fromisoformat(received["at"])
    assert timedelta(hours=2) <= late < timedelta(hours=2, minutes=1), "the mail server's date counts, not the sender's"
    assert desk.promises[0]["kind"] == "inquiry"
    assert case["history"][0]["detail"]["letter"] == letter["id"]


def test_the_same_letter_again_changes_nothing(desk: MailDesk) -> None:
    message = mail()
    first = desk.deliver(message)
    again = b"Received: by another.example\r\n" + message.as_bytes()
    desk.deliver(again)
    assert [each["case_no"] for each in desk.list()["letters"]] == [first["case_no"]]
    assert len(desk.office.find()["cases"]) == 1


def test_a_message_id_that_comes_with_other_words_is_another_case(desk: MailDesk) -> None:
    first, other = desk.deliver(mail()), desk.deliver(mail("Something else."))
    assert first["case_no"] != other["case_no"]
    assert desk.office.get(other["case_no"])["external_ref"].startswith("sha256:")


def test_without_a_message_id_the_words_tell(desk: MailDesk) -> None:
    first = desk.deliver(mail(message_id=""))
    assert desk.office.get(first["case_no"])["external_ref"].startswith("sha256:")
    assert desk.deliver(mail(message_id=""))["id"] == first["id"]
    assert desk.deliver(mail("Another.", message_id=""))["case_no"] != first["case_no"]


@ON_SQLITE
def test_a_message_that_a_clerk_registered_is_that_case(desk: MailDesk) -> None:
    case_no = desk.office.case_no(channel="email", external_ref="<1@customer.example>")
    letter = desk.deliver(mail())
    assert (letter["state"], letter["case_no"]) == ("joined", case_no)


@pytest.mark.parametrize("way", ["our message", "their message", "reply address", "subject"])
def test_an_answer_joins_its_case(desk: MailDesk, way: str) -> None:
    case_no = desk.deliver(mail())["case_no"]
    mark = mark_of(SECRET, case_no)
    headers = {
        "our message": {"references": f"<old@x.example> <0b7e3a.{mark}@aftercare.example>"},
        "their message": {"in_reply_to": "<1@customer.example>"},
        "reply address": {"to": f"Service <service+{mark}@example.com>"},
        "subject": {"subject": f"Re: case {case_no[:4]} {case_no[4:8]} {case_no[8:]}"},
    }[way]
    letter = desk.deliver(mail("It is the kitchen.", message_id="<2@customer.example>", **headers))
    assert (letter["state"], letter["case_no"]) == ("joined", case_no)
    case = desk.office.get(case_no)
    assert [fact["fact"] for fact in case["facts"]] == ["received", "customer_wrote"]
    assert case["state"] == "registered"
    detail = case["history"][-1]["detail"]
    assert (detail["text"], detail["from"]) == ("It is the kitchen.", "li.lei@customer.example")
    assert desk.office.said()[-1]["type"] == "case.customer_wrote.v1"
    assert "kitchen" not in str(desk.office.said()[-1])


@ON_SQLITE
def test_a_number_in_a_strangers_subject_opens_no_case(desk: MailDesk) -> None:
    case_no = desk.deliver(mail())["case_no"]
    forged = f"<x.{case_no}.0123456789ab@aftercare.example>"
    asked = {"subject": f"About {case_no}", "in_reply_to": forged, "message_id": "<9@x>"}
    letter = desk.deliver(mail(**asked, **{"from": "Stranger <s@stranger.example>"}))
    assert letter["state"] == "case"
    assert letter["case_no"] != case_no
    assert desk.office.get(letter["case_no"])["history"][0]["detail"]["mentions"] == [case_no]
    assert len(desk.office.get(case_no)["facts"]) == 1


@ON_SQLITE
def test_who_waited_for_the_customer_waits_no_longer(desk: MailDesk) -> None:
    case_no = desk.deliver(mail())["case_no"]
    desk.office.step(case_no, "wait_for_customer", reason="which room?")
    desk.deliver(mail("The kitchen.", message_id="<2@x>", in_reply_to="<1@customer.example>"))
    case = desk.office.get(case_no)
    assert case["waiting"] is False
    assert [fact["fact"] for fact in case["facts"][-2:]] == ["customer_wrote", "waiting_ended"]


def test_a_resolved_case_is_told_and_a_closed_one_begins_anew(desk: MailDesk) -> None:
    case_no = desk.deliver(mail())["case_no"]
    desk.office.step(case_no, "resolve", result="answered", accountable="lin")
    answer = {"in_reply_to": "<1@customer.example>"}
    assert desk.deliver(mail("Thank you.", message_id="<2@x>", **answer))["state"] == "joined"
    assert desk.office.get(case_no)["state"] == "resolved"
    desk.office.step(case_no, "close")
    again = desk.deliver(mail("It came off again.", message_id="<3@x>", **answer))
    assert again["state"] == "case"
    assert desk.office.get(again["case_no"])["history"][0]["detail"]["mentions"] == [case_no]


MACHINES = {
    "automatic": {"auto_submitted": "auto-replied (vacation)"},
    "bulk": {"precedence": "bulk"},
    "automatic ": {"x_auto_response_suppress": "DR, OOF, AutoReply"},
    "bulk ": {"list_id": "<news.example>"},
    "automatic  ": {"return_path": "<>"},
    "vacation": {"subject": "自动回复: 我在休假"},
    "own_mail": {"message_id": f"<0b7e3a.{mark_of(SECRET, '954770952750')}@aftercare.example>"},
    "own_mail ": {"from": "Service <Service@example.com>"},
    "no_sender": {"from": ""},
    "no_sender ": {"from": "nobody at all"},
    "bounce": {"from": "MAILER-DAEMON@mx.example", "return_path": "<>"},
}


@ON_SQLITE
def test_what_no_person_wrote_is_set_aside(desk: MailDesk) -> None:
    for reason, headers in MACHINES.items():
        letter = desk.deliver(mail(str(headers), **headers))
        assert (letter["state"], letter["reason"]) == ("aside", reason.strip()), headers
    assert desk.office.find()["cases"] == []
    assert desk.office.said() == []
    assert desk.show(letter["id"])["kept"]
    assert desk.show(letter["id"])["text"] == str(headers)


def test_what_was_set_aside_is_taken_when_somebody_asks(desk: MailDesk) -> None:
    letter = desk.deliver(mail(precedence="list"))
    answer = desk.retry(letter["id"])
    assert answer["state"] == "case"
    assert desk.office.get(answer["case_no"])["description"] == "The tiles came off."
    with pytest.raises(Conflict, match="belongs to case"):
        desk.retry(letter["id"])
    with pytest.raises(NotFound):
        desk.retry(999)
    assert not desk.show(letter["id"])["kept"]


@ON_SQLITE
def test_nobody_hears_of_a_case_told_as_history_so_who_answers_begins_anew(desk: MailDesk) -> None:
    given = {"mode": "history", "channel": "email", "external_ref": "<0@x>", "registrar": "system:import"}
    old = desk.office.case_no(**given, customer={"email": "li.lei@customer.example"})
    letter = desk.deliver(mail(subject=f"Re: {old}"))
    assert letter["state"] == "case"
    assert desk.office.get(letter["case_no"])["history"][0]["detail"]["mentions"] == [old]


def test_a_flood_is_dammed_and_old_mail_is_left(desk: MailDesk) -> None:
    states = [desk.deliver(mail(str(n), message_id=f"<{n}@x>")).get("reason", "case") for n in range(5)]
    assert states == ["case"] * 3 + ["flood"] * 2
    old = desk.deliver(mail(message_id="<old@x>", **{"from": "b@x.example"}), at=wall_now() - timedelta(days=8))
    assert old["reason"] == "old"
    assert desk.list()["mailbox"]["letters"] == {"case": 3, "joined": 0, "aside": 3, "failed": 0}


@ON_SQLITE
def test_a_colleagues_answer_is_no_word_of_the_customer(desk: MailDesk) -> None:
    desk.deliver(mail())
    colleague = next(each.email for each in load_people().everybody if each.email)
    letter = desk.deliver(mail(message_id="<2@x>", in_reply_to="<1@customer.example>", **{"from": colleague}))
    assert letter["reason"] == "staff"


@ON_SQLITE
def test_attachments_are_kept_under_their_digest(desk: MailDesk) -> None:
    message = mail()
    photo = b"\xff\xd8" + bytes(1000)
    message.add_attachment(photo, maintype="image", subtype="jpeg", filename="../../etc/照片\u202e.jpg")
    for number in range(4):
        message.add_attachment(b"x" * (number + 1), maintype="application", subtype="zip", filename=f"{number}.zip")
    letter = desk.deliver(message)
    digest = hashlib.sha256(photo).hexdigest()
    kept = letter["attachments"]
    assert kept[0] == {"name": "照片.jpg", "content_type": "image/jpeg", "size": 1002, "sha256": digest}
    assert len(kept) == 3
    path = desk.room.store.attachment(digest)
    assert desk.show(letter["id"])["attachments"][0]["file"] == str(path)
    assert path.read_bytes() == photo
    assert path.stat().st_mode & 0o777 == 0o600
    detail = desk.office.get(letter["case_no"])["history"][0]["detail"]
    assert detail["attachments"] == kept
    assert detail["left_out"] == ["2.zip: there are more than 3", "3.zip: there are more than 3"]


def test_a_mail_of_ours_that_came_back_is_told_to_notify(desk: MailDesk) -> None:
    desk.notify_is_there = False
    letter = desk.deliver(bounce(f"<0b7e3a-1.{mark_of(SECRET, '954770952750')}@aftercare.example>"))
    assert (letter["reason"], letter["why"]) == ("bounce", "failed 5.1.1")
    desk.room._tell_bounces()
    assert "told_at" not in desk.show(letter["id"])
    desk.notify_is_there = True
    desk.room._tell_bounces()
    desk.room._tell_bounces()
    assert desk.receipts == [{"reference": "0b7e3a-1", "state": "failed", "reason": "it came back: failed 5.1.1"}]
    assert "told_at" in desk.show(letter["id"])


@ON_SQLITE
def test_a_message_that_harms_is_set_aside_and_stays_to_be_looked_at(desk: MailDesk) -> None:
    letter = desk.deliver(b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\n" * 500_000)
    assert (letter["state"], letter["reason"]) == ("failed", "unreadable")
    assert "lines" in letter["why"]
    with pytest.raises(Refused, match="cannot be read: it has more than"):
        desk.retry(letter["id"])
    assert desk.show(letter["id"])["kept"]


def test_lists_are_read_page_by_page(desk: MailDesk) -> None:
    for number in range(3):
        desk.deliver(mail(message_id=f"<{number}@x>"))
    first = desk.list(limit=2)
    assert [each["message_id"] for each in first["letters"]] == ["<2@x>", "<1@x>"]
    assert [each["message_id"] for each in desk.list(before=first["next"])["letters"]] == ["<0@x>"]


@ON_SQLITE
def test_messages_that_were_set_aside_are_kept_for_a_while(desk: MailDesk) -> None:
    letter = desk.deliver(mail(precedence="bulk"))
    assert desk.room.store.forget_before(wall_now() - timedelta(days=90)) == 0
    assert desk.show(letter["id"])["kept"]
    assert desk.room.store.forget_before(wall_now() + timedelta(seconds=1)) == 1
    assert not desk.show(letter["id"])["kept"]
    with pytest.raises(NotFound, match="not kept any more"):
        desk.retry(letter["id"])


@ON_SQLITE
def test_settings_that_contradict_each_other_are_named_at_once(desk: MailDesk, tmp_path: Path) -> None:
    given = {"amqp_uri": "amqp://", "db_url": "sqlite://", "http_port": 1, "data": tmp_path, "mode": "production"}
    settings = MailSettings(**given, imap_url="imaps://u@h/Box", imap_done="Box")
    room = desk.room
    with pytest.raises(Misconfigured) as refused:
        open_mail_room(settings, room.database, desk.office.house(), room.ask_promise, room.tell_notify, room.aside)
    assert [each.partition(" ")[0] for each in refused.value.problems] == [
        "AFTERCARE_INTAKE_IMAP_URL",
        "AFTERCARE_INTAKE_IMAP_DONE",
        "AFTERCARE_MAIL_SECRET",
    ]
