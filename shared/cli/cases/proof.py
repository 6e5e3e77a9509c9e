"""`aftercare case proof`."""

import json
from typing import Annotated

import typer

from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.cases.print_ import Font, In, warn_of_missing
from shared.cli.cases.show import CaseNo, Identity
from shared.cli.files import STANDARD_OUTPUT, opened, save
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show_json
from shared.cli.printing.request import printed, proof_paper
from shared.cli.printing.words import Tongue, Words
from shared.cli.problems import in_words_of
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid, NotFound

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes it; that is on record.")]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="FILE.json or FILE.pdf; proof-NUMBER.json unless said, - for a pipe."),
]
PDF = ".pdf"
JSON = ".json"


def proof(  # noqa: PLR0913 - each is an option of the command
    number: CaseNo,
    by: By,
    out: Out = None,
    identity: Identity = False,
    lang: In = Tongue.BOTH,
    font: Font = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take the proof of a case: every entry with seal and chain, the signed digests, and how to check it without us.

    The JSON file is what a program checks, the PDF what a person reads. Seals cover everything that was written, so the
    proof of somebody protected says who they are, and is taken with --identity alone.

    \b
    Examples:
      aftercare case proof 123456789012 --by auditor \\
        --out case.json
      aftercare case proof 123456789012 --by auditor \\
        --out case.pdf --lang zh
    """
    case_no = case_number(number)
    file = out or f"proof-{case_no}{JSON}"
    if file != STANDARD_OUTPUT and not file.lower().endswith((PDF, JSON)):
        raise Invalid.field("--out", f"{file} must end with {JSON} or {PDF}")
    try:
        asked = {"case_no": case_no, "by": by} | ({"identity": True} if identity else {})
        told = Suite.at(data).call("intake.case_proof", asked)
    except NotFound as error:
        raise with_remedy(error) from None
    except Invalid as error:
        raise in_words_of(error, {"by": "--by", "identity": "--identity"}) from None
    if file.lower().endswith(PDF):
        made = printed(proof_paper(told, Words(lang), by=by), font)
        save(file, made.data)
        warn_of_missing(made.missing)
    else:
        with opened(file) as written:
            written.write(json.dumps(told, indent=1) + "\n")
    if file == STANDARD_OUTPUT:
        return
    about = {"entries": len(told["entries"]), "sealed_up_to": told["sealed_up_to"]}
    if as_json:
        show_json({"case_no": case_no, "file": file, **about})
    else:
        say(f"{file} is written: {about['entries']} entries, signed up to entry {about['sealed_up_to']}.")
        if about["sealed_up_to"] < about["entries"]:
            say("The rest is signed with the next digest, once a day; `aftercare audit seal` makes it now.")
