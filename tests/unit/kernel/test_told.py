"""What others tell is taken as promised, or parked with its reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.kernel.errors import Rejected
from shared.kernel.told import instant_told, maybe_told, text_told, understood


def test_what_is_as_promised_is_read() -> None:
    with understood("a case"):
        assert instant_told("2026-10-09T22:00:00+08:00") == datetime(2026, 10, 9, 14, tzinfo=UTC)
        assert (text_told("x"), maybe_told("x"), maybe_told(None)) == ("x", "x", None)


@pytest.mark.parametrize("value", [None, 7, "x" * 201, ["x"], {}])
def test_what_is_not_is_parked(value: Any) -> None:
    for read in (instant_told, text_told):
        with pytest.raises(Rejected, match="not a case: "), understood("a case"):
            read(value)
    for wrong in (lambda: {}["facts"], lambda: int(float("inf")), lambda: None.facts):  # type: ignore[attr-defined] # on purpose
        with pytest.raises(Rejected, match="not a case: "), understood("a case"):
            wrong()
