"""A hub that has moved, one Device that followed it and one that did not."""

from datetime import UTC, datetime

from hht.entity_id import EntityId
from hht.journeys.move.states import Move, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack
from hht.texts import text

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ESME, PPMID = (EntityId.parse(f"00-DB-12-34-56-78-90-A{n}") for n in (0, 4))


def moved() -> Move:
    said = text("move_asked.goes", channel=11, to=20)
    return Move(MoveState.WATCHING, said=said, channel=20)


def ways() -> tuple[DeviceWay, DeviceWay]:
    heard, silent = text("way_back.heard"), text("way_back.silent")
    return (
        DeviceWay(ESME, "ESME", "ESME", WayBack.BACK, heard, AT, AT, 35.0, -58),
        DeviceWay(PPMID, "PPMID", "PPMID", WayBack.SILENT, silent, AT),
    )
