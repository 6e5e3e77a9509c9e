"""A serious case is handled at the terminal: form, approvals, compensation, its history, its proof."""

import hashlib
import json

from tests.e2e.test_desk import register
from tests.e2e.test_paper import words_of
from tests.support.fonts import needs_font
from tests.support.waiting import wait_for

DEPARTMENTS = ("品质部", "生产部")


def steps(suite, number: str, *taken: str) -> None:
    for line in taken:
        step, by, *fields = line.split("|")
        suite.done("case", "step", number, step, "--by", by, *fields)


def serious(suite) -> str:
    number = register(suite, severity="serious")
    steps(
        suite,
        number,
        "hand_over|desk|owner=desk",
        "give_opinion|desk|accountable=desk|text=Lay them again.|no_warning_reason=one flat",
        "propose_measure|desk|department=品质部|measure=Check the batch.",
        "propose_measure|desk|department=生产部|measure=Make new ones.",
        "name_approvers|desk|departments=品质部,生产部|order=in_turn",
        "agree_plan|desk|text=By Friday.|subject_to_approval=true",
    )
    return number


@needs_font
def test_a_form_is_approved_in_turn_and_printed_with_who_and_when(suite, tmp_path):
    number, file = serious(suite), tmp_path / "form.pdf"
    page = suite.done("case", "show", number)
    assert "approvals: in turn: 品质部 is next, then 生产部" in page
    assert "Before treatment:" in page
    refused = suite.aftercare("case", "approve", number, "--department", "生产部", "--by", "sales-vp")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "it is the turn of 品质部" in refused.stderr
    early = suite.aftercare("case", "step", number, "start_treatment", "--by", "desk")
    assert "aftercare: missing: approval of 品质部: `approve` by 品质部" in early.stderr.splitlines()

    approve = ("case", "approve", number, "--by", "sales-vp", "--department")
    said = suite.done(*approve, "品质部", "--reason", "It is right.")
    assert "Approvals: in turn: 生产部 is next" in said
    assert "none is missing" in suite.done(*approve, "生产部")
    suite.done("case", "print", number, "--by", "desk", "--form", "handling", "--out", str(file))
    shown = words_of(file)
    for each in ("Checkthebatch.", "ByFriday.", "品质部审批同意approvedsales-vp", "Itisright.", "依次inturn"):
        assert each in shown


def test_a_refusal_goes_back_to_the_customer(suite):
    number = serious(suite)
    said = suite.done("case", "reject", number, "--department", "品质部", "--by", "sales-vp", "--reason", "Too dear.")
    assert "is opinion_given" in said
    assert "sent back; to be agreed with the customer again" in suite.done("case", "show", number)


def test_compensation_from_the_proposal_to_the_payment(suite):
    number = serious(suite)
    said = suite.done(
        *("case", "compensate", "propose", number, "--kind", "money", "--amount", "499.5"),
        *("--reason", "three days", "--by", "desk"),
    )
    key = said.partition("compensation_proposed, ")[2].split()[0]
    own = suite.aftercare("case", "compensate", "approve", number, key, "--by", "desk")
    assert "somebody else must approve it" in own.stderr
    suite.done("case", "compensate", "approve", number, key, "--by", "sales-vp")
    suite.done("case", "compensate", "pay", number, key, "--by", "desk", "--reference", "T-88")
    assert f"{key}  money  499.50 CNY  paid" in suite.done("case", "show", number)
    wrong = suite.aftercare(
        "case", "compensate", "propose", number, "--kind", "gold", "--amount", "x", "--reason", "y", "--by", "desk"
    )
    assert {line.split(": ")[1] for line in wrong.stderr.splitlines()} == {"--kind", "--amount"}


def test_the_history_shows_who_what_and_when_and_what_was_corrected(suite):
    number = register(suite)
    suite.done("case", "step", number, "correct", "--by", "zhang.min", "set.subject=Floor", "reason=misheard")
    page = suite.done("case", "history", number, "--by", "zhang.min")
    assert "subject: Floor (was: Tiles came off)" in page
    told = suite.told("case", "history", number, "--from", "2")
    assert [each["fact"] for each in told["history"]] == ["corrected"]
    unknown = suite.aftercare("case", "history", "000000000000")
    assert "`aftercare case list` shows them" in unknown.stderr


