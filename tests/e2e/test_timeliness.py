"""What was said of clocks, figures of timeliness, and a policy tried beforehand: at the terminal of a running suite."""

import csv

import yaml

from services.sla.storage.policy_files import BUILTIN
from tests.e2e.test_desk import register

TIME = ("--from", "2026-10-01", "--to", "2026-12-01")


def test_everything_said_of_a_clock_can_be_read(suite):
    now = suite.told("clock", "show")["now"]  # tests before this one have moved it
    number = register(suite, occurred_at=now)
    suite.done("case", "step", number, "hand_over", "--by", "li.qiang", "owner=li.qiang")
    reply = ("text=We come and look.", "plan=inspect on site", "by_when=2027-06-01T10:00:00+08:00")
    suite.done("case", "step", number, "reply", "--by", "li.qiang", *reply)
    told = suite.told("case", "clocks", number, "--history")
    # A limit of 24 hours: neither near nor over, whatever the hour is.
    response = [(each["change"], each["by"]) for each in told["entries"] if each["clock"] == "first_response"]
    assert [change for change, _ in response] == ["started", "stopped"]
    assert response[1][1] == "li.qiang"
    page = suite.done("case", "clocks", number, "--history", "--lang", "zh")
    assert "停止：按时" in page
    held = suite.told("sla", "holders", number)
    assert [each["holder"] for each in held["times"]][-1:] in ([], ["person"])


def test_figures_go_into_a_table_and_into_a_file(suite, tmp_path):
    register(suite)
    file, held = tmp_path / "figures.csv", tmp_path / "held.csv"
    assert "handover" in suite.done("sla", "statistics", *TIME, "--by", "clock,kind", "--holders")
    suite.done("sla", "statistics", *TIME, "--by", "period,clock", "--csv", str(file), "--holders-csv", str(held))
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert any(row["clock"] == "resolution" and int(row["started"]) >= 1 for row in rows)
    assert held.read_text(encoding="utf-8-sig").startswith("region,department,holder,owner,cases,working_seconds")
    wrong = suite.aftercare("sla", "statistics", *TIME, "--by", "clock,shoe")
    assert wrong.returncode == 2
    assert "--by" in wrong.stderr


def test_a_policy_is_tried_on_what_was(suite, tmp_path):
    register(suite)
    data = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    data["clocks"]["resolution"]["limit"] = {"working_days": 30}
    data["version"] = "try"
    policy = tmp_path / "new.yaml"
    policy.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    told = suite.told("replay-policy", str(policy), *TIME)
    assert told["cases"] >= 1
    assert {row["clock"] for row in told["clocks"]} >= {"resolution", "handover"}
    assert "cases: 0 clocks would newly be overrun" in suite.done("replay-policy", str(policy), *TIME)
    data["clocks"]["resolution"]["limit"] = {"working_days": 30, "same_day": True}
    policy.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    refused = suite.aftercare("replay-policy", str(policy), *TIME)
    assert refused.returncode == 2
    assert "resolution" in refused.stderr
