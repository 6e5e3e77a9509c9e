"""Numbers in every way in which people write them, and what is said of those that are none (NO-8)."""

import pytest

from shared.kernel.contacts import parse_phone
from shared.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("13800138-000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086-13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８ ００１３ ８０００", "+8613800138000"),
        ("＋８６１３８００１３８０００", "+8613800138000"),
        ("(020) 8765-4321", "+862087654321"),
        ("400-800-8123", "+864008008123"),
        ("00852 2345 6789", "+85223456789"),
        ("+1 202-555-0143", "+12025550143"),
    ],
)
def test_one_form_for_every_way_of_writing(written: str, kept: str) -> None:
    assert parse_phone(written) == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("020-87654321转8", "extension"),
        ("020-87654321 ext. 8", "extension"),
        ("020-87654321-801", "extension"),
        ("020 8765 4321,8", "extension"),
        ("95588", "short number"),
        ("12315", "short number"),
        ("110", "short number"),
        ("87654321", "area code"),
        ("1380013800", "10 digits"),
        ("138001380000", "12 digits"),
        ("+44 20 7183", "country CN unless"),
        ("customer", "not a phone number"),
        ("+", "not a phone number"),
    ],
)
def test_what_is_wrong_is_said(written: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_phone(written, "customer.phone")
    assert why in refused.value.detail["customer.phone"][0]
