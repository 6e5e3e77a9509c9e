"""The steps of handling that money and approvals ask for, and the fields that only they have."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from services.intake.domain.handling.compensation import KINDS
from services.intake.domain.handling.form import ORDERS, PARALLEL
from services.intake.domain.handling.limits import CURRENCY, parse_amount
from shared.base.fields import NAME, PAGE, Choice, Day, Plain, Text

_MOST_NAMED: Final = 20
HOME: Final = "CNY"


class Amount(Plain[str]):
    """An amount of money as a number or a text, given on as text with two decimals."""

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        try:
            return str(parse_amount(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Currency(Text):
    """A currency by its three letters."""

    def __init__(self, **more: Any) -> None:
        super().__init__(3, **more)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        if not isinstance(value, str) or not CURRENCY.fullmatch(value):
            raise ValidationError("must be three capital letters, like CNY (ISO 4217)")
        return value


class Names(fields.List[str]):
    """Names, each once, at least one."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Text(NAME), validate=[Length(1, _MOST_NAMED), _each_once], **more)


def _each_once(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise ValidationError("names somebody twice")


def _which() -> Text:
    return Text(NAME, required=True)


def _page(**more: Any) -> Text:
    return Text(PAGE, lines=True, **more)


HANDLING_STEPS: Final[Mapping[str, Mapping[str, fields.Field[Any]]]] = {
    "name_approvers": {
        "departments": Names(required=True),
        "order": Choice(ORDERS, load_default=PARALLEL),
    },
    "propose_compensation": {
        "kind": Choice(KINDS, required=True),
        "amount": Amount(required=True),
        "currency": Currency(load_default=HOME),
        "reason": _page(required=True),
    },
    "approve_compensation": {"compensation_id": _which(), "note": _page()},
    "refuse_compensation": {"compensation_id": _which(), "grounds": _page(required=True)},
    "pay_compensation": {"compensation_id": _which(), "paid_on": Day(), "reference": Text(NAME)},
}
