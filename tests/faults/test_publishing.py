"""Bad days of a publication: the process ends in the middle of carrying it through, two carry one at once (SL-6)."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults.firing import hear
from tests.faults.publishing import Announced, announcement
from tests.support.client import client
from tests.support.waiting import wait_for

CASES = 330
"""Some batches, and a rest."""
POINTS = {
    "sla: a publication is made, before its commit": 1,
    "sla: a publication's cases are collected, before their commit": 1,
    "sla: a publication's cases before their commit": 2,
    "sla: a publication's cases after a commit": 2,
    "sla: a publication is done, before its commit": 1,
}
"""Struck down at each in turn, on the way of one publication, at so-manieth call."""
PUBLISH = "sla.publish_calendar"


def strike(town: Announced, point: str, begin: Callable[[], str]) -> str:
    """Have it struck down there, after what is begun; what that gives."""
    town.sla.start(point, str(POINTS[point]))
    begun = begin()
    wait_for(lambda: not town.sla.is_alive(), f"the crash at: {point}; {town.sla.tail()}")
    assert town.sla.wait() == -signal.SIGKILL, town.sla.tail()
    assert town.sla.query("SELECT count(*) FROM publications WHERE state = 'done' AND by = 'chen'") == [0]
    return begun


def crash_and_check(town: Announced, amqp_uri: str, points: Sequence[str]) -> None:
    """Announced, struck down on the way again and again, started again."""
    town.sla.module = ["tests.faults.struck", "sla"]
    try:
        with client(amqp_uri) as outside:
            hear(outside)

            def publish() -> str:
                town.sla.ready()
                return outside.send(PUBLISH, announcement())

            asked = strike(town, points[0], publish)
            for point in points[1:]:
                strike(town, point, lambda: "")
            town.sla.start().ready()
            answer = outside.answers(1)[asked]
            assert answer["error"] is None, answer
            town.until_done()
            town.check(outside)
        assert town.sla.query("SELECT cases FROM publications WHERE by = 'chen'") == [CASES]
        assert town.sla.stop() == 0, town.sla.tail()
    finally:
        town.close()


def test_a_crash_at_each_point_of_a_publication(tmp_path: Path, amqp_uri: str) -> None:
    crash_and_check(Announced(tmp_path, amqp_uri, "", CASES), amqp_uri, list(POINTS))


def test_a_crash_in_the_middle_on_postgresql(tmp_path: Path, amqp_uri: str, postgres_url: str) -> None:
    town = Announced(tmp_path, amqp_uri, postgres_url, CASES)
    crash_and_check(town, amqp_uri, ["sla: a publication's cases before their commit"])


def test_two_processes_publish_and_carry_through_at_once(tmp_path: Path, amqp_uri: str, postgres_url: str) -> None:
    # So many that the one which looks once a second comes in time to help.
    town = Announced(tmp_path, amqp_uri, postgres_url, 12 * CASES, processes=2)
    try:
        with client(amqp_uri) as outside:
            hear(outside)
            for each in town.replicas:
                each.start()
            for each in town.replicas:
                each.ready()
            same = [outside.send(PUBLISH, announcement()) for _ in range(4)]
            other = [outside.send(PUBLISH, announcement(running="keep")) for _ in range(2)]
            answers = outside.answers(len(same + other))
            refused = [each for each in answers.values() if each["error"]]
            assert {each["error"]["exc_type"] for each in refused} <= {"Conflict"}
            assert len(refused) == len(other), "the first counts; who says otherwise under its name is told so"
            town.until_done()
            town.check(outside)
        shares = [each.metric("aftercare_timers_fired_total") for each in town.replicas]
        assert min(shares) > 0, f"both carry it through: {shares}"
    finally:
        town.close()
