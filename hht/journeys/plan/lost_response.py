"""How a Response that was not kept may be had again; where it cannot be, what is in for it.

A Device answers a counter once, so the Local Command itself is never sent again. Only its hub may
have the Response still, as long as the HHT has not left it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hht.journeys.plan.proof import can_prove
from hht.store import CommandEvent, CommandRow
from hht.store.command_states import is_done


class WayBack(StrEnum):
    """What can be done for a Response that was not kept."""

    CONNECT = "connect"  # its hub may have it still and send it again
    SHOWN = "shown"  # gone; the kept Response to a read shows that it was done
    SUPPLIER = "supplier"  # gone; only a new Local Command brings another


_WORDS = {
    WayBack.CONNECT: "connect to the hub again: it may have the Response still",
    WayBack.SHOWN: "it cannot be had again; the Response to number {number} is kept and shows that"
    " it was done",
    WayBack.SUPPLIER: "it cannot be had again, for a Device answers a counter once: where it is"
    " needed, ask the supplier for a new Local Command",
}


@dataclass(frozen=True, slots=True)
class LostResponse:
    """The way for one Local Command; `number` is that of the read, as screens count."""

    way: WayBack
    number: int | None = None

    @property
    def words(self) -> str:
        """What to do, in plain words."""
        return _WORDS[self.way].format(number=self.number)


def way_back(
    row: CommandRow, rows: Sequence[CommandRow], *, hub_may_repeat: bool
) -> LostResponse | None:
    """Return the way for a Local Command of these; None where its Response is kept, or none came.

    `hub_may_repeat` says that a new tunnel may bring what the hub has sent before.
    """
    if not row.is_uncaptured:
        return None
    if hub_may_repeat:
        return LostResponse(WayBack.CONNECT)
    read = _shown_by(row, rows) if row.last_event is CommandEvent.READ_BACK else None
    return (
        LostResponse(WayBack.SHOWN, read.position + 1) if read else LostResponse(WayBack.SUPPLIER)
    )


def lost_of(rows: Sequence[CommandRow], *, hub_may_repeat: bool) -> dict[int, LostResponse]:
    """Return the ways of all whose Response was not kept, by their ids."""
    ways = ((row.id, way_back(row, rows, hub_may_repeat=hub_may_repeat)) for row in rows)
    return {number: way for number, way in ways if way is not None}


def _shown_by(row: CommandRow, rows: Sequence[CommandRow]) -> CommandRow | None:
    """Return the first read of the same Device that was answered, kept, and can show it."""
    return next(
        (
            read
            for read in rows
            if read.device == row.device
            and is_done(read.state)
            and read.captured
            and can_prove(read.message_code, row.message_code)
        ),
        None,
    )
