"""Errors as one line for people: why, and what would be possible instead."""

from shared.kernel.errors import AftercareError, Conflict, Invalid


def one_line(error: AftercareError) -> str:
    """The error with every field that is wrong, or the steps that are legal."""
    if isinstance(error, Invalid) and error.detail:
        return "; ".join(f"{field}: {why}" for field, whys in error.detail.items() for why in whys)
    text = " ".join(str(error).split())
    if isinstance(error, Conflict) and isinstance(error.detail, dict) and error.detail.get("legal"):
        return f"{text}; possible now: {', '.join(error.detail['legal'])}"
    return text
