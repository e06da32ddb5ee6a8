"""A class from its beginning to its end: warm parent, server, seats, and what is printed of it."""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from hht.cli.context import print_json
from hht.cli.serve import warm
from hht.cli.serve.reach import Reach, way_in
from hht.errors import HhtError
from hht.files import private_folder
from hht.serve.requests import Size
from hht.serve.roll import CLASS, Roll
from hht.serve.server import ClassServer
from hht.serve.tls import Tls
from hht.serve.warm_parent import App, WarmParent
from hht.store.sqlite.file_lock import FileLock
from hht.training.classroom.curriculum import is_curriculum
from hht.training.classroom.folder import COURSE_FILE, make_class, open_class

LOG = "warm.log"
"""What the process that starts the seats says when it fails."""
PASSED_ON = ("PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "PYTHONPATH", "SYSTEMROOT")
"""What of the trainer's environment a seat has too; whatever else is in it stays the trainer's."""


@dataclass(frozen=True)
class Lesson:
    """What is played at the seats, and how."""

    exercise: str
    seed: int | None = None
    speed: float | None = None
    profile: str = ""
    mode: str = ""


async def run_class(
    data_dir: Path, lesson: Lesson, seats: int, reach: Reach, *, as_json: bool
) -> None:
    """Serve until a signal; nothing that was started is left then."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    folder = data_dir / CLASS
    door, tls, addresses = way_in(reach, private_folder(folder))
    lock = FileLock(folder / "class")
    lock.acquire()  # before the list of seats is touched: it may be another's
    roll = Roll(folder, seats, {"scenario": lesson.exercise, "mode": lesson.mode})
    keep_course(folder, lesson.exercise)
    parent = WarmParent.start(warm.__name__, environment_of(folder), folder / LOG)
    try:
        server = ClassServer(
            door,
            roll,
            lambda number, size: start_seat(parent, roll, lesson, number, size),
            lambda size: start_board(parent, roll, size),
            reach.port,
            title=f"hht · {Path(lesson.exercise).stem}",
        )
        await listen(server, addresses, tls)
        try:
            announce(server, lesson, seats, addresses, tls, as_json=as_json)
            await first_of(stopped, parent.gone)
            if not stopped.is_set():
                raise HhtError(
                    "The process that starts the seats has ended",
                    where=str(folder / LOG),
                    remedy="Serve the class again: every seat goes on where it was.",
                )
        finally:
            await server.close()
    finally:
        await parent.close()
        roll.close()
        lock.release()


def keep_course(folder: Path, exercise: str) -> None:
    """Note for `hht class` which curriculum is played; rounds begin again with another one."""
    if not is_curriculum(exercise):
        return
    path = Path(exercise)
    if not (folder / COURSE_FILE).exists() or open_class(folder).curriculum_path != path:
        make_class(folder, path, ())


async def listen(server: ClassServer, addresses: list[str], tls: Tls | None) -> None:
    """Begin to listen; HhtError where the port is another's."""
    try:
        await server.start(addresses, tls.context if tls else None)
    except OSError as error:
        raise HhtError(
            f"Nobody can be served there ({error.strerror})",
            where=f"port {server.port}",
            remedy="Choose another with --port, or 0 for a free one.",
        ) from None


async def first_of(*events: asyncio.Event) -> None:
    """Wait for the first of several events."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def environment_of(home: Path) -> dict[str, str]:
    """Return what of the environment a process of the class is given.

    Its home is its own folder.
    """
    kept = {key: value for key, value in os.environ.items() if key in PASSED_ON}
    kept |= {key: value for key, value in os.environ.items() if key.startswith("LC_")}
    return kept | {
        "HOME": str(home),
        "TERM": "xterm-256color",
        "TEXTUAL_DRIVER": "screens.seat.driver:SeatDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TEXTUAL_FPS": "60",
    }


async def start_seat(
    parent: WarmParent, roll: Roll, lesson: Lesson, number: int, size: Size
) -> App:
    """Start the app of a seat in the seat's folder."""
    folder = roll.seat_folder(number)
    environment = environment_of(folder) | window_of(size) | {"HHT_DATA_DIR": str(folder)}
    return await parent.app(
        "seat",
        environment,
        folder,
        exercise=lesson.exercise,
        seat=number,
        seed=None if lesson.seed is None else lesson.seed + number - 1,
        speed=lesson.speed,
        profile=lesson.profile,
        mode=lesson.mode,
    )


async def start_board(parent: WarmParent, roll: Roll, size: Size) -> App:
    """Start the trainer's board."""
    environment = environment_of(roll.folder) | window_of(size)
    return await parent.app("board", environment, roll.folder)


def window_of(size: Size) -> dict[str, str]:
    """Return the variables that Textual's driver reads its first size from."""
    return {"COLUMNS": str(size.columns), "ROWS": str(size.rows)}


def announce(
    server: ClassServer,
    lesson: Lesson,
    seats: int,
    addresses: list[str],
    tls: Tls | None,
    *,
    as_json: bool,
) -> None:
    """Print where the class is: for trainees with a QR code, and for the trainer."""
    base = f"{server.door.scheme}://{addresses[0]}:{server.port}"
    address = f"{base}/?t={server.door.class_token}"
    board = f"{base}/board?t={server.door.trainer_token}"
    if as_json:
        row = {"address": address, "board": board, "seats": seats, "scenario": lesson.exercise}
        print_json({**row, "mode": lesson.mode, "fingerprint": tls.fingerprint if tls else None})
        return
    import segno

    print(f"Class of {seats}: {Path(lesson.exercise).stem}. Ctrl-C ends it.")
    print(f"Trainees: {address}")
    segno.make(address, error="l").terminal(compact=True)
    print(f"Trainer:  {board}", flush=True)
    if tls:
        print(f"Browsers ask about the certificate. SHA-256 {tls.fingerprint}", flush=True)
