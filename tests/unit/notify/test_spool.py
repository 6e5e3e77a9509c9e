"""The spool folder: whole files that people can read, one for each attempt."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from itertools import count
from pathlib import Path

import pytest

from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused
from services.notify.gateways.spool import Spool

START = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
DELIVERED = Accepted(provider_reference=None, is_final=True)
MAIL = Outgoing(
    reference="m-1",
    channel="email",
    to="li@example.cn",
    subject="投诉已登记",
    text="李先生:\n您的投诉已登记。",
    html="<p>您的投诉已登记。</p>",
)
SMS = Outgoing(reference="m-2", channel="sms", to="+8613800138000", text="【售后】您的投诉已登记。")
HOOK = Outgoing(
    reference="m-3", channel="webhook", to="https://a.cn/b", text='{"kind": "召回"}', headers={"X-Event": "alert"}
)


@pytest.fixture
def instants() -> Iterator[datetime]:
    return (START + timedelta(seconds=n) for n in count())


@pytest.fixture
def spool(tmp_path: Path, instants: Iterator[datetime]) -> Spool:
    return Spool(tmp_path / "spool", lambda: next(instants))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "spool").iterdir() if not path.name.startswith("."))


def test_files_sort_by_time_and_their_names_hold_nothing_personal(spool: Spool, tmp_path: Path):
    assert [spool.send(each) for each in (HOOK, SMS, MAIL)] == [DELIVERED] * 3
    names = [path.name for path in files(tmp_path)]
    assert [name.partition("-")[2] for name in names] == ["webhook-m-3.json", "sms-m-2.txt", "email-m-1.eml"]
    assert names[0].startswith("20261009T140000.000000Z-")
    assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o600}


def test_a_mail_can_be_read_by_eye_and_by_a_mail_program(spool: Spool, tmp_path: Path):
    spool.send(MAIL)
    content = files(tmp_path)[0].read_bytes()
    assert "Subject: 投诉已登记\n" in content.decode()
    assert "您的投诉已登记。" in content.decode()
    mail = BytesParser(policy=policy.default).parsebytes(content)
    assert (mail["Subject"], mail["To"]) == ("投诉已登记", "li@example.cn")
    assert mail.get_body(("html",)).get_content() == "<p>您的投诉已登记。</p>\n"


def test_a_short_message_says_what_it_would_cost(spool: Spool, tmp_path: Path):
    spool.send(SMS)
    head, _, text = files(tmp_path)[0].read_text().partition("\n\n")
    assert head.splitlines()[0] == "To: +8613800138000"
    assert "Segments: 1 (ucs2)" in head
    assert text == SMS.text + "\n"


def test_a_webhook_keeps_its_body_and_headers(spool: Spool, tmp_path: Path):
    spool.send(HOOK)
    spool.send(replace(HOOK, reference="m-4", text="no JSON"))
    kept = [json.loads(path.read_text()) for path in files(tmp_path)]
    assert kept[0]["body"] == {"kind": "召回"}
    assert kept[0]["headers"] == {"X-Event": "alert"}
    assert kept[1]["body"] == "no JSON"


def test_what_a_crash_left_unfinished_was_never_written(spool: Spool, tmp_path: Path):
    spool.send(SMS)
    (file,) = files(tmp_path)
    file.rename(file.with_name(f".{file.name}"))  # as if it ended before the rename
    assert spool.ask("m-2") == Failed("it was never written")


def test_the_spool_can_be_asked(spool: Spool):
    assert spool.ask("m-2") == Failed("it was never written")
    spool.send(SMS)
    assert spool.ask("m-2") == DELIVERED


def test_a_wrong_address_is_refused_and_nothing_written(spool: Spool, tmp_path: Path):
    assert isinstance(spool.send(replace(MAIL, to="nobody")), Refused)
    assert isinstance(spool.send(replace(SMS, reference="../../m-2")), Refused)
    assert not (tmp_path / "spool").exists() or not files(tmp_path)


def test_a_folder_that_cannot_be_written_is_a_failure_that_may_be_tried_again(tmp_path: Path):
    (tmp_path / "spool").write_text("a file")
    assert isinstance(Spool(tmp_path / "spool", lambda: START).send(SMS), Failed)
    assert (tmp_path / "spool").read_text() == "a file"
