"""The virtual co-processor's radio outside a network: scans, channels, raw frames."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.commands.values import Values
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import BeaconHeard, RadioNode
from hht.zse.frames.mac import BROADCAST, MAX_FRAME, MacFrame
from hht.zse.frames.octets import MalformedFrame

SHORTEST_FRAME = 3  # MAC frame control and sequence number
_LONGEST_SCAN = 14  # an exponent
_SCAN_PERIOD = 15.36  # ms; 960 symbols
FIRST_CHANNEL, LAST_CHANNEL = 11, 26  # of the 2.4 GHz band (IEEE 802.15.4)
_NOTHING = 0xFF
_OF_PAN, _OF_SOURCE_PAN, _OF_DESTINATION, _OF_SOURCE = 0x0003, 0x000C, 0x0030, 0x0180

Begin = Callable[[Any], asyncio.Task[None]]


class Radio:
    """Scans and raw frames for one node; `begin` runs a coroutine until it ends or a reset."""

    def __init__(self, node: RadioNode, server: EzspServer, values: Values, begin: Begin) -> None:
        self._node = node
        self._server = server
        self._values = values
        self._begin = begin
        self._scan: asyncio.Task[None] | None = None
        node.on_raw = self._filtered

    def restart(self) -> None:
        """End the scan under way."""
        self._scan = None

    def commands(self) -> Mapping[str, Command]:
        return {
            "startScan": self._start_scan,
            "stopScan": self._stop_scan,
            "setRadioChannel": self._set_channel,
            "setLogicalAndRadioChannel": self._set_channel,
            "sendRawMessage": lambda fields: self._send_raw(bytes(fields["messageContents"])),
            "sendRawMessageExtended": lambda fields: self._send_raw(bytes(fields["message"])),
            "getLogicalChannel": lambda _: {"radioChannel": self._node.channel},
            "energyScanRequest": lambda _: {"status": Status.INVALID_CALL},
            "setRadioIeee802154CcaMode": lambda _: {"status": Status.SUCCESS},
        }

    def _start_scan(self, fields: Fields) -> Fields:
        mask = int(fields["channelMask"])
        channels = [
            each for each in range(FIRST_CHANNEL, LAST_CHANNEL + 1) if mask >> each & 1
        ] or [self._node.channel]
        if mask & ~0x07FFF800:
            return {"status": Status.MAC_INVALID_CHANNEL_MASK}
        if self._scan is not None and not self._scan.done():
            return {"status": Status.MAC_SCANNING}
        kind, duration = int(fields["scanType"]), int(fields["duration"])
        if kind not in (t.EzspNetworkScanType.ACTIVE_SCAN, t.EzspNetworkScanType.ENERGY_SCAN):
            return {"status": Status.MAC_INCORRECT_SCAN_TYPE}
        if duration > _LONGEST_SCAN:
            return {"status": Status.MAC_BAD_SCAN_DURATION}
        milliseconds = (2**duration + 1) * _SCAN_PERIOD
        active = kind == t.EzspNetworkScanType.ACTIVE_SCAN
        scan = self._active_scan if active else self._energy_scan
        self._scan = self._begin(scan(channels, milliseconds))
        return {"status": Status.SUCCESS}

    async def _active_scan(self, channels: list[int], milliseconds: float) -> None:
        await self._node.active_scan(channels, milliseconds, self._network_found)
        self._scan_complete(channels)

    async def _energy_scan(self, channels: list[int], milliseconds: float) -> None:
        levels = await self._node.energy_scan(channels, milliseconds)
        for channel, level in levels.items():
            found = {"channel": channel, "maxRssiValue": level}
            self._server.callback("energyScanResultHandler", found)
        self._scan_complete(channels)

    def _network_found(self, beacon: BeaconHeard) -> None:
        extended, _ = t.ExtendedPanId.deserialize(beacon.extended_pan_id.little_endian)
        network = t.EmberZigbeeNetwork(
            channel=beacon.channel,
            panId=beacon.pan_id,
            extendedPanId=extended,
            allowingJoin=beacon.permit_joining,
            stackProfile=beacon.stack_profile,
            nwkUpdateId=beacon.update_id,
        )
        found = {"networkFound": network, "lastHopLqi": beacon.lqi, "lastHopRssi": beacon.rssi}
        self._server.callback("networkFoundHandler", found)

    def _scan_complete(self, channels: list[int]) -> None:
        ended = {"channel": channels[-1], "status": Status.SUCCESS}
        self._server.callback("scanCompleteHandler", ended)

    def _stop_scan(self, _: Fields) -> Fields:
        if self._scan is not None:
            self._scan.cancel()
        return {"status": Status.SUCCESS}

    def _set_channel(self, fields: Fields) -> Fields:
        (channel,) = fields.values()
        if not FIRST_CHANNEL <= channel <= LAST_CHANNEL:
            return {"status": Status.BAD_ARGUMENT}
        self._node.channel = int(channel)
        return {"status": Status.SUCCESS}

    def _send_raw(self, frame: bytes) -> Fields:
        """Send a whole MAC frame without its FCS; what can be none is refused."""
        if len(frame) < SHORTEST_FRAME:
            return {"status": Status.BAD_ARGUMENT}
        if len(frame) > MAX_FRAME:
            return {"status": Status.MESSAGE_TOO_LONG}
        self._begin(self._transmit(frame))
        return {"status": Status.SUCCESS}

    async def _transmit(self, frame: bytes) -> None:
        acknowledged = self._node.send_raw(frame)
        status = Status.SUCCESS if acknowledged else Status.DELIVERY_FAILED
        completed = {"messageContents": frame, "status": status}
        self._server.callback("rawTransmitCompleteHandler", completed)

    def _filtered(self, frame: bytes, lqi: int, rssi: int) -> None:
        """Hand on an inter-PAN frame that one of the MAC filters lets through."""
        if self._server.faults.deaf_filters:
            return
        try:
            mac = MacFrame.decode(frame)
        except MalformedFrame:
            return
        for index, each in enumerate(self._values.mac_filters):
            if lets_through(each, mac, self._node.pan_id):
                self._server.callback(
                    "macFilterMatchMessageHandler",
                    {
                        "filterIndexMatch": index,
                        "filterValueMatch": each,
                        "legacyPassthroughType": t.EmberMacPassthroughType.MAC_PASSTHROUGH_NONE,
                        "lastHopLqi": lqi,
                        "lastHopRssi": rssi,
                        "packetInfo": _packet_info(lqi, rssi),
                        "messageContents": frame,
                    },
                )
                return


def lets_through(wanted: int, mac: MacFrame, own_pan: int) -> bool:
    """Return whether a MAC filter matches a frame (EMBER_MAC_FILTER_MATCH in ember-types.h)."""
    destination_pan = 0x0002 if mac.destination_pan == BROADCAST else 0x0001
    source_pan = 0x0008 if mac.source_pan == own_pan else 0x0004
    if isinstance(mac.destination, EntityId):
        destination = 0x0020
    else:
        destination = 0x0000 if mac.destination == BROADCAST else 0x0010
    if mac.source is None:
        source = 0x0100
    else:
        source = 0x0000 if isinstance(mac.source, EntityId) else 0x0080
    return (
        wanted & _OF_PAN in (0, destination_pan)
        and wanted & _OF_SOURCE_PAN in (0, source_pan)
        and wanted & _OF_DESTINATION == destination
        and wanted & _OF_SOURCE == source
    )


def _packet_info(lqi: int, rssi: int) -> t.SlRxPacketInfo:
    no_node, _ = t.EUI64.deserialize(bytes(8))
    return t.SlRxPacketInfo(
        sender_short_id=0xFFFF,
        sender_long_id=no_node,
        binding_index=_NOTHING,
        address_index=_NOTHING,
        last_hop_lqi=lqi,
        last_hop_rssi=rssi,
        last_hop_timestamp=0,
    )
