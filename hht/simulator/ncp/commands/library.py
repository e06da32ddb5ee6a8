"""The virtual co-processor's manufacturing library: every frame on a channel, and test signals."""

from collections.abc import Mapping

from hht.simulator.ncp.commands.radio import FIRST_CHANNEL, LAST_CHANNEL, SHORTEST_FRAME, Begin
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode
from hht.zse.frames.mac import MAX_FRAME

_FCS = 2  # octets of the frame check sequence


class Library:
    """mfglib: while it runs the radio hears every frame, and acknowledges none."""

    def __init__(self, node: RadioNode, server: EzspServer, begin: Begin) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._power = 0
        self._sending = ""

    def restart(self) -> None:
        """Give the radio back to the stack."""
        self._sending = ""
        self._listen_to_all(False)

    @property
    def _running(self) -> bool:
        return self._node.mac_silent

    def _listen_to_all(self, listening: bool, handed_on: bool = True) -> None:
        self._node.on_any = self._heard if listening and handed_on else None
        self._node.mac_silent = listening

    def commands(self) -> Mapping[str, Command]:
        return {
            "mfglibStart": self._start,
            "mfglibEnd": self._end,
            "mfglibStartTone": lambda _: self._signal("tone"),
            "mfglibStopTone": lambda _: self._silence("tone"),
            "mfglibStartStream": lambda _: self._signal("stream"),
            "mfglibStopStream": lambda _: self._silence("stream"),
            "mfglibSetChannel": self._set_channel,
            "mfglibGetChannel": lambda _: {"channel": self._node.channel},
            "mfglibSetPower": self._set_power,
            "mfglibGetPower": lambda _: {"power": self._power},
            "mfglibSendPacket": self._send_packet,
        }

    def _start(self, fields: Fields) -> Fields:
        if self._running:
            return {"status": Status.INVALID_CALL}
        self._listen_to_all(True, bool(fields["rxCallback"]))
        return {"status": Status.SUCCESS}

    def _end(self, _: Fields) -> Fields:
        running = self._running
        self._sending = ""
        self._listen_to_all(False)
        return {"status": Status.SUCCESS if running else Status.INVALID_CALL}

    def _signal(self, kind: str) -> Fields:
        if not self._running or self._sending:
            return {"status": Status.INVALID_CALL}
        self._sending = kind
        return {"status": Status.SUCCESS}

    def _silence(self, kind: str) -> Fields:
        if self._sending != kind:
            return {"status": Status.INVALID_CALL}
        self._sending = ""
        return {"status": Status.SUCCESS}

    def _set_channel(self, fields: Fields) -> Fields:
        channel = int(fields["channel"])
        if not FIRST_CHANNEL <= channel <= LAST_CHANNEL:
            return {"status": Status.PHY_INVALID_CHANNEL}
        self._node.channel = channel
        return {"status": Status.SUCCESS if self._running else Status.INVALID_CALL}

    def _set_power(self, fields: Fields) -> Fields:
        self._power = int(fields["power"])
        return {"status": Status.SUCCESS if self._running else Status.INVALID_CALL}

    def _heard(self, frame: bytes, lqi: int, rssi: int) -> None:
        """Hand on any frame; two bytes are where its FCS was."""
        heard = {
            "linkQuality": lqi,
            "rssi": rssi,
            "packetContents": frame + bytes((rssi & 0xFF, lqi)),
        }
        self._server.callback("mfglibRxHandler", heard)

    def _send_packet(self, fields: Fields) -> Fields:
        """Send a packet whose last two bytes the radio replaces by the FCS."""
        packet = bytes(fields["packetContents"])
        if not self._running or self._sending:
            return {"status": Status.INVALID_CALL}
        if not SHORTEST_FRAME + _FCS <= len(packet) <= MAX_FRAME + _FCS:
            return {"status": Status.BAD_ARGUMENT}
        self._begin(self._transmit(packet[:-_FCS]))
        return {"status": Status.SUCCESS}

    async def _transmit(self, frame: bytes) -> None:
        self._node.send_raw(frame)
