"""`hht radio`: is a dongle fit for the job, and what is on the air?"""

import typer

from hht.cli.radio import check, sniff

app = typer.Typer(help="Check a dongle; show what it hears.", no_args_is_help=True)
check.register(app)
sniff.register(app)
