"""Which part of a node each MAC or NWK command is for: its Trust Centre, or its own joining."""

from collections.abc import Callable

from hht.entity_id import EntityId
from hht.simulator.stack.layers.join_client import JoinClient
from hht.simulator.stack.layers.trust_centre import TrustCentre
from hht.simulator.stack.ports import JoiningRadio
from hht.zse.frames.mac import MacCommand, MacFrame
from hht.zse.frames.nwk import NwkCommand, NwkFrame, is_leave_request, leaves_to_rejoin


class Commands:
    """The commands that one node hears; `report_left` is called with who has left."""

    def __init__(
        self,
        radio: JoiningRadio,
        trust_centre: TrustCentre,
        client: JoinClient,
        report_left: Callable[[EntityId], None],
    ) -> None:
        self._radio = radio
        self._trust_centre = trust_centre
        self._client = client
        self._report_left = report_left

    def mac(self, mac: MacFrame) -> None:
        """Hand on a MAC command."""
        if self._radio.is_coordinator:
            self._trust_centre.command(mac)
        elif mac.payload[:1] == bytes([MacCommand.ASSOCIATION_RESPONSE]):
            self._client.associated(mac)
        elif mac.payload[:1] == bytes([MacCommand.COORDINATOR_REALIGNMENT]):
            self._client.realigned(mac)

    def network(self, frame: NwkFrame, sender: EntityId | None) -> None:
        """Hand on a NWK command; `sender` is known where it was secured."""
        command = frame.payload[:1]
        if command == bytes([NwkCommand.LEAVE]):
            self._leave_heard(frame, sender)
        elif command == bytes([NwkCommand.REJOIN_RESPONSE]):
            self._client.rejoined(frame)
        elif command == bytes([NwkCommand.REJOIN_REQUEST]) and self._radio.is_coordinator:
            if sender:
                self._trust_centre.rejoin_requested(frame, sender)
            else:
                self._trust_centre.rejoin_in_clear(frame)

    def _leave_heard(self, frame: NwkFrame, sender: EntityId | None) -> None:
        if self._radio.is_coordinator:
            if sender:
                self._trust_centre.forget(sender)
                self._report_left(sender)
        elif sender is None:
            self._client.refused()
        elif is_leave_request(frame.payload):
            if not leaves_to_rejoin(frame.payload):
                self._radio.stop()
            self._report_left(self._radio.eui64)
