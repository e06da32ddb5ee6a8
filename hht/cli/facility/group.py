"""The commands of `hht facility`."""

import typer

from hht.cli.facility import build, check, close, collect, label, load, status

app = typer.Typer(no_args_is_help=True, help="PPMIDs in bulk, from the manifest to the evidence.")
check.register(app)
build.register(app)
load.register(app)
status.register(app)
close.register(app)
collect.register(app)
label.register(app)


@app.callback()
def facility() -> None:
    """Load PPMIDs in bulk, each with its own package."""
