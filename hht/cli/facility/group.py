"""The commands of `hht facility`."""

import typer

from hht.cli.facility import check

app = typer.Typer(no_args_is_help=True, help="PPMIDs in bulk: check a manifest.")
check.register(app)


@app.callback()
def facility() -> None:
    """Load PPMIDs in bulk, each with its own package."""
