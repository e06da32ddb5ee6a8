"""`hht serve` with the smallest Textual app at each seat: the same server, forks and sockets.

`python smallest_class.py ARGUMENTS` is the command `hht`; `python -m smallest_class` is the warm
parent that it starts, which has imported no more than that app needs.
"""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

from hht.serve.nursery import Order, import_all, run

NEEDED = ("smallest_app", "screens.seat.driver")


def warm_up() -> None:
    import_all((), NEEDED)


def seat(order: Order) -> None:
    from smallest_app import Smallest  # type: ignore[import-not-found]

    Smallest().run()


def main() -> None:
    """Be a warm parent where the descriptors for one are given, and else the command."""
    if sys.argv[1:2] and sys.argv[1].isdigit():
        run(warm_up, {"seat": seat, "board": seat})
        return
    from hht.cli.main import run as command
    from hht.cli.serve import class_run

    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    vars(class_run)["warm"] = SimpleNamespace(__name__=Path(__file__).stem)
    command()


if __name__ == "__main__":
    main()
