"""`hht survey` without a further word measures; `show` and `advise` read what was measured."""

import typer

from hht.cli.survey import advising, measuring, showing

app = typer.Typer(help="The 2.4 GHz channels of a premises: measure, show, advise.")
app.callback(invoke_without_command=True)(measuring.survey)
showing.register(app)
advising.register(app)
