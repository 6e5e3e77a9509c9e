"""Who sends what: processes share the messages, and what a crash left open is taken over (NO-2)."""

import pytest

from services.notify.domain.provider import Accepted, Failed, Result
from tests.integration.notify.office import Office
from tests.integration.notify.steps import send, wall_clocks_differ, watch


@pytest.mark.parametrize(("known", "state"), [(None, "unknown"), (Accepted("p"), "sent"), (Failed("no"), "accepted")])
def test_what_a_crash_left_open_is_asked_for_once_its_lease_is_over(
    office: Office, known: Result | None, state: str
) -> None:
    send(office)
    (job,) = office.claim()  # committed; then the process ends
    office.sender = office.another_sender()
    assert office.claim() == [], "it may still be under way"
    assert office.rests()
    watch(office, office.sender, seconds=6)
    if known is not None:
        office.provider.known[job.reference] = known
    (question,) = office.claim()
    assert question.outgoing is None
    office.record([question])
    assert office.rows(rule="direct")[0]["state"] == state
    assert office.provider.sent == []


def test_a_late_answer_of_a_process_that_was_thought_dead_still_counts(office: Office) -> None:
    send(office)
    jobs, other = office.claim(), office.another_sender()
    watch(office, other, seconds=6)
    office.record(office.claim(other), other)
    assert office.rows(rule="direct")[0]["state"] == "unknown"
    office.record(jobs)
    assert office.rows(rule="direct")[0]["state"] == "sent"


@pytest.mark.parametrize("behind", [-3600, 0, 3600])
def test_wall_clocks_of_replicas_do_not_matter(office: Office, behind: int) -> None:
    send(office, category="escalation")
    jobs, other = office.claim(), office.another_sender()
    wall_clocks_differ(office, seconds=behind)
    assert office.claim(other) == [], "whatever its clock says, it has only just been seen"
    watch(office, other, seconds=8, in_hand=jobs)
    assert office.claim(other) == [], "it is renewed while the call lasts"
    watch(office, other, seconds=6)
    (question,) = office.claim(other)
    assert question.attempt_id == jobs[0].attempt_id, "nobody renews it any more"


def test_who_did_not_look_for_a_while_begins_to_watch_anew(office: Office) -> None:
    send(office)
    office.claim()
    other = office.another_sender()
    watch(office, other, seconds=4)
    office.seconds += 10
    assert office.claim(other) == [], "the database may have been away, for its owner too"
    watch(office, other, seconds=6)
    assert len(office.claim(other)) == 1


def test_of_two_that_watch_one_takes_over(office: Office) -> None:
    send(office)
    office.claim()
    others = [office.another_sender(), office.another_sender()]
    for _ in range(5):
        assert all(office.rests(sender=each) for each in others)
        office.seconds += 1
    assert sorted(len(office.claim(each)) for each in others) == [0, 1]


def test_two_processes_share_and_never_send_the_same(office: Office) -> None:
    for number in range(12):
        send(office, f"k{number}", to=f"+86138001380{number:02}")
    other = office.another_sender()
    mine, theirs = office.claim(), office.claim(other)
    assert len(mine) == 8
    assert len(theirs) == 4
    assert {job.attempt_id for job in mine}.isdisjoint(job.attempt_id for job in theirs)
