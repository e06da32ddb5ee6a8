"""The class's roll: which seat belongs to which browser, kept so that a restart loses no seat."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hht.errors import InputError
from hht.files import private_folder, write_whole
from hht.serve.door import digest, new_token

ROLL_FILE = "class.json"
SEATS = "seats"


@dataclass
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
    """The seats of a class folder, written down at every change."""

    def __init__(self, folder: Path, seats: int, about: dict[str, Any] | None = None) -> None:
        """`about` is what else the board is to know of the class: scenario, mode, since when."""
        self.folder = private_folder(folder)
        self._about = about or {}
        self.places = [Place(number) for number in range(1, seats + 1)]
        for number, row in enumerate(read_roll(folder).get("seats", [])[:seats]):
            self.places[number] = Place(**{**row, "is_present": False})
        self.save()

    def seat_folder(self, number: int) -> Path:
        """The folder of a seat's data, made if need be."""
        return private_folder(seat_folder(self.folder, number))

    def place_of(self, cookie: str) -> Place | None:
        """The seat that a cookie opens."""
        wanted = digest(cookie)
        return next((each for each in self.places if each.cookie and each.cookie == wanted), None)

    def admit(self) -> tuple[Place, str] | None:
        """Give away a free seat, with its new cookie; None where the class is full."""
        free = [each for each in self.places if not each.cookie]
        free += [each for each in self.places if not each.is_used]
        if not free:
            return None
        cookie = new_token()
        free[0].cookie = digest(cookie)
        self.save()
        return free[0], cookie

    def note(self, place: Place, *, is_present: bool) -> None:
        """Write down that a seat's browser has come or gone."""
        place.is_used = True
        place.is_present = is_present
        self.save()

    def save(self) -> None:
        """Write everything down."""
        rows = {**self._about, "seats": [asdict(place) for place in self.places]}
        write_whole(self.folder / ROLL_FILE, json.dumps(rows, indent=1).encode())


def seat_folder(folder: Path, number: int) -> Path:
    """Where a seat's data is."""
    return folder / SEATS / f"{number:02}"


def read_roll(folder: Path) -> dict[str, Any]:
    """Read what is written of a class; empty where there is none. InputError where it is odd."""
    path = folder / ROLL_FILE
    try:
        found = json.loads(path.read_bytes())
        for row in found["seats"]:
            Place(**row)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"The class's list of seats can't be read ({type(error).__name__})",
            where=str(path),
            remedy="Move it away; the seats then begin anew, and their work stays in its folders.",
        ) from None
    return dict(found)