@needs_font
def test_the_proof_is_taken_as_json_and_as_pdf(suite, tmp_path):
    number, file, paper = register(suite), tmp_path / "case.json", tmp_path / "case.pdf"
    said = suite.done("case", "proof", number, "--by", "desk", "--out", str(file))
    assert "entries, signed up to entry" in said
    proof = json.loads(file.read_text())
    assert (proof["format"], proof["case_no"]) == ("aftercare case proof 1", number)
    suite.done("case", "proof", number, "--by", "desk", "--out", str(paper))
    assert proof["entries"][-1]["chain"] in words_of(paper)
    wrong = suite.aftercare("case", "proof", number, "--by", "desk", "--out", "case.txt")
    assert "--out: case.txt must end with .json or .pdf" in wrong.stderr


def test_what_is_owed_is_listed_and_urged(suite):
    number = register(suite, severity="serious", region="north.owed")
    steps(suite, number, "hand_over|desk|owner=li.qiang", "request_analysis|desk|departments=quality,生产部")
    owed = suite.told("case", "tasks", "--case", number)["tasks"]
    findings = [each for each in owed if each["duty"] == "finding"]
    assert {each["owed_by"]["department"] for each in findings} == {"quality", "production"}
    of_quality = suite.told("case", "tasks", "--department", "品质部", "--region", "north.owed")["tasks"]
    assert [each["task_id"] for each in of_quality] == ["finding:quality"]
    page = suite.done("case", "tasks", "--case", number, "--lang", "zh")
    assert "finding:quality" in page
    assert "品质部" in page
    said = suite.done("case", "urge", number, "finding:quality", "--by", "desk", "--text", "The customer calls daily.")
    assert "Quality is urged for finding:quality, once so far." in said

    def told() -> set[str]:
        messages = suite.suite.call("notify.messages", {"case_no": number})["messages"]
        return {each["to"] for each in messages if each["rule"] == "urged"}

    owner = "li.qiang@aftercare.example"
    wait_for(lambda: told() == {owner}, "nobody belongs to the department: the owner is told", 60)
    steps(suite, number, "give_finding|desk|department=production|finding=Too thin.|ours=true|cause=quality_defect")
    page = suite.done("case", "show", number)
    assert "finding:quality" in page
    assert "Production  given" in page
    assert suite.told("case", "renew-tasks", "--by", "desk")["changed"] == 0
    wrong = suite.aftercare("case", "urge", number, "no:task", "--by", "desk")
    assert wrong.returncode == 2
    assert "Nothing is owed." in suite.done("case", "tasks", "--owner", "nobody.at.all")


@needs_font
def test_files_are_attached_under_their_digests(suite, tmp_path):
    number = register(suite)
    photo, paper = tmp_path / "kitchen.jpg", tmp_path / "register.pdf"
    photo.write_bytes(b"\xff\xd8 a photo")
    digest = f"sha256:{hashlib.sha256(photo.read_bytes()).hexdigest()}"
    said = suite.done("case", "attach", number, str(photo), "--kind", "photo", "--by", "desk", "--about", "The floor.")
    assert f"{photo}: {digest}" in said
    told = suite.told("case", "show", number)["case"]
    assert [(each["name"], each["kind"], each["digest"]) for each in told["evidence"]] == [
        ("kitchen.jpg", "photo", digest)
    ]
    assert told["history"][-1]["fact"] == "evidence_added"
    assert digest in suite.done("case", "history", number)
    suite.done("case", "print", number, "--by", "desk", "--form", "register", "--out", str(paper))
    assert digest in words_of(paper)
    copy = tmp_path / "copy.jpg"
    suite.done("case", "fetch", number, digest, "--by", "desk", "--out", str(copy))
    assert copy.read_bytes() == photo.read_bytes()
    missing = suite.aftercare("case", "attach", number, str(tmp_path / "none.jpg"), "--by", "desk")
    assert "aftercare: FILE: cannot read" in missing.stderr
