"""A customer writes: case, receipt, answer, bounce; from the mailbox to the spool and back (IN-1, IN-16)."""

import hashlib
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest

from tests.e2e.conftest import Running
from tests.integration.intake.mail_desk import bounce, mail
from tests.support.dovecot import Dovecot, why_none
from tests.support.waiting import wait_for

PHOTO = b"\xff\xd8" + bytes(300_000)  # large enough to be read in a thread of its own


@pytest.fixture
def dovecot(mailbox: Dovecot | None) -> Dovecot:
    if mailbox is None:
        pytest.skip(str(why_none()))
    return mailbox


def spooled(suite: Running, wanted: Callable[[EmailMessage], bool]) -> EmailMessage | None:
    for file in sorted((suite.data / "spool").glob("*-email-*.eml")):
        found: Any = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
        if wanted(found):
            return found
    return None


def settled(suite: Running, message_id: str) -> dict[str, Any]:
    """What became of a message."""

    def look() -> dict[str, Any] | None:
        letters = suite.told("mail", "list", "--limit", "10")["letters"]
        return next((each for each in letters if each["message_id"] == message_id), None)

    return wait_for(look, f"{message_id} is taken", 60)


def test_a_customer_writes_and_writes_again(suite: Running, dovecot: Dovecot) -> None:
    first = mail("瓷砖两周后脱落。", subject="瓷砖脱落")
    first.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="厨房.jpg")
    dovecot.deliver(first.as_bytes())
    letter = settled(suite, "<1@customer.example>")
    case_no = letter["case_no"]
    told = suite.told("case", "show", case_no)
    assert (told["case"]["channel"], told["case"]["subject"]) == ("email", "瓷砖脱落")
    assert "first_response" in {each["clock"] for each in told["clocks"]}
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert f"name 厨房.jpg, content_type image/jpeg, size {len(PHOTO)}, sha256 {digest}" in suite.done(
        "case", "show", case_no
    )
    kept = suite.data / "mail" / "attachments" / digest[:2] / digest
    assert kept.read_bytes() == PHOTO

    receipt = wait_for(
        lambda: spooled(suite, lambda each: str(each["To"]) == "li.lei@customer.example"), "the receipt", 90
    )
    assert case_no in receipt["Subject"]
    assert case_no in receipt["Message-ID"]
    assert str(receipt["Reply-To"]).startswith("Aftercare <service+" + case_no)

    suite.done("case", "step", case_no, "hand_over", "--by", "zhang.min", "owner=lin")
    answer = mail(
        "是厨房的地砖。", message_id="<2@customer.example>", in_reply_to=receipt["Message-ID"], subject="回复"
    )
    dovecot.deliver(answer.as_bytes())
    assert settled(suite, "<2@customer.example>")["case_no"] == case_no
    case = suite.told("case", "show", case_no)["case"]
    assert [fact["fact"] for fact in case["facts"]] == ["received", "handed_over", "customer_wrote"]
    assert "是厨房的地砖。" in suite.done("case", "show", case_no)
    asked = {"case_no": case_no}

    def rules() -> set[str]:
        return {each["rule"] for each in suite.suite.call("notify.messages", asked)["messages"]}

    wait_for(lambda: "customer_wrote" in rules(), "the owner is told", 60)

    away = mail("我在休假。", message_id="<3@x>", in_reply_to=receipt["Message-ID"], auto_submitted="auto-replied")
    dovecot.deliver(bounce(receipt["Message-ID"]))
    dovecot.deliver(away.as_bytes())
    letter = settled(suite, "<3@x>")
    assert (letter["state"], letter["reason"]) == ("aside", "automatic")
    page = suite.done("mail", "list", "--state", "aside")
    assert "set aside: a delivery report" in page
    assert "set aside: an automatic answer" in page
    assert "was read at" in page
    back = settled(suite, "<b1@mx.example>")
    wait_for(lambda: "told_at" in suite.told("mail", "show", str(back["id"])), "notify hears of the bounce", 60)
    assert f"`aftercare mail retry {letter['id']}` takes it" in suite.done("mail", "show", str(letter["id"]))
    assert "我在休假。" in suite.done("mail", "show", str(letter["id"]))
    assert "受理" in suite.done("mail", "show", str(letter["id"]), "--lang", "zh")
    said = suite.done("mail", "retry", str(letter["id"]))
    assert said == f"Letter {letter['id']} belongs to a case now: {case_no}\n"
    refused = suite.aftercare("mail", "retry", str(letter["id"]))
    assert refused.returncode == 2
    assert f"belongs to case {case_no} already" in refused.stderr
    assert suite.told("parked", "list")["messages"] == []
