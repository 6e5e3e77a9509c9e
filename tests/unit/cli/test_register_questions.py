"""What a clerk is asked on a terminal: only what is missing, and each answer is checked at once."""

from shared.cli.cases.asking import ask_for_missing

COMPLETE = {"kind": "complaint", "channel": "phone", "subject": "x", "description": "y", "customer": {}}


class Clerk:
    """Types prepared answers; keeps what was asked and what was complained of."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def answer(self, question: str) -> str:
        self.asked.append(question)
        return self.answers.pop(0)


def asked(request, *answers: str, everything: bool = False):
    clerk = Clerk(*answers)
    ask_for_missing(request, everything=everything, ask=clerk.answer, complain=clerk.complaints.append)
    return clerk


def test_nothing_is_asked_when_every_required_field_is_given():
    assert asked(dict(COMPLETE)).asked == []


def test_only_required_fields_that_are_missing_are_asked_for():
    request = {"kind": "complaint", "channel": "phone", "description": "y", "customer": {}}
    assert asked(request, " Tiles ").asked == ["subject"]
    assert request["subject"] == "Tiles"


def test_without_any_option_the_optional_ones_are_offered_too():
    request = {"customer": {}}
    clerk = asked(request, "complaint", "phone", "x", "y", "", "13812345678", everything=True)
    assert [question.split(" ")[0] for question in clerk.asked] == [
        "kind",
        "channel",
        "subject",
        "description",
        "customer.name",
        "customer.phone",
    ]
    assert clerk.asked[4:] == ["customer.name (Enter: none)", "customer.phone (Enter: none)"]
    assert request == {**COMPLETE, "customer": {"phone": "13812345678"}}


def test_a_wrong_answer_is_refused_at_once_and_asked_again():
    request = {"channel": "phone", "subject": "x", "description": "y", "customer": {}}
    clerk = asked(request, "complant", "", "complaint")
    assert len(clerk.asked) == 3
    assert clerk.complaints[0].startswith("kind: must be one of: complaint")
    assert clerk.complaints[1] == "kind: is required"
    assert request["kind"] == "complaint"
    phone = asked({**COMPLETE, "customer": {"name": "x"}}, "12", "", everything=True)
    assert phone.complaints[0].startswith("customer.phone: is not a valid phone number")
