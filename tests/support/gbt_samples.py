"""A GBCS message of any size, for General Block Transfer."""

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message

SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")


def message(size: int = 3000, counter: int = 1) -> bytes:
    payload = bytes(at % 256 for at in range(size))
    return Message(Cra.COMMAND, counter, SUPPLIER, ESME, 0x0102, payload, mac=bytes(12)).encode()
