"""The error tree: drawn by what must happen next, stable on the wire."""

import pytest

from shared.kernel import errors
from shared.kernel.errors import AftercareError, Invalid, Misconfigured, Refused

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AftercareError)]
LEAVES = [kind for kind in TREE if not any(other.__base__ is kind for other in TREE)]


def test_every_leaf_has_a_slug_of_its_own() -> None:
    slugs = [kind.slug for kind in LEAVES]
    assert len(set(slugs)) == len(slugs)
    assert all(kind.slug == kind.__name__ for kind in LEAVES)


def test_the_drawing_names_every_error() -> None:
    drawn = errors.__doc__ or ""
    assert [kind.__name__ for kind in (*LEAVES, Refused) if f"── {kind.__name__} " not in drawn] == []


def test_invalid_keeps_every_field_with_its_reasons() -> None:
    error = Invalid("not acceptable", {"phone": ("is short", "has letters")})
    assert error.detail == {"phone": ["is short", "has letters"]}
    assert Invalid.field("phone", "is short").detail == {"phone": ["is short"]}
    assert isinstance(error, ValueError), "pure code may be used without knowing the suite's tree"


def test_misconfigured_says_all_problems_in_one_line() -> None:
    error = Misconfigured(["A is not set: write a", "B is wrong: write b"])
    assert str(error) == "A is not set: write a; B is wrong: write b"
    with pytest.raises(AftercareError):
        raise error
