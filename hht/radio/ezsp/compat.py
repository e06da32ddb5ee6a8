"""The argument forms of EZSP: what versions before and from 14 call the same thing."""

from typing import Any

from hht.entity_id import EntityId
from hht.radio.types import Beacon, HeardFrame, IncomingMessage

APS_ENCRYPTION = 0x0020
APS_RETRY = 0x0040
APS_ROUTE_DISCOVERY = 0x0100
APS_FRAGMENT = 0x8000

_Fields = dict[str, Any]
_RENAMED_AT_14 = {
    "apsFrame": "aps_frame",
    "sender": "nwk",
    "lastHopLqi": "lqi",
    "lastHopRssi": "rssi",
    "messageContents": "message",
    "messageTag": "message_tag",
}


class Forms:
    """A reader of one EZSP version's callbacks, by the names that bellows gives their fields."""

    def __init__(self, version: int) -> None:
        self._from_14 = version >= 14

    def get(self, fields: _Fields, name: str) -> Any:
        """Return a field of a message callback by its name before EZSP 14."""
        return fields[_RENAMED_AT_14[name] if self._from_14 else name]

    def message(self, fields: _Fields) -> IncomingMessage:
        """Read incomingMessageHandler."""
        aps = self.get(fields, "apsFrame")
        return IncomingMessage(
            cluster=int(aps.clusterId),
            profile=int(aps.profileId),
            source_endpoint=int(aps.sourceEndpoint),
            destination_endpoint=int(aps.destinationEndpoint),
            sender=int(self.get(fields, "sender")),
            payload=bytes(self.get(fields, "messageContents")),
            aps_encrypted=bool(aps.options & APS_ENCRYPTION),
            lqi=int(self.get(fields, "lastHopLqi")),
            rssi=int(self.get(fields, "lastHopRssi")),
        )

    def raw_frame(self, fields: _Fields) -> HeardFrame:
        """Read macFilterMatchMessageHandler or macPassthroughMessageHandler."""
        raw = bytes(fields["messageContents"])
        if self._from_14:
            info = fields["packetInfo"]
            return HeardFrame(raw, int(info.last_hop_lqi), int(info.last_hop_rssi))
        return HeardFrame(raw, int(fields["lastHopLqi"]), int(fields["lastHopRssi"]))


def beacon(fields: _Fields) -> Beacon:
    """Read networkFoundHandler, the same in every version."""
    network = fields["networkFound"]
    return Beacon(
        channel=int(network.channel),
        pan_id=int(network.panId),
        extended_pan_id=EntityId.from_little_endian(network.extendedPanId.serialize()),
        allowing_join=bool(network.allowingJoin),
        lqi=int(fields["lastHopLqi"]),
        rssi=int(fields["lastHopRssi"]),
        stack_profile=int(network.stackProfile),
    )


def mfglib_frame(fields: _Fields) -> HeardFrame:
    """Read mfglibRxHandler; its last two bytes are in the place of the FCS and mean nothing."""
    raw = bytes(fields["packetContents"])[:-2]
    return HeardFrame(raw, int(fields["linkQuality"]), int(fields["rssi"]))
