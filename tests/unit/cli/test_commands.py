"""The command line itself: help with examples, exit codes, one line for what is wrong, and no traceback."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shared.cli.main import COMMANDS, build, run
from shared.kernel.errors import AftercareError
from shared.nodes.suite_folder import SuiteFolder

LEAVES = [
    ("audit", "verify"),
    ("audit", "seal"),
    ("audit", "reads"),
    ("calls", "list"),
    ("calls", "show"),
    ("calls", "reconcile"),
    ("up",),
    ("demo",),
    ("status",),
    ("case", "register"),
    ("case", "show"),
    ("case", "clocks"),
    ("case", "step"),
    ("case", "history"),
    ("case", "tasks"),
    ("case", "urge"),
    ("case", "approve"),
    ("case", "reject"),
    ("case", "attach"),
    ("case", "fetch"),
    ("case", "renew-tasks"),
    ("case", "compensate", "propose"),
    ("case", "compensate", "approve"),
    ("case", "compensate", "refuse"),
    ("case", "compensate", "pay"),
    ("case", "print"),
    ("case", "proof"),
    ("case", "mine"),
    ("case", "list"),
    ("case", "repeats"),
    ("case", "confirm-repeat"),
    ("case", "reject-repeat"),
    ("import",),
    ("export",),
    ("subscribe",),
    ("article", "load"),
    ("article", "list"),
    ("article", "find"),
    ("article", "show"),
    ("survey", "record"),
    ("survey", "list"),
    ("survey", "ask"),
    ("survey", "statistics"),
    ("maintenance", "orders"),
    ("maintenance", "order"),
    ("maintenance", "equipment"),
    ("maintenance", "register"),
    ("maintenance", "plan"),
    ("maintenance", "schedule"),
    ("maintenance", "start"),
    ("maintenance", "complete"),
    ("maintenance", "check"),
    ("maintenance", "postpone"),
    ("escalation", "story"),
    ("escalation", "ack"),
    ("escalation", "team"),
    ("sla", "statistics"),
    ("sla", "holders"),
    ("policy", "check"),
    ("policy", "preview"),
    ("policy", "publish"),
    ("policy", "show"),
    ("calendar", "announce"),
    ("calendar", "preview"),
    ("calendar", "publish"),
    ("calendar", "show"),
    ("replay-policy",),
    ("assignment", "check"),
    ("assignment", "load"),
    ("assignment", "show"),
    ("assignment", "explain"),
    ("assignment", "run"),
    ("regions", "load"),
    ("regions", "show"),
    ("customer", "add"),
    ("customer", "show"),
    ("customer", "find"),
    ("customer", "import"),
    ("customer", "export"),
    ("customer", "erase"),
    ("token", "create"),
    ("token", "list"),
    ("token", "revoke"),
    ("mail", "list"),
    ("mail", "show", "1"),
    ("mail", "retry", "1"),
    ("parked", "list"),
    ("parked", "replay"),
    ("parked", "drop"),
    ("worktime", "add"),
    ("worktime", "between"),
    ("worktime", "explain"),
    ("clock", "show"),
    ("clock", "forward"),
    ("migrate",),
]
AT_A_SUITE = [
    ("status",),
    ("case", "register"),
    ("case", "show", "1"),
    ("case", "step", "1"),
    ("case", "mine", "--owner", "lin"),
    ("case", "print", "123456789012", "--by", "lin"),
    ("case", "proof", "123456789012", "--by", "lin"),
    ("case", "history", "123456789012"),
    ("case", "tasks"),
    ("case", "urge", "123456789012", "plan", "--by", "lin"),
    ("case", "approve", "123456789012", "--department", "x", "--by", "lin"),
    ("case", "attach", "123456789012", "LICENSE", "--by", "lin"),
    ("case", "list"),
    ("import", "x.csv", "--mapping", "x.yaml"),
    ("export", "-"),
    ("subscribe", "--team", "south"),
    ("maintenance", "orders"),
    ("maintenance", "complete", "W1-0", "--by", "lin"),
    ("escalation", "story", "1"),
    ("escalation", "ack", "--code", "123456"),
    ("escalation", "team", "1", "--leader", "a", "--members", "b", "--by", "a"),
    ("assignment", "load", "deploy/assignment/example.yaml", "--by", "desk"),
    ("assignment", "explain", "954770952750"),
    ("assignment", "run"),
    ("regions", "load", "x.yaml"),
    ("regions", "show"),
    ("customer", "add", "--name", "x"),
    ("customer", "show", "C1"),
    ("customer", "find", "--name", "x"),
    ("customer", "import", "x.csv"),
    ("customer", "export", "--phone", "x", "--by", "x"),
    ("customer", "erase", "--phone", "x", "--by", "x", "--reason", "x"),
    ("calls", "list"),
    ("calls", "show", "c-1"),
    ("calls", "reconcile", "x.jsonl"),
    ("sla", "statistics"),
    ("policy", "show"),
    ("calendar", "show"),
    ("parked", "list"),
    ("parked", "replay", "sla", "1"),
    ("clock", "show"),
    ("clock", "forward", "1h"),
]

NO_SUITE = (
    "no suite runs in {}; run this where the suite was started, or give --data; `make up` or `aftercare up` starts one"
)


def invoke(*words: str):
    return CliRunner().invoke(build(words), list(words))


def test_every_command_is_in_the_table_of_contents():
    assert {leaf[0] for leaf in LEAVES} == set(COMMANDS)
    overview = invoke("--help").output
    assert all(name in overview for name in COMMANDS)


@pytest.mark.parametrize("leaf", LEAVES, ids=" ".join)
def test_every_command_has_help_with_examples_that_fit_on_a_narrow_terminal(leaf):
    shown = invoke(*leaf, "--help")
    assert shown.exit_code == 0
    assert f"aftercare {' '.join(leaf)}" in shown.output
    examples = shown.output.partition("Examples:")[2].partition("╭")[0].splitlines()[1:]
    assert examples
    assert [line for line in examples if line.strip() and not line.startswith("   ")] == []


@pytest.mark.parametrize("leaf", LEAVES, ids=" ".join)
def test_an_unknown_option_is_a_usage_error(leaf):
    assert invoke(*leaf, "--no-such-option").exit_code == 2


@pytest.mark.parametrize("words", AT_A_SUITE, ids=" ".join)
def test_without_a_suite_it_is_said_how_to_start_one(tmp_path, words):
    ended = invoke(*words, "--data", str(tmp_path))
    assert isinstance(ended.exception, AftercareError)
    assert str(ended.exception) == NO_SUITE.format(tmp_path)


def test_an_error_is_one_line_on_stderr_and_exit_code_2(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "shared.cli.main", "status", "--data", str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"aftercare: {NO_SUITE.format(tmp_path)}\n"


def test_a_suite_that_is_starting_is_told_from_none(tmp_path):
    folder = SuiteFolder(tmp_path)
    folder.claim()
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    said = str(invoke("case", "list", "--data", str(tmp_path)).exception)
    assert said.startswith(f"the suite in {tmp_path} (process {os.getpid()}) is starting or stopping")
    folder.release()
    assert str(invoke("case", "list", "--data", str(tmp_path)).exception) == NO_SUITE.format(tmp_path)


def test_the_folder_is_named_in_full_wherever_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(invoke("status").exception) == NO_SUITE.format(tmp_path / "var/suite")


def test_programs_get_errors_as_json(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        run(["status", "--json", "--data", str(tmp_path)])
    assert ended.value.code == 2
    told = json.loads(capsys.readouterr().err)
    assert told == {"error": {"exc_type": "Unavailable", "value": NO_SUITE.format(tmp_path), "exc_args": [None]}}


def test_the_version_is_told_and_near_commands_are_named():
    assert invoke("--version").output.startswith("aftercare ")
    assert "Did you mean 'status'?" in invoke("statu").output


@pytest.mark.parametrize("content", ["", "{", "[]", '{"http": {}}'])
def test_a_suite_file_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "suite.json").write_text(content)
    assert "is not what `aftercare up` writes" in str(invoke("case", "list", "--data", str(tmp_path)).exception)


def test_a_broker_that_is_gone_is_said(tmp_path):
    (tmp_path / "suite.json").write_text(
        '{"amqp_uri": "amqp://a:b@127.0.0.1:1/x", "http": {}, "clock": {}, "pids": {}}'
    )
    ended = invoke("case", "list", "--data", str(tmp_path))
    assert "the suite's broker does not answer" in str(ended.exception)


def test_migrate_names_every_setting_that_is_missing_and_every_wrong_service(tmp_path):
    missing = invoke("migrate", "intake", "sla")
    assert "AFTERCARE_INTAKE_DB_URL is not set" in str(missing.exception)
    assert "AFTERCARE_SLA_DB_URL is not set" in str(missing.exception)
    assert "billing: no such service; there are intake" in str(invoke("migrate", "billing").exception)
    environment = {"AFTERCARE_NOTIFY_DB_URL": f"sqlite:///{tmp_path}/notify.db"}
    for was in ("null", '"0'):
        done = CliRunner().invoke(build(["migrate"]), ["migrate", "notify", "--json"], env=environment)
        assert f'"was": {was}' in done.output


def test_migrate_says_in_one_line_that_somebody_else_is_writing(tmp_path, capsys, monkeypatch):
    holder = sqlite3.connect(tmp_path / "notify.db", isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setenv("AFTERCARE_NOTIFY_DB_URL", f"sqlite:///{tmp_path}/notify.db")
    with pytest.raises(SystemExit) as ended:
        run(["migrate", "notify"])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("aftercare: notify is not migrated: the SQLite file is locked: another process has been")
    holder.close()
