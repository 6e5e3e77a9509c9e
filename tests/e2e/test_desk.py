"""A clerk takes a call, an owner works on it: the story of one case at the terminal."""

import json

from shared.cli.cases.effect import BEHIND
from shared.cli.telling import spoken
from shared.cli.times import when
from tests.e2e.conftest import Ended, Running

CALL = (
    "case register --kind complaint --channel phone --phone 13812345678 --name 王芳 --region south.guangdong.foshan "
    "--order-no A7 --quantity 12 --defective-quantity 3 --occurred-at 2026-10-09T22:00:00+08:00"
).split()
TRIES = 3
WORDS = ("--subject", "Tiles came off", "--description", "Twelve tiles came off two weeks after laying.")


def register(suite: Running, **more: str) -> str:
    options = [word for name, value in more.items() for word in (f"--{name.replace('_', '-')}", value)]
    number: str = suite.told(*CALL, *WORDS, *options)["case_no"]
    return number


def promised(suite: Running) -> tuple[str, str]:
    """A call with a promise, and what is said; where other tests kept sla longer than a call waits, one more call."""
    for ref in map("call-{}".format, range(TRIES)):
        typed = suite.typed(*CALL, *WORDS, "--external-ref", ref)
        assert (typed.returncode, typed.stderr) == (0, "")
        if "Reply by" in typed.stdout:
            break
    return ref, typed.stdout


def test_a_call_becomes_a_case_with_a_promise_that_can_be_read_out(suite):
    ref, said = promised(suite)
    assert "Reply by    Sat 2026-10-10 22:00:00 +08:00" in said
    assert "Opinion by  Wed 2026-10-14 18:00:00 +08:00" in said
    again = suite.done(*CALL, *WORDS, "--external-ref", ref)
    assert "It was registered before" in again


def test_a_case_is_shown_with_its_clocks_and_why_each_is_due(suite):
    number = register(suite)
    told = suite.told("case", "show", number)
    assert told["case"]["facts"][0]["fact"] == "received"
    assert {clock["clock"] for clock in told["clocks"]} >= {"first_response", "handover", "resolution"}
    page = suite.done("case", "show", number)
    assert "Tiles came off" in page
    assert "due Sat 10 Oct 2026 22:00. Stops when the customer gets a reply" in page
    assert "S1 三(1)" in page
    assert "Tiles came off" in suite.done("case", "show", *spoken(number).split())
    chinese = suite.done("case", "show", number, "--lang", "zh")
    assert "截止2026年10月10日22:00（周六）" in chinese
    assert "已登记" in chinese


def test_a_deadline_is_explained_and_drawn(suite):
    number = register(suite)
    told = suite.told("case", "explain", number, "resolution", "--if-waiting-from", "now")["explanations"]
    assert [each["clock"]["clock"] for each in told] == ["resolution"]
    assert "working hours left" in told[0]["if"]["text"]["en"]
    page = suite.done("case", "explain", number, "resolution", "--ascii")
    assert "10 working days, not counting the day it starts" in page
    assert "# counted  - open, not counted" in page


def test_steps_are_shown_taken_and_refused_with_the_legal_ones(suite):
    number = register(suite)
    legal = suite.told("case", "step", number)
    assert legal["state"] == "registered"
    assert "hand_over" in legal["legal"]
    assert "close" not in legal["legal"]
    assert "owner=…" in suite.done("case", "step", number)

    number, taken, said = worked_on(suite)
    assert "is handed_over, version 2" in taken.stdout
    assert "Stopped: handover (met)" in taken.stdout
    (opinion,) = [each for each in suite.told("case", "show", number)["clocks"] if each["clock"] == "opinion"]
    assert f"Started: opinion, due {when(opinion['due_at'])}" in taken.stdout
    assert "Next due: " in taken.stdout
    assert "warning: by: chen is not in the people file" in taken.stderr
    assert "Not stopped: first_response; it stops when the customer gets a reply that says what" in said

    refused = suite.aftercare("case", "step", number, "close", "--by", "chen")
    assert refused.returncode == 2
    why, instead = refused.stderr.splitlines()
    assert "close is not possible while it is handed_over, only while it is revisited" in why
    assert "possible now: correct, hand_over" in instead
    assert suite.told("case", "show", number)["case"]["version"] == 3


def worked_on(suite: Running) -> tuple[str, Ended, str]:
    """A case, what is said of its hand-over and of a reply; where sla did not catch up in time, one more case."""
    for _ in range(TRIES):
        number = register(suite)
        taken = suite.aftercare("case", "step", *spoken(number).split(), "hand_over", "--by", "chen", "owner=lin")
        said = suite.done("case", "step", number, "reply", "--by", "li.qiang", "text=We look at it.")
        if BEHIND not in taken.stdout + said:
            break
    return number, taken, said


