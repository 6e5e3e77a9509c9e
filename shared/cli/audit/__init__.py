"""`aftercare audit`: an auditor's work: verify the record, seal it, see who read what (AL-4)."""

import typer

from shared.cli.audit.reads import reads
from shared.cli.audit.sealing import seal
from shared.cli.audit.verifying import verify

app = typer.Typer(help="Prove the record: verify it, seal it, see who read which case.", no_args_is_help=True)
app.command()(verify)
app.command()(seal)
app.command()(reads)
