"""SIGKILL around a letter's commit: one case, whatever the mailbox says of it (IN-16)."""

import signal
from pathlib import Path

from tests.integration.intake.mail_desk import mail
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

BEFORE = "intake: after a message was read, before its letter's commit"
AFTER = "intake: after a letter's commit, before it is put away"


def marked(dovecot: Dovecot) -> list[bool]:
    return ["AftercareTaken" in flags for flags in dovecot.flags()]


def strike(intake: ServiceProcess, point: str) -> None:
    real, intake.module = intake.module, ["tests.faults.struck", "intake"]
    intake.start(point, "1")
    assert intake.wait() == -signal.SIGKILL, intake.tail()
    intake.module = real


def test_a_letter_is_one_case_whatever_is_struck_down(tmp_path: Path, amqp_uri: str) -> None:
    with running_dovecot() as dovecot:
        for number in range(3):
            dovecot.deliver(mail(message_id=f"<{number}@x>").as_bytes())
        settings = {"AFTERCARE_INTAKE_IMAP_URL": dovecot.url(), "AFTERCARE_INTAKE_IMAP_SECONDS": "1"}
        intake = ServiceProcess(tmp_path, amqp_uri, "intake", settings=settings)
        try:
            strike(intake, BEFORE)
            assert intake.query("SELECT count(*) FROM letters") == [0]
            strike(intake, AFTER)
            assert intake.query("SELECT state FROM letters") == ["case"]
            assert marked(dovecot) == [False] * 3
            intake.start().ready()
            wait_for(lambda: all(marked(dovecot)), "all are put away", 60)
            assert sorted(intake.query("SELECT external_ref FROM cases")) == [f"<{n}@x>" for n in range(3)]
            assert intake.query("SELECT state FROM letters") == ["case"] * 3
        finally:
            intake.kill()
