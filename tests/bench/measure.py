"""Measuring in one run: ours and the reference take turns, each figure is a median, a row tells the ratio."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


def take_turns(ours: Callable[[], float], reference: Callable[[], float], rounds: int = 3) -> tuple[float, float]:
    """The medians of both, measured A B A B … so that the machine's moods fall on both alike."""
    figures = [(ours(), reference()) for _ in range(rounds)]
    return statistics.median(a for a, _ in figures), statistics.median(b for _, b in figures)


def row(name: str, unit: str, figures: tuple[float, float], reference_name: str, goal: float) -> Row:
    """A row of the report; `ratio` is ours / reference, and must not be under `goal`."""
    ours, reference = figures
    ratio = ours / reference
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, 2),
        "reference": round(reference, 2),
        "reference_name": reference_name,
        "ratio": round(ratio, 3),
        "goal": goal,
        "holds": ratio >= goal,
    }


def goal_row(name: str, unit: str, measured: float, goal: float) -> Row:
    """A figure that must stay under its goal: the ratio is goal / measured."""
    found = row(name, unit, (goal, measured), "the goal", goal=1.0)
    return {**found, "ours": round(measured, 2), "reference": goal}


def in_process(module: str, *arguments: object, env: dict[str, str] | None = None) -> Any:
    """Run `python -m module …` alone and read the JSON that it prints last."""
    finished = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        env=os.environ | (env or {}),
    )
    return json.loads(finished.stdout.strip().splitlines()[-1])
