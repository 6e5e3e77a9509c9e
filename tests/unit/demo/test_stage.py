"""The demo's folder: it replaces only an old demo's, and takes none of the operator's settings along."""

import fcntl

import pytest

from shared.cli.demo.stage import MARK, fresh_folder, own_environment
from shared.kernel.errors import Misconfigured


def test_a_new_folder_is_made_and_marked(tmp_path):
    fresh_folder(tmp_path / "a" / "demo")
    assert (tmp_path / "a" / "demo" / MARK).exists()


def test_an_old_demos_folder_is_replaced(tmp_path):
    fresh_folder(tmp_path)
    (tmp_path / "old.db").write_text("old")
    fresh_folder(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {MARK}


def test_any_other_folder_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(Misconfigured, match="is not an old demo's folder; empty it or give another --data"):
        fresh_folder(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "dear"
    with pytest.raises(Misconfigured, match="is a file"):
        fresh_folder(tmp_path / "letter.txt")


def test_a_demo_that_still_runs_is_left_alone(tmp_path):
    fresh_folder(tmp_path)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Misconfigured, match="is in use"):
            fresh_folder(tmp_path)
    assert (tmp_path / MARK).exists()


def test_no_setting_of_the_operator_reaches_the_demo():
    given = {"PATH": "/bin", "AFTERCARE_NOTIFY_SMTP_URL": "smtp://mail.example", "AFTERCARE_AMQP_URI": "amqp://x"}
    assert own_environment(given) == {"PATH": "/bin"}
