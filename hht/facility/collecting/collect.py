"""Asks a unit for its captures, one by one; it forgets each only once that is kept."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from hht.clock import SYSTEM_CLOCK, Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.bench.line import LineLost, NoAnswer, UnitLine, UnitRefused
from hht.facility.wire.messages import Kind

Keep = Callable[[bytes], None]
"""Keeps one capture, durably on return; an error leaves it in the unit."""
LARGEST_CAPTURE = 1 << 20
"""Far above any GBCS message with its Command: a longer one is no capture."""


class NotCollected(HhtError):
    """A unit did not hand over its captures."""

    code = "FAC-10"


async def collect_from(line: UnitLine, keep: Keep) -> int:
    """Have a unit hand over everything; returns how much that was.

    LineLost, NoAnswer, UnitRefused, or ValueError for an answer that is none.
    """
    count = await _count(line)
    for _ in range(count):
        capture = await _fetch(line)
        keep(capture)
        await line.ask(Kind.TAKEN, sha256(capture).digest())
    if count and await _count(line) >= count:
        raise ValueError("it keeps what it was asked to forget")
    return count


async def collect_at(
    port: Path, keep: Callable[[EntityId, bytes], None], clock: Clock = SYSTEM_CLOCK
) -> tuple[EntityId, int]:
    """Collect from the unit at this port: who it is, and how many captures; NotCollected if not."""
    try:
        line = UnitLine(port, clock)
    except OSError as error:
        why = f"The port can't be opened ({error.strerror})"
        raise NotCollected(why, where=str(port), remedy="Check cable and rights.") from None
    try:
        unit = EntityId((await line.ask(Kind.PING, answer=1))[0])
        return unit, await collect_from(line, lambda capture: keep(unit, capture))
    except (LineLost, NoAnswer, UnitRefused, ValueError) as error:
        said = str(error) or "it was unplugged"
        raise NotCollected(
            f"The unit did not hand over its captures ({said})",
            where=str(port),
            remedy="Plug it in again; what it has handed over is kept.",
        ) from None
    finally:
        line.close()


async def _count(line: UnitLine) -> int:
    (count,) = await line.ask(Kind.CAPTURES, answer=1)
    return int.from_bytes(count, "big")


async def _fetch(line: UnitLine) -> bytes:
    """Fetch the first capture, piece by piece."""
    capture = b""
    while True:
        length, piece = await line.ask(Kind.CAPTURE, 0, len(capture), answer=2)
        capture += piece
        wanted = int.from_bytes(length, "big")
        if wanted > LARGEST_CAPTURE or not piece or len(capture) > wanted:
            raise ValueError("a capture that is none")
        if len(capture) == wanted:
            return capture
