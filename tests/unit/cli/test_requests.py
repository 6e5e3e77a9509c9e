"""From what is typed to a request."""

import pytest

from shared.cli import border
from shared.cli.cases.fields import ASKED, OPTIONS, REGISTRATION
from shared.cli.cases.numbers import case_number, split_number
from shared.cli.cases.step import request_of
from shared.cli.cases.warnings import unknown_fields, unlisted
from shared.cli.options import place
from shared.cli.problems import as_json, in_words_of, lines, one_line
from shared.cli.rpc import read_answer
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, Misconfigured, NotFound, Unavailable


def leaves(fields, above=""):
    for name, field in fields.items():
        inner = border.inner_fields(field)
        yield from leaves(inner, f"{above}{name}.") if inner else [above + name]


def test_every_field_of_a_registration_has_its_option():
    assert sorted(option.field for option in REGISTRATION) == sorted(leaves(border.registration_fields()))
    assert set(ASKED) <= {option.field for option in REGISTRATION}
    assert len({option.name for option in REGISTRATION}) == len(REGISTRATION)


def test_fields_of_a_step_get_the_types_that_intake_takes():
    assert request_of("correct", ["set.complained_about=", "reason=x"])["set"] == {"complained_about": []}
    request = request_of("determine_cause", ["cause=other", "departments=a, b", "grounds=x=y", "ours=true"])
    assert request == {
        "step": "determine_cause",
        "cause": "other",
        "departments": ["a", "b"],
        "grounds": "x=y",
        "ours": True,
    }
    assert request_of("revisit", ["satisfied=false", "score=7"]) == {"step": "revisit", "satisfied": False, "score": 7}
    assert request_of("correct", ["set.product.model=X", "set.verifiable=false", "reason=y"]) == {
        "step": "correct",
        "set": {"product": {"model": "X"}, "verifiable": False},
        "reason": "y",
    }
    assert request_of("inspect", ['evidence:=[{"ref": "a"}]'])["evidence"] == [{"ref": "a"}]
    assert request_of("close", ["expected_version=3", "at=2026-10-09T22:00:00+08:00"])["expected_version"] == 3


def test_an_unknown_step_or_field_is_left_to_intake():
    assert request_of("fly", ["high=true"]) == {"step": "fly", "high": "true"}


@pytest.mark.parametrize("word", ["owner", "=x", ":=1", "evidence:={", "set=x"])
def test_what_is_no_field_is_refused(word):
    with pytest.raises(Invalid):
        request_of("correct", [word])


def test_a_part_of_a_plain_value_is_refused():
    with pytest.raises(Invalid, match=r"a\.b: a has a value of its own"):
        place({"a": "x"}, "a.b", "y")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Invalid", Invalid),
        ("NotFound", NotFound),
        ("Conflict", Conflict),
        ("Forbidden", Forbidden),
        ("Unavailable", Unavailable),
        ("Internal", AftercareError),
        ("MethodNotFound", AftercareError),
    ],
)
def test_errors_on_the_wire_are_the_kernels(kind, expected):
    detail = b'{"x": ["y"]}'
    error = read_answer(
        b'{"result": null, "error": {"exc_type": "%s", "value": "no", "exc_args": [%s]}}' % (kind.encode(), detail)
    )
    assert isinstance(error, expected)
    assert "no" in str(error)


def test_a_good_answer_is_its_result():
    assert read_answer(b'{"result": {"a": 1}, "error": null}') == {"a": 1}


def test_an_error_is_told_with_what_helps():
    invalid = Invalid("not acceptable", {"a": ["is x", "is y"], "b": ["Missing data for required field."]})
    assert lines(invalid) == ["a: is x", "a: is y", "b: is required"]
    assert one_line(invalid) == "a: is x; a: is y; b: is required"
    assert one_line(Conflict("not now", {"legal": ["close", "reopen"]})) == "not now; possible now: close, reopen"
    assert one_line(Unavailable("two\nlines")) == "two lines"
    assert lines(Misconfigured(["port taken", "folder\nfull"])) == ["port taken", "folder full"]
    assert as_json(Conflict("not now", {"state": "x"}))["error"] == {
        "exc_type": "Conflict",
        "value": "not now",
        "exc_args": [{"state": "x"}],
    }


def test_fields_are_told_by_the_names_of_their_options():
    refused = Invalid("not acceptable", {"customer.phone": ["is none"], "kind": ["Missing data for required field."]})
    assert lines(in_words_of(refused, OPTIONS)) == ["--phone: is none", "--kind: is required"]
    owner = Invalid("not acceptable", {"owner": ["Missing data for required field."]})
    assert lines(in_words_of(owner, {}, "is required: write {}=…")) == ["owner: is required: write owner=…"]


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["3342 0925 7737"], []),
        (["3342", "0925", "7737", "reply", "text=1"], ["reply", "text=1"]),
        (["3342-0925-7737", "close"], ["close"]),
        (["334209257737", "12"], ["12"]),
    ],
)
def test_a_case_number_is_taken_as_it_is_printed(words, rest):
    assert split_number(words) == ("334209257737", rest)


@pytest.mark.parametrize("words", [["42"], ["3342", "0925"], ["33420925773x"], ["3342", "0925", "77378"]])
def test_what_is_no_case_number_says_what_one_is(words):
    with pytest.raises(Invalid, match=r"has 12 digits; `aftercare case list` shows them"):
        case_number(words)


def test_names_that_nobody_knows_are_those_of_this_request():
    history = [
        {"version": 1, "detail": {"unknown": ["registrar"]}},
        {"version": 2, "detail": {"unknown": ["by", "owner"]}},
        {"version": 2, "detail": {"unknown": ["by"]}},
    ]
    assert unknown_fields(history, 2) == ["by", "owner"]
    assert unknown_fields(history, 3) == []


def test_departments_that_are_in_no_file_are_found():
    owing = {"质量部": ("质量部", "质量部"), "production": ("生产部", "Production"), "搬运部": ("搬运部", "搬运部")}
    tasks = [{"owed_by": {"department": code, "name": {"zh": zh, "en": en}}} for code, (zh, en) in owing.items()]
    tasks.append({"owed_by": {"person": "lin"}})
    assert unlisted(tasks, {"departments": ["质量部", "production"]}) == ["质量部"]
    assert unlisted(tasks, {"department": "搬运部"}) == ["搬运部"]
    assert unlisted(tasks, {"owner": "lin"}) == []
