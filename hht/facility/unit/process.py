"""The process of a unit that lets itself in; its settings are on the command line, as JSON.

It has a folder of its own: memory, store, display and port. It prints one JSON object a line, what
its display shows, and may be killed at any moment. It ends when its parent's pipe closes.
"""

import asyncio
import contextlib
import json
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.publishing import publish
from hht.facility.unit.display import DisplayFile
from hht.facility.unit.life import Life
from hht.facility.unit.memory import SUFFIX, UnitMemory
from hht.facility.unit.port import UnitPort
from hht.files import read_plain
from hht.simulator.pauses import HandheldClock, Pauses, PremisesClock


class UnitSettings(msgspec.Struct, frozen=True):
    """Where the unit is: its folder, the file with its radio lines, and the premises' time.

    `profile` is the hub profile's name; `started` and `speed` are those of the premises' clock.
    """

    folder: str
    lines: str
    profile: str
    started: str
    speed: float
    profiles: str = ""


class NoLine(HhtError):
    """The unit's radio has no line."""

    code = "FAC-09"


async def live(settings: UnitSettings) -> None:
    """Run at these premises until stdin ends."""
    from hht.hub_profile import load_profile, use_own_profiles

    use_own_profiles(Path(settings.profiles) if settings.profiles else None)
    folder = Path(settings.folder)
    path = memory_in(folder)
    memory = UnitMemory.load(path)
    display = DisplayFile(folder, memory.eui, publish)
    lines = Path(settings.lines)
    started = datetime.fromisoformat(settings.started)
    wall = PremisesClock.of_run(lines.parent, started, settings.speed)
    profile = load_profile(settings.profile).at_speed(settings.speed)
    clock = HandheldClock(wall.time, Pauses(lines.parent))
    life = Life(folder, memory, display, lambda eui: line_of(lines, eui), profile, clock)

    def keep() -> None:
        memory.save(path)
        life.count()

    port = UnitPort(memory, keep)
    port.open(folder)
    living = asyncio.create_task(life.run())
    ending = asyncio.create_task(_parents_end())
    try:
        await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()
        await ending
    finally:
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living
        port.close()


def memory_in(folder: Path) -> Path:
    """Return where the memory of the folder's unit is."""
    return next(iter(sorted(folder.glob(f"*{SUFFIX}"))), folder / f"none{SUFFIX}")


def line_of(lines: Path, eui: str) -> str:
    """Find the address of the radio's line for one of the unit's Entity Identifiers."""
    try:
        return str(json.loads(read_plain(lines))[EntityId.parse(eui).hex()])
    except (OSError, ValueError, KeyError):
        raise NoLine(
            "The unit's radio has no line under this Entity Identifier",
            where=eui,
            remedy="Start the simulated hub of its premises.",
        ) from None


async def _parents_end() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main() -> int:
    """Run with the settings of the command line; return 1 where there is no unit."""
    try:
        asyncio.run(live(msgspec.json.decode(sys.argv[1].encode(), type=UnitSettings)))
    except HhtError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
