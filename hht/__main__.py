"""Run the program as `python -m hht`."""

from hht.cli.main import run

if __name__ == "__main__":
    run()
