"""The customer's own data are found in whatever way they are written, and nothing else is."""

import pytest

from services.intake.domain.case import Customer
from services.intake.domain.personal import refuse_personal
from shared.kernel.errors import Invalid

ZHANG = Customer("张三", "+8613800138000", "zhang.san@customer.example")
LI = Customer("Li Lei", "+861012345678")


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("13800138000", ZHANG),
        ("打 138 0013 8000 找他", ZHANG),
        ("+86 (138) 0013-8000", ZHANG),
        ("１３８００１３８０００", ZHANG),
        ("客户张三反映", ZHANG),
        ("客户张 三反映", ZHANG),
        ("mail Zhang.San@Customer.Example", ZHANG),
        ("Mr LI  LEI says", LI),
        ("请联系li lei先生", LI),
        ("010-1234 5678", LI),
        ("12345678", LI),
    ],
)
def test_found(text: str, customer: Customer) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_personal(text, customer, "text")
    assert list(refused.value.detail) == ["text"]


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("batch 20261009, 3 of 50 pieces", ZHANG),
        ("三张图纸", ZHANG),
        ("Li", LI),
        ("delivered by Lilei's garage", Customer("Li Le")),
        ("anything", Customer()),
        ("王府井", Customer("王")),
    ],
)
def test_not_found(text: str, customer: Customer) -> None:
    refuse_personal(text, customer, "text")