def test_fields_of_a_step_have_their_types_and_parts(suite):
    number = register(suite)
    suite.done("case", "step", number, "correct", "--by", "chen", "set.category=misuse", "reason=looked again")
    suite.done("case", "step", number, "hand_over", "--by", "chen", "owner=lin", "expected_version=2")
    case = suite.told(
        *("case", "step", number, "determine_cause", "--by", "lin", "cause=quality_defect"),
        *("departments=production,purchasing", "grounds=batch 7 is too thin", "ours=true"),
    )
    assert (case["category"], case["cause"], case["department"]) == ("misuse", "quality_defect", "production")
    evidence = json.dumps([{"ref": "photo-1", "kind": "photo"}])
    suite.done("case", "step", number, "inspect", "--by", "lin", "findings=hollow", f"evidence:={evidence}")


def test_an_owner_sees_what_is_due_first_at_the_top(suite):
    urgent, calm = register(suite, severity="major"), register(suite, kind="inquiry")
    for number in (calm, urgent):
        suite.done("case", "step", number, "hand_over", "--by", "chen", "owner=zhao")
    done = register(suite, kind="inquiry")
    suite.done("case", "step", done, "hand_over", "--by", "chen", "owner=zhao")
    suite.done("case", "step", done, "resolve", "--by", "zhao", "accountable=zhao", "result=answered")
    settle(suite)
    mine = suite.told("case", "mine", "--owner", "zhao")["cases"]
    assert [case["case_no"] for case in mine] == [urgent, calm]
    assert mine[0]["next_due"]["due_at"] <= mine[1]["next_due"]["due_at"]
    assert urgent in suite.done("case", "mine", "--owner", "zhao")
    assert "nobody has no open case" in suite.done("case", "mine", "--owner", "nobody")


def test_cases_are_listed_and_exported(suite, tmp_path):
    number = register(suite, region="north.export")
    listed = suite.told("case", "list", "--region", "north.export")["cases"]
    assert [case["case_no"] for case in listed] == [number]
    file = tmp_path / "cases.jsonl"
    suite.done("export", str(file), "--region", "north.export")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [case["case_no"] for case in lines] == [number]
    assert lines[0]["history"]


def test_a_long_list_says_that_there_are_more_and_how_to_go_on(suite):
    numbers = [register(suite, region="north.many") for _ in range(3)]
    some = ("case", "list", "--region", "north.many", "--newest", "--limit", "2")
    first = suite.told(*some)
    then = suite.told(*some, "--after", first["next"])
    assert [case["case_no"] for case in first["cases"] + then["cases"]] == numbers[::-1]
    assert "next" not in then
    assert f"2 shown, there are more: --limit shows more at once, --after {first['next']} goes" in suite.done(*some)


def test_a_request_comes_from_json_too(suite):
    request = {
        "kind": "suggestion",
        "channel": "store",
        "customer": {},
        "subject": "Open on Sundays",
        "description": "Please.",
    }
    answer = suite.told("case", "register", "--from-json", "-", stdin=json.dumps(request))
    assert answer["state"] == "registered"


def test_what_is_wrong_is_a_line_for_every_field(suite):
    refused = suite.typed(
        *"case register --kind complant --channel phone --phone 12 --subject x --description y".split()
    )
    assert refused.returncode == 2
    assert refused.stdout == ""
    kind, phone = refused.stderr.splitlines()
    assert kind.startswith("aftercare: --kind: must be one of")
    assert phone.startswith("aftercare: --phone: is not a")
    unknown = suite.aftercare("case", "show", "000000000000", "--json")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    error = json.loads(unknown.stderr)["error"]
    assert error["exc_type"] == "NotFound"
    assert error["value"].endswith("`aftercare case list` shows them")


def test_the_suites_state_is_told(suite):
    told = suite.told("status")
    assert {name for name, service in told["services"].items() if service["ready"]} == set(suite.suite.http)
    assert suite.told("parked", "list") == {"messages": [], "away": []}
    assert told["dead_letters"] == 0
    assert "intake" in suite.done("status")
    missing = suite.aftercare("parked", "replay", "sla", "999")
    assert missing.returncode == 2
    assert "no held message 999" in missing.stderr


def test_a_broken_deadline_comes_first_and_says_how_much_it_is_overdue(suite):
    now = suite.told("clock", "show")["now"]  # tests before this one have moved it
    number = register(suite, kind="inquiry", occurred_at=now)
    suite.done("case", "step", number, "hand_over", "--by", "zhang.min", "owner=overdue")
    suite.done("clock", "forward", "3d")
    mine = suite.told("case", "mine", "--owner", "overdue")["cases"][0]
    assert (mine["next_due"]["clock"], mine["next_due"]["state"]) == ("first_response", "breached")
    assert "BREACHED first_response" in suite.done("case", "mine", "--owner", "overdue")
    assert "d 0h overdue" in suite.done("case", "show", number)


def settle(suite: Running) -> None:
    """Wait until every service has heard of everything."""
    suite.done("clock", "forward", "1s")
