"""How a field is made from columns."""

from zoneinfo import ZoneInfo

import pytest

from shared.cli.importing.values import Day, LookedUp, Moment, RegionPath, Template, Whole, slug
from shared.kernel.errors import Invalid

NEW_YORK = ZoneInfo("America/New_York")
CITY = "%m/%d/%Y %I:%M:%S %p"


def moment(text: str) -> str | None:
    return Moment("When", CITY, NEW_YORK).of({"When": text})


def test_a_local_time_is_an_instant():
    assert moment("01/01/2014 05:08:10 AM") == "2014-01-01T10:08:10+00:00"
    assert moment("07/01/2014 12:00:00 PM") == "2014-07-01T16:00:00+00:00"


def test_a_time_that_a_clock_change_skips_has_the_offset_before_the_gap():
    assert moment("03/11/2018 02:43:56 AM") == "2018-03-11T07:43:56+00:00"


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    assert moment("11/04/2018 01:30:00 AM") == "2018-11-04T05:30:00+00:00"


def test_no_time_is_nothing():
    assert moment("") is None


@pytest.mark.parametrize("text", ["13/13/2014 05:08:10 AM", "2014-01-01", "tomorrow", "02/30/2014 05:08:10 AM"])
def test_what_is_no_time_is_refused_with_its_column_and_form(text):
    with pytest.raises(Invalid) as refused:
        moment(text)
    assert refused.value.detail == {"When": [f"{text!r} is no date of the form {CITY}"]}


def test_without_a_form_instants_are_rfc_3339():
    plain = Moment("When", None, NEW_YORK)
    assert plain.of({"When": "2014-01-01T05:00:00-05:00"}) == "2014-01-01T10:00:00+00:00"
    with pytest.raises(Invalid, match="When: write RFC 3339"):
        plain.of({"When": "2014-01-01 05:00"})


def test_a_line_whose_columns_are_all_empty_is_left_out():
    page = Template("Kind: {A}\nPlace: {B}, {C}\nEnd\n{C}")
    assert page.of({"A": "noise", "B": "", "C": ""}) == "Kind: noise\nEnd"
    assert page.of({"A": "", "B": "north", "C": ""}) == "Place: north, \nEnd"
    assert Template("{A}").of({"A": ""}) is None


def test_text_from_a_row_is_never_read_as_a_template():
    assert Template("{A}").of({"A": "{B} {A}", "B": "x"}) == "{B} {A}"


def test_a_table_says_what_a_text_means():
    channel = LookedUp("How", {"Phone": "phone", "API": "online"})
    assert channel.of({"How": "API"}) == "online"
    assert channel.of({"How": ""}) is None
    with pytest.raises(Invalid, match=r"How: 'Pigeon' is not in the table; known: Phone, API"):
        channel.of({"How": "Pigeon"})
    assert LookedUp("How", {"Phone": "phone"}, "other").of({"How": "Pigeon"}) == "other"


def test_days_and_numbers():
    assert Day("On", "%d.%m.%Y").of({"On": "31.12.2014"}) == "2014-12-31"
    assert Whole("Many").of({"Many": "12"}) == 12
    with pytest.raises(Invalid, match=r"Many: '1\.5' is no whole number"):
        Whole("Many").of({"Many": "1.5"})


def test_a_region_is_made_of_plain_parts():
    region = RegionPath([Template("us"), Template("{City}"), Template("{Part}")])
    assert (
        region.of({"City": "Baltimore", "Part": "Greektown/O'Donnell Heights"})
        == "us.baltimore.greektown-odonnell-heights"
    )
    assert region.of({"City": "Baltimore", "Part": ""}) == "us.baltimore"
    assert slug("São Paulo – Centro") == "sao-paulo-centro"
