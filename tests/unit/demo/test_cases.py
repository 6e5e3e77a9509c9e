"""Made-up cases: the same for the same seed, of every sort, and nobody in them exists."""

from collections import Counter
from datetime import datetime

import phonenumbers
import pytest

from shared.base.people import load_people
from shared.cli.border import own_fields, registration_fields, steps
from shared.cli.demo.acts import Ref
from shared.cli.demo.cases import CHANNELS, KINDS, REGIONS, made_cases
from shared.cli.demo.people import AREA_CODES, Crowd
from shared.cli.demo.words import ZONE, read_words
from shared.kernel.contacts import parse_phone

BEGIN = datetime(2026, 10, 12, 8, 30, tzinfo=ZONE)
STAFF = {person.name for person in load_people().everybody}


def make(seed=1, count=300):
    return made_cases(seed, count, Crowd(seed, avoid=STAFF), BEGIN, 12)


@pytest.fixture(scope="module")
def cases():
    return make()


def test_the_same_seed_gives_the_same_cases_and_another_seed_others(cases):
    assert make() == cases
    assert make(seed=2, count=20) != make(seed=1, count=20)


def test_there_are_cases_of_every_sort(cases):
    requests = [each.request for each in cases]
    assert len(cases) == 300
    assert {each["kind"] for each in requests} == set(KINDS)
    assert {each["channel"] for each in requests} == set(CHANNELS)
    assert {each["region"] for each in requests} == set(REGIONS)
    assert {each["severity"] for each in requests} == {"minor", "serious", "major", "critical"}
    assert set(Counter(each.care.manner for each in cases)) == {"prompt", "late", "half", "never"}
    assert any(each["customer"].get("anonymous") for each in requests)
    assert any("repeat_of" in each for each in requests)
    taken = {act.request["step"] for each in cases for act in each.acts[1:]}
    assert {"promise", "make_appointment", "arrive", "object", "wait_for_customer", "withdraw", "close"} <= taken


def test_intake_knows_every_field_and_takes_every_text(cases):
    gaps = {"by", "case_no", "step"}
    for each in cases:
        assert set(each.request) <= set(registration_fields())
        assert not any(brace in each.request["subject"] + each.request["description"] for brace in "{}")
        for act in each.acts[1:]:
            name = act.request["step"]
            assert set(act.request) - gaps <= set(own_fields(name)), name
            assert name in steps()


def test_acts_of_a_case_come_in_order_after_it_came_in(cases):
    for each in cases:
        moments = [act.at for act in each.acts]
        assert moments == sorted(moments)
        assert moments[0] >= BEGIN


def test_a_repeat_names_a_complaint_that_came_before(cases):
    opened = {each.label: each.acts[0].at for each in cases}
    repeats = [each for each in cases if "repeat_of" in each.request]
    for each in repeats:
        first = each.request["repeat_of"]
        assert first == Ref("case", first.label)
        assert opened[first.label] < each.acts[0].at


def test_no_customer_can_exist_nor_is_one_of_the_staff(cases):
    for each in cases:
        if each.person is None:
            continue
        number = phonenumbers.parse(parse_phone(each.person.phone))
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.region_code_for_number(number) == "CN"
        # A Chinese subscriber's own number never begins with 0: that leads out of town.
        assert any(each.person.phone.startswith(f"+86{code}0000") for code in AREA_CODES.values())
        assert each.person.email.endswith("@example.com")
        assert each.person.name not in STAFF


def test_people_are_made_up_once():
    crowd = Crowd(3)
    people = [crowd.person("foshan") for _ in range(200)]
    assert len({each.name for each in people}) == len({each.phone for each in people}) == 200


def test_every_region_of_the_demo_has_a_name_and_an_area_code():
    named = read_words("phrases.yaml")["words"]["region"]
    assert all(part in named for region in REGIONS for part in region.split("."))
    assert {region.rpartition(".")[2] for region in REGIONS} <= set(AREA_CODES)
