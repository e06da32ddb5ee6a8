"""A hub that has moved, one Device that followed it and one that did not."""

from datetime import UTC, datetime

from hht.entity_id import EntityId
from hht.journeys.move.states import Move, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ESME, PPMID = (EntityId.parse(f"00-DB-12-34-56-78-90-A{n}") for n in (0, 4))
MOVE = Move(MoveState.WATCHING, said="DRAFT: the hub goes from channel 11 to 20", channel=20)
WAYS = (
    DeviceWay(ESME, "ESME", "ESME", WayBack.BACK, "heard since the hub moved", AT, AT, 35.0, -58),
    DeviceWay(PPMID, "PPMID", "PPMID", WayBack.SILENT, "not heard, and its time is over", AT),
)
