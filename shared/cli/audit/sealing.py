"""`aftercare audit seal`."""

from typing import Final

from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show, show_json, table
from shared.cli.suite import Suite

SECONDS: Final = 600.0
"""The first digest after an upgrade stands for every case there is."""


def seal(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Seal now what changed since the last digest; it is done once a day by itself.

    Each digest is signed, linked to the one before, and kept outside of the database too.

    \b
    Examples:
      aftercare audit seal
      aftercare audit seal --data /var/lib/aftercare --json
    """
    with Suite.at(data).rpc(SECONDS) as rpc:
        told = rpc.call("intake.seal_digest", {})
    if as_json:
        show_json(told)
        return
    rows = [[str(each["no"]), each["at"], str(each["cases"]), each["hash"]] for each in told["digests"]]
    show(table("digest", "sealed", "cases", "hash", rows=rows))
