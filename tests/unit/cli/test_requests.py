"""From what is typed to a request."""

import pytest

from shared.cli import border
from shared.cli.cases.fields import ASKED, REGISTRATION
from shared.cli.cases.step import request_of
from shared.cli.options import place
from shared.cli.problems import one_line
from shared.cli.rpc import read_answer
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Unavailable


def leaves(fields, above=""):
    for name, field in fields.items():
        inner = border.inner_fields(field)
        yield from leaves(inner, f"{above}{name}.") if inner else [above + name]


def test_every_field_of_a_registration_has_its_option():
    assert sorted(option.field for option in REGISTRATION) == sorted(leaves(border.registration_fields()))
    assert set(ASKED) <= {option.field for option in REGISTRATION}
    assert len({option.name for option in REGISTRATION}) == len(REGISTRATION)


def test_fields_of_a_step_get_the_types_that_intake_takes():
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


def test_an_error_is_one_line_with_what_helps():
    assert one_line(Invalid("not acceptable", {"a": ["is x", "is y"], "b": ["is z"]})) == "a: is x; a: is y; b: is z"
    assert one_line(Conflict("not now", {"legal": ["close", "reopen"]})) == "not now; possible now: close, reopen"
    assert one_line(Unavailable("two\nlines")) == "two lines"
