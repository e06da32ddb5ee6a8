"""The class's roll: which seat belongs to which browser, kept so that a restart loses no seat.

The server gives seats away, the board names and frees them: each change is read, made and written
under a lock.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from hht.errors import InputError
from hht.files import private_folder, read_plain, write_whole
from hht.serve.door import digest, new_token

CLASS = "class"
"""The folder of a class, in the data folder."""
ROLL_FILE = "class.json"
LOCK_FILE = "class.json.lock"
SERVED_FILE = "class.served"
"""Locked for as long as a server runs, however it ends."""
SEATS = "seats"


@dataclass(slots=True)
class Place:
    """One seat: its number from 1, whose it is, and the digest of the cookie that opens it.

    `is_used` says that its exercise was opened: a seat that a preview of the address took is free
    again once all others are taken. `is_present` says that a browser shows it now.
    """

    number: int
    trainee: str = ""
    cookie: str = ""
    is_used: bool = False
    is_present: bool = False


class Roll:
    """The seats of a class folder."""

    def __init__(self, folder: Path, seats: int, about: dict[str, Any] | None = None) -> None:
        """Begin a class, or go on with it; every seat is empty yet.

        `about` is what else the board is to know of the class: scenario, mode.
        """
        self.folder = private_folder(folder)
        self._seats = seats
        self._served = _open_served(folder)
        fcntl.flock(self._served, fcntl.LOCK_SH)  # shared: a board's look never makes it fail
        with _changing(folder) as kept:
            kept |= about or {}
            rows = kept.setdefault("seats", [])
            rows += [asdict(Place(number)) for number in range(len(rows) + 1, seats + 1)]
            for row in rows:
                row["is_present"] = False

    @property
    def numbers(self) -> range:
        """The seats that are given away."""
        return range(1, self._seats + 1)

    def seat_folder(self, number: int) -> Path:
        """Return the folder of a seat's data, made if need be."""
        return private_folder(seat_folder(self.folder, number))

    def place_of(self, cookie: str) -> Place | None:
        """Return the seat that a cookie opens."""
        wanted = digest(cookie)
        places = places_in(self.folder)[: self._seats]
        return next((each for each in places if each.cookie == wanted), None)

    def admit(self) -> tuple[Place, str] | None:
        """Give away a free seat, with its new cookie; None where the class is full."""
        cookie = new_token()
        with _changing(self.folder) as kept:
            rows = kept["seats"][: self._seats]
            free = [row for row in rows if not row.get("cookie")]
            free += [row for row in rows if not row.get("is_used")]
            if not free:
                return None
            free[0]["cookie"] = digest(cookie)
            return _place(free[0]), cookie

    def note(self, number: int, *, is_present: bool) -> None:
        """Write down that a seat's browser has come or gone."""
        with _changing(self.folder) as kept:
            kept["seats"][number - 1] |= {"is_used": True, "is_present": is_present}

    def close(self) -> None:
        """Say that the class is served no longer."""
        os.close(self._served)


def name_trainee(folder: Path, number: int, name: str) -> None:
    """Say whose a seat is."""
    with _changing(folder) as kept:
        kept["seats"][number - 1]["trainee"] = name


def free_seat(folder: Path, number: int) -> None:
    """Let the next browser have a seat; its work stays in its folder."""
    with _changing(folder) as kept:
        kept["seats"][number - 1] |= {"cookie": "", "is_used": False}


def seat_folder(folder: Path, number: int) -> Path:
    """Return where a seat's data is."""
    return folder / SEATS / f"{number:02}"


def places_in(folder: Path) -> list[Place]:
    """Return every seat of a class folder."""
    return [_place(row) for row in read_roll(folder).get("seats", [])]


def is_served(folder: Path) -> bool:
    """Return whether a server runs: one that was killed wrote down of no browser that it left."""
    served = _open_served(folder)
    try:
        fcntl.flock(served, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(served)
    return False


def _open_served(folder: Path) -> int:
    return os.open(folder / SERVED_FILE, os.O_CREAT | os.O_RDWR, 0o600)


def read_roll(folder: Path) -> dict[str, Any]:
    """Read what is written of a class; empty where there is none. InputError where it is odd."""
    path = folder / ROLL_FILE
    try:
        found = json.loads(read_plain(path))
        numbers = [_place(row).number for row in found["seats"]]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("seats are numbered from 1")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"The class's list of seats can't be read ({type(error).__name__})",
            where=str(path),
            remedy="Move it away; the seats then begin again, and their work stays in its folders.",
        ) from None
    return dict(found)


def _place(row: dict[str, Any]) -> Place:
    known = {each.name: row[each.name] for each in fields(Place) if each.name in row}
    return Place(**known)


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, Any]]:
    """Give what is written, and write it again as it is then."""
    lock = os.open(folder / LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = read_roll(folder)
        yield kept
        write_whole(folder / ROLL_FILE, json.dumps(kept, indent=1).encode())
    finally:
        os.close(lock)
