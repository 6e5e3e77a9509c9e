"""`aftercare escalation`: who was told, and what people do about it, from the terminal (ES-3, ES-4, ES-8)."""

import typer

from shared.cli.escalation.acting import ack, team
from shared.cli.escalation.story import story

app = typer.Typer(help="Escalations: read the story, acknowledge, form a team.", no_args_is_help=True)
app.command()(story)
app.command()(ack)
app.command()(team)
