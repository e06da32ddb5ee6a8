"""The warm parent of a class: imports the app, then forks trainees' seats and the board."""

from hht.serve.nursery import Order, import_all, run

BESIDES = ("aiohttp", "lxml.etree", "signxml", "sqlite_utils", "screens.seat.driver", "zoneinfo")
"""What the app imports when it needs it."""


def warm_up() -> None:
    """Import all that a seat will need."""
    import_all(("hht", "screens"), BESIDES)


def seat(order: Order) -> None:
    """Be a trainee's app."""
    from hht.cli.serve.programs import open_seat

    open_seat(order)


def board(order: Order) -> None:
    """Be the trainer's board."""
    from hht.cli.serve.programs import open_board

    open_board(order)


if __name__ == "__main__":
    run(warm_up, {"seat": seat, "board": board})
