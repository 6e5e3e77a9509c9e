"""Whole cases, many asked for at once."""

from collections.abc import Callable, Sequence

from shared.cli.rpc import Answer, Rpc
from shared.kernel.errors import AftercareError


def whole_cases(rpc: Rpc, numbers: Sequence[str]) -> list[Answer]:
    """Every one of these cases with facts and history."""
    arrived: dict[str, Answer | AftercareError] = {}
    for number in numbers:
        rpc.send("intake.get_case", {"case_no": number}, _keeper(arrived, number))
    while len(arrived) < len(numbers):
        rpc.pump()
    return [_good(arrived[number]) for number in numbers]


def _keeper(arrived: dict[str, Answer | AftercareError], number: str) -> Callable[[Answer | AftercareError], None]:
    def keep(outcome: Answer | AftercareError) -> None:
        arrived[number] = outcome

    return keep


def _good(outcome: Answer | AftercareError) -> Answer:
    if isinstance(outcome, AftercareError):
        raise outcome
    return outcome
