"""Registering at once: one matter is one case, whoever comes first (IN-16)."""

from concurrent.futures import ThreadPoolExecutor

from tests.integration.intake.office import Office


def test_the_same_call_from_everywhere_is_one_case(office: Office) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: office.register(external_ref="call-1"), range(24)))
    assert len({answer["case_no"] for answer in answers}) == 1
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 23
    assert len(office.said()) == 1
    assert len(office.find()["cases"]) == 1


def test_different_calls_from_everywhere_are_as_many_cases(office: Office) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: office.register(external_ref=f"call-{n}"), range(40)))
    assert len({answer["case_no"] for answer in answers}) == 40
