"""When a message goes: lanes that rest, messages whose time is over, floods that are bundled (NO-4, NO-5)."""

from services.notify.domain.provider import Failed
from services.notify.domain.vocabulary import EMAIL, SMS
from services.notify.handlers import Sender
from services.notify.handlers.lanes import LONGEST_SECONDS
from tests.integration.notify.office import RULES, Office, Provider
from tests.integration.notify.steps import send
from tests.unit.notify.events import NOW, Case, breached, step, warned


def test_nobody_looks_again_and_again_for_what_waits_until_a_call_ends(office: Office) -> None:
    for number in range(9):
        send(office, f"k{number}", to=f"+8613800138{number:03}", urgent=True)
    busy = office.claim()
    assert len(busy) == 8
    assert office.rests(busy), "the loop sleeps until a call ends"
    assert office.earliest() == NOW, "but no time goes on without it"


def test_its_time_is_over_before_it_could_go(office: Office) -> None:
    office.provider.answers.append(Failed("down"))
    send(office)
    office.send_due()
    office.forward(hours=73)
    assert office.rows(rule="direct")[0]["state"] == "expired"
    assert "message_failed" in {row["rule"] for row in office.rows()}


def test_a_provider_that_is_down_rests_and_holds_neither_time_nor_others_up(office: Office) -> None:
    for number in range(6):
        send(office, f"k{number}", to=f"+8613800138{number:03}", urgent=True)
    send(office, "mail", channel="email", to="a@example.com", subject="s")
    broken = Provider(answers=type(office.provider.answers)([Failed("connection refused")] * 9))
    office.sender = Sender(RULES, {SMS: broken, EMAIL: office.provider, "webhook": office.provider})
    office.send_due()
    assert [each.channel for each in office.provider.sent] == [EMAIL]
    assert office.rests()
    send(office, "new", urgent=True)
    assert office.earliest() > NOW, f"the lane rests up to {LONGEST_SECONDS} s"


def test_a_flood_is_bundled_and_its_first_message_goes_at_once(office: Office) -> None:
    cases = [Case(f"2600000{number:05}", owner="south-desk") for number in range(200)]
    office.tell(*(breached(case, warned=[]) for case in cases))
    first = office.send_due()
    assert len(first) == 6, "one to each of three people on each of two channels"
    rest = office.forward(seconds=30)
    per_way: dict[str, int] = {}
    for each in [*first, *rest]:
        per_way[each.to] = per_way.get(each.to, 0) + 1
    assert len(per_way) == 6
    assert max(per_way.values()) <= 3
    (whole, *_) = [each for each in rest if each.to == "desk@aftercare.example"]
    assert "条通知" in whole.subject
    assert set(office.states()) == {"sent"}
    assert len(office.rows()) == 1200


def test_bundling_does_not_delay_the_first_message_of_a_major_case(office: Office) -> None:
    office.tell(*(warned(Case(f"2600000{number:05}", owner="south-desk"), 0.5) for number in range(5)))
    assert len(office.send_due()) == 1
    office.tell(warned(Case("260000099999", owner="south-desk", severity="major"), 0.5))
    assert len(office.send_due()) == 1, "not urgent, but the first that is heard of a major case"


def test_codes_of_a_bundle_are_all_in_the_mail(office: Office) -> None:
    cases = [Case(f"2600000{number:05}") for number in range(9)]
    office.tell(*(step(case, "desk", escalation_id=case.case_no) for case in cases))
    sent = [*office.send_due(), *office.forward(seconds=30)]
    mails = "\n".join(each.subject + each.text for each in sent if each.channel == EMAIL)
    assert all(case.case_no in mails for case in cases)
