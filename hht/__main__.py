"""Run the program as `python -m hht`."""

from hht.cli.main import run

run()
