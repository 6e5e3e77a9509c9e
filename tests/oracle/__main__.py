"""`make oracle [COUNT=100000] [SEED=…]`: two opinions on so many random cases; a disagreement is told as a short story.

Exit code 1 when they differ. The seed is printed; the same seed makes the same cases.
"""

import argparse
import sys
from random import SystemRandom

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.oracle.days import ABSENT, table_is_there
from tests.oracle.judge import shortest, story, trials

STORIES = 3
"""So many disagreements are told; one more is rarely news."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    asked = parser.parse_args()
    console = Console(highlight=False)
    console.print(f"{asked.count:,} cases, seed {asked.seed}")
    if not table_is_there():
        console.print(ABSENT)
    bar = Progress(
        TextColumn("judging"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True
    )
    different = []
    with bar:
        for trial in bar.track(trials(asked.seed, asked.count), total=asked.count):
            if trial.differs():
                different.append(trial)
                if len(different) >= STORIES:
                    break
    for trial in different:
        console.print(story(shortest(trial)), end="\n\n", markup=False)
    console.print(f"{len(different)} disagreements" if different else "the engine and the requirements agree on all")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
