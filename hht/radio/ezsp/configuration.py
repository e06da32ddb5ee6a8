"""Configuration of the dongle before it is used: its tables, and the HHT's endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

import bellows.types as t

from hht.errors import on_one_line
from hht.radio.ezsp.link import EzspLink, succeeded
from hht.radio.types import Table
from hht.zse.zcl import BASIC, KEY_ESTABLISHMENT, SMART_ENERGY_PROFILE, TUNNELING

_TIME = 0x000A
MAC_FILTERS, LINK_KEYS = "MAC filters", "link keys"

# The least that each must be, and what it is in words. Of MAC filters, old firmware has 2 and the
# HHT wants 4. One APS fragment at a time is what the acknowledgement in messaging.py says.
_AT_LEAST = {
    t.EzspConfigId.CONFIG_KEY_TABLE_SIZE: (4, LINK_KEYS),
    t.EzspConfigId.CONFIG_MAC_FILTER_TABLE_SIZE: (4, MAC_FILTERS),
}
_EXACTLY = {
    t.EzspConfigId.CONFIG_STACK_PROFILE: 2,
    t.EzspConfigId.CONFIG_SECURITY_LEVEL: 5,
    t.EzspConfigId.CONFIG_FRAGMENT_WINDOW_SIZE: 1,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Smart Energy endpoint; `servers` and `clients` are cluster ids.

    Which ZigBee device id an HHT has is not public: an In-Home Display's stands in.
    """

    number: int = 1
    device_id: int = 0x0502
    servers: Sequence[int] = (BASIC, TUNNELING, KEY_ESTABLISHMENT)
    clients: Sequence[int] = (BASIC, _TIME, TUNNELING, KEY_ESTABLISHMENT)


async def configure(link: EzspLink, endpoint: Endpoint) -> None:
    """Set the tables and add the endpoint; DongleRefused when the endpoint is not taken.

    A table that a firmware does not let grow stays as it is; `link.tables` says so.
    """
    for config, value in _EXACTLY.items():
        await link.optional("setConfigurationValue", configId=config, value=value)
    for config, (least, name) in _AT_LEAST.items():
        link.tables[name] = Table(least, await _grow(link, config, least))
    await link.order(
        "addEndpoint",
        endpoint=endpoint.number,
        profileId=SMART_ENERGY_PROFILE,
        deviceId=endpoint.device_id,
        deviceVersion=0,
        inputClusterCount=len(endpoint.servers),
        outputClusterCount=len(endpoint.clients),
        inputClusterList=list(endpoint.servers),
        outputClusterList=list(endpoint.clients),
    )


async def _grow(link: EzspLink, config: int, least: int) -> int | None:
    """Have a table be as large as needed; return how large it is."""
    size = await _size(link, config)
    if size is not None and size >= least:
        return size
    await link.optional("setConfigurationValue", configId=config, value=least)
    return await _size(link, config)


async def _size(link: EzspLink, config: int) -> int | None:
    """Ask how large a table is; None where the firmware does not say."""
    match await link.optional("getConfigurationValue", configId=config):
        case [status, size] if succeeded(status):
            return int(size)
    return None


async def board_name(link: EzspLink) -> str:
    """Read the name in the board's manufacturing tokens, "" where it has none."""
    token = await link.optional("getMfgToken", tokenId=t.EzspMfgTokenId.MFG_BOARD_NAME)
    name = bytes(token[0]).rstrip(b"\xff\x00") if token else b""
    return on_one_line(name.decode("utf-8", "replace"))
