"""The link to the dongle at an address: its lines tried in turn, and whose dongle it is."""

from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.radio.errors import FirmwareUnfit
from hht.radio.ezsp.link import EzspLink
from hht.radio.opening.address import parse_address
from hht.radio.opening.lines import lines_to_try

if TYPE_CHECKING:
    from hht.radio.opening.line_memory import LineMemory

_BLANK = (bytes(8), b"\xff" * 8)  # memory that was never written


async def open_link(
    url: str, patience: float, clock: Clock, memory: "LineMemory | None"
) -> EzspLink:
    """Open the link at an address, by the line that `memory` knows first, and keep what worked."""
    address = parse_address(url)
    remembered = memory.recall(address.url) if memory else None
    lines = lines_to_try(address.baud, address.flow, remembered)
    link = await EzspLink.open(address, lines, patience, clock)
    if memory and link.line:
        memory.keep(address.url, link.line)
    return link


async def read_eui64(link: EzspLink) -> EntityId:
    """Read the dongle's EUI-64; FirmwareUnfit where it was given none."""
    (value,) = await link.command("getEui64")
    eui64 = EntityId.from_little_endian(value.serialize())
    if eui64 in _BLANK:
        raise FirmwareUnfit(
            f"The dongle has no EUI-64 of its own ({eui64})",
            where=link.url,
            remedy="Have its EUI-64 written into it, or use another dongle.",
        )
    return eui64
