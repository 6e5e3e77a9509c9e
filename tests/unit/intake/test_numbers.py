"""Case numbers survive being read aloud: every single slip is caught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.numbers import SERIALS, case_number, is_case_number
from shared.base.fields import CaseNumber

serials = st.integers(min_value=0, max_value=SERIALS - 1)


@given(serials)
def test_a_number_has_twelve_digits_and_its_check_digit(serial: int) -> None:
    number = case_number(serial)
    assert len(number) == 12
    assert number[0] != "0"
    assert is_case_number(number)


@given(serials, serials)
def test_different_serials_have_different_numbers(one: int, other: int) -> None:
    assert (case_number(one) == case_number(other)) == (one == other)


@given(serials, st.integers(0, 11), st.integers(1, 9))
def test_a_wrong_digit_is_caught(serial: int, place: int, by: int) -> None:
    number = case_number(serial)
    wrong = str((int(number[place]) + by) % 10)
    assert not is_case_number(number[:place] + wrong + number[place + 1 :])


@given(serials, st.integers(0, 10))
def test_two_neighbours_swapped_are_caught(serial: int, place: int) -> None:
    number = case_number(serial)
    one, other = number[place], number[place + 1]
    swapped = number[:place] + other + one + number[place + 2 :]
    assert is_case_number(swapped) == (one == other)


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890123", "12345678901a", "१२३४५६७८९०१२", "²23456789012"])
def test_what_is_no_number(text: str) -> None:
    assert not is_case_number(text)


@pytest.mark.parametrize("serial", [-1, SERIALS])
def test_a_serial_out_of_range_is_refused(serial: int) -> None:
    with pytest.raises(ValueError, match=str(serial)):
        case_number(serial)


def test_people_write_numbers_in_groups() -> None:
    assert CaseNumber().deserialize(" 1234 5678-9012") == "123456789012"
