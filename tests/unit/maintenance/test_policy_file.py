"""The policy as data: the checklists of the sources, and every mistake of a file with its path (MA-2, MA-9)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.maintenance.domain.checklist import LANGUAGES
from services.maintenance.settings import Settings
from services.maintenance.storage.policy_files import BUILTIN, load_policy
from shared.base.settings import read_settings
from shared.kernel.errors import Misconfigured

POLICY = load_policy()


def changed(folder: Path, change: Callable[[Any], object]) -> Path:
    data = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    change(data)
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(Misconfigured) as error:
        load_policy(path)
    return error.value.problems


def test_routine_has_the_items_of_the_source() -> None:
    parts = Counter(item.part for item in POLICY.levels["routine"].items.values())
    assert parts == {"basic_check": 5, "operation_check": 3, "upkeep": 5}


def test_a_bigger_level_has_all_of_the_smaller_one_and_its_own() -> None:
    routine, quarterly, annual = (list(POLICY.levels[level].items) for level in ("routine", "quarterly", "annual"))
    assert quarterly == [*routine, "quarter_backup"]
    assert annual == [*quarterly, "year_backup", "main_equipment", "main_functions"]
    assert POLICY.bigger_than("routine") == {"quarterly", "annual"}


def test_terminals_have_a_checklist_of_their_own() -> None:
    assert list(POLICY.levels["terminal"].items) == ["shop_front", "displays", "brochures"]
    assert POLICY.bigger_than("terminal") == frozenset()


def test_everything_is_said_in_both_languages_and_required() -> None:
    for level in POLICY.levels.values():
        assert all(set(item.text) == set(LANGUAGES) and item.required for item in level.items.values())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda data: data.pop("lead_days"), "own.yaml: lead_days: Missing data"),
        (lambda data: data.update(due_soon_days=14), "own.yaml: due_soon_days: must be fewer than lead_days"),
        (lambda data: data["outage"].update(newest="skip"), "own.yaml: outage.older: merge goes with `newest: make`"),
        (lambda data: data["levels"].pop("annual"), "own.yaml: levels.annual: is missing; describe it"),
        (lambda data: data["levels"].update(weekly={}), "own.yaml: levels.weekly.key: must be one of: routine"),
        (
            lambda data: data["levels"]["routine"].update(period="daily"),
            "own.yaml: levels.routine.period: must be one of",
        ),
        (lambda data: data["levels"]["routine"].update(visit_hours=0), "own.yaml: levels.routine.visit_hours: must be"),
        (
            lambda data: data["levels"]["routine"].update(includes=["annual"]),
            "own.yaml: levels.routine.includes: includes itself in the end; break the circle",
        ),
        (
            lambda data: data["levels"]["annual"]["items"][0].update(key="motors"),
            "own.yaml: levels.annual.items: motors is there twice",
        ),
        (
            lambda data: data["levels"]["routine"]["items"][0]["text"].pop("zh"),
            "own.yaml: levels.routine.items.0.text.zh: Missing data",
        ),
        (
            lambda data: data["levels"]["routine"]["items"][2].update(part="shoes"),
            "own.yaml: levels.routine.items.2.part: shoes is no part of this file",
        ),
        (
            lambda data: data["levels"]["routine"]["items"][0]["reading"].update(min=8),
            "own.yaml: levels.routine.items.0.reading.min: no reading would be right",
        ),
        (
            lambda data: data["levels"]["routine"]["items"][0].update(reading={"unit": "V"}),
            "own.yaml: levels.routine.items.0.reading: every reading would be right",
        ),
    ],
)
def test_a_mistake_is_told_with_its_path(tmp_path: Path, change: Callable[[Any], object], problem: str) -> None:
    problems = refused(changed(tmp_path, change))
    assert any(told.startswith(problem) for told in problems), problems


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    def spoil(data: Any) -> None:
        data.update(lead_days=0, window_days="x")
        data["levels"]["annual"]["title"] = {}

    assert len(refused(changed(tmp_path, spoil))) == 4


@pytest.mark.parametrize("text", ["[", "a: 1\na: 2", "\x00"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    assert "own.yaml: is not " in refused(path)[0]


def test_settings_that_name_no_file_are_refused_together() -> None:
    with pytest.raises(Misconfigured) as error:
        read_settings(
            Settings,
            "maintenance",
            {
                "AFTERCARE_AMQP_URI": "amqp://a:b@127.0.0.1/x",
                "AFTERCARE_MAINTENANCE_DB_URL": "sqlite://",
                "AFTERCARE_MAINTENANCE_HTTP_PORT": "8005",
                "AFTERCARE_DATA": "var",
                "AFTERCARE_PEOPLE": "/no/people.yaml",
                "AFTERCARE_MAINTENANCE_POLICY": "/no/policy.yaml",
            },
        )
    assert [problem.split(" ")[0] for problem in error.value.problems] == [
        "AFTERCARE_PEOPLE",
        "AFTERCARE_MAINTENANCE_POLICY",
    ]
