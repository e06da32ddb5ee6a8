"""The hub inside its HAN: an HHT's key establishment, its tunnel, and the attributes it reads."""

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from hht.entity_id import EntityId
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.stack.node import Endpoint, RadioNode, Received
from hht.zse.cbke.cluster import SUITE_ATTRIBUTE
from hht.zse.errors import MalformedFrame
from hht.zse.ota import OTA_UPGRADE
from hht.zse.tunneling import TunnelCommand, decode_tunnel_command
from hht.zse.zcl import (
    BASIC,
    FROM_SERVER,
    KEY_ESTABLISHMENT,
    NO_DEFAULT_RESPONSE,
    READ_ATTRIBUTES,
    READ_ATTRIBUTES_RESPONSE,
    SMART_ENERGY_PROFILE,
    TUNNELING,
    ZclFrame,
    default_response,
)

ENDPOINT = 2
"""Not 1: an HHT has to ask for it by Match_Desc."""
ENERGY_SERVICE_INTERFACE = 0x0500

_PHYSICAL_ENVIRONMENT = 0x0011
_CLOSE_TUNNEL_TIMEOUT = 0x0000
_BITMAP16, _UINT16, _ENUM8 = 0x19, 0x21, 0x30
_SUCCESS, _NOT_AUTHORISED, _UNSUPPORTED_COMMAND, _UNSUPPORTED_ATTRIBUTE = 0x00, 0x7E, 0x81, 0x86
_MALFORMED_COMMAND = 0x80


class TunnelEnd(Protocol):
    """The hub's end of a tunnel."""

    def handle(self, sender: EntityId, command: TunnelCommand, sequence: int) -> None:
        """Handle one Tunneling command; `sequence` is its frame's."""


class ImageServer(Protocol):
    """The hub's end of the OTA cluster."""

    def handle(self, device: EntityId, frame: ZclFrame) -> None:
        """Answer one frame of a Device's."""


class HanServer:
    """The handler of the APS messages of one hub's HAN.

    `on_key` is called for each HHT that has established its link key here; from then on, and only
    then, its Tunneling commands are accepted, APS-encrypted. Devices of `servers` have theirs.
    HHTs establish their keys one at a time and wait for each other; the premises' own `devices` are
    not made to wait, so that no trainee waits ten seconds for each.
    """

    def __init__(
        self,
        node: RadioNode,
        make_keys: Callable[[], KeyEstablishmentServer],
        on_key: Callable[[EntityId, bytes], None],
        devices: Collection[EntityId] = (),
    ) -> None:
        self._node = node
        self._keys = make_keys()
        self._make_keys = make_keys
        self._device_keys: dict[EntityId, KeyEstablishmentServer] = {}
        self._devices = frozenset(devices)
        self._on_key = on_key
        self._endpoints: dict[EntityId, int] = {}
        self._keyed: set[EntityId] = set()
        self._sending: set[asyncio.Task[bool]] = set()
        self.tunnels: TunnelEnd | None = None
        self.servers: dict[EntityId, TunnelEnd] = {}
        self.images: ImageServer | None = None
        servers = (BASIC, TUNNELING, KEY_ESTABLISHMENT, OTA_UPGRADE)
        node.endpoints = {
            ENDPOINT: Endpoint(
                device_id=ENERGY_SERVICE_INTERFACE,
                servers=servers,
                clients=(TUNNELING, KEY_ESTABLISHMENT),
            )
        }

    def hear(self, received: Received) -> None:
        """Handle one message; drop a malformed one."""
        if received.profile != SMART_ENERGY_PROFILE:
            return
        self._endpoints[received.sender_eui] = received.source_endpoint
        try:
            self._take(received, ZclFrame.decode(received.payload))
        except MalformedFrame as error:
            self._node.drop(str(error))

    def forget(self, device: EntityId) -> None:
        """Forget the link key of a device that left or joined again."""
        self._keyed.discard(device)

    def reset(self) -> None:
        """Forget every device, as a power cut does."""
        self._keyed.clear()
        self._keys.reset()
        self._device_keys.clear()

    async def send(self, device: EntityId, cluster: int, frame: ZclFrame, *, secured: bool) -> bool:
        """Send a ZCL frame to a device of the HAN; return whether it was acknowledged."""
        short = self._node.children.get(device)
        if short is None:
            return False
        return await self._node.send_unicast(
            short,
            cluster,
            frame.encode(),
            source_endpoint=ENDPOINT,
            destination_endpoint=self._endpoints.get(device, 1),
            aps_key=self._node.link_keys.get(device) if secured else None,
        )

    def _take(self, received: Received, frame: ZclFrame) -> None:
        if not frame.cluster_specific:
            self._take_general(received, frame)
        elif received.cluster == KEY_ESTABLISHMENT:
            self._establish_key(received.sender_eui, frame)
        elif received.cluster == TUNNELING and (
            end := self.servers.get(received.sender_eui, self.tunnels)
        ):
            self._tunnel(end, received, frame)
        elif received.cluster == OTA_UPGRADE and self.images and received.aps_encrypted:
            self.images.handle(received.sender_eui, frame)
        else:
            self._refuse(received, frame, _UNSUPPORTED_COMMAND)

    def _establish_key(self, device: EntityId, frame: ZclFrame) -> None:
        answer = self._key_server(device).handle(device, frame)
        if answer.frame is not None:
            self._reply(device, KEY_ESTABLISHMENT, answer.frame)
        if answer.link_key is not None:
            self._node.set_link_key(device, answer.link_key)
            if device not in self._devices:
                self._keyed.add(device)
            self._on_key(device, answer.link_key)

    def _key_server(self, device: EntityId) -> KeyEstablishmentServer:
        if device not in self._devices:
            return self._keys
        if device not in self._device_keys:
            self._device_keys[device] = self._make_keys()
        return self._device_keys[device]

    def _tunnel(self, end: TunnelEnd, received: Received, frame: ZclFrame) -> None:
        device = received.sender_eui
        if not received.aps_encrypted or not (device in self._keyed or device in self.servers):
            self._refuse(received, frame, _NOT_AUTHORISED)
            return
        try:
            command = decode_tunnel_command(frame)
        except MalformedFrame:
            self._refuse(received, frame, _MALFORMED_COMMAND)
            return
        if frame.wants_default_response:
            self._reply(device, TUNNELING, default_response(frame, _SUCCESS), secured=True)
        end.handle(device, command, frame.sequence)

    def _take_general(self, received: Received, frame: ZclFrame) -> None:
        if frame.command != READ_ATTRIBUTES or frame.from_server:
            return
        control = FROM_SERVER | NO_DEFAULT_RESPONSE
        payload = _attributes(received.cluster, frame.payload)
        answer = ZclFrame(control, frame.sequence, READ_ATTRIBUTES_RESPONSE, payload)
        self._reply(received.sender_eui, received.cluster, answer, secured=received.aps_encrypted)

    def _refuse(self, received: Received, frame: ZclFrame, status: int) -> None:
        answer = default_response(frame, status)
        self._reply(received.sender_eui, received.cluster, answer, secured=received.aps_encrypted)

    def _reply(
        self, device: EntityId, cluster: int, frame: ZclFrame, *, secured: bool = False
    ) -> None:
        sending = self.send(device, cluster, frame, secured=secured)
        task = asyncio.get_running_loop().create_task(sending)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


_ATTRIBUTES = {
    (BASIC, _PHYSICAL_ENVIRONMENT): bytes((_ENUM8, 0x01)),
    (TUNNELING, _CLOSE_TUNNEL_TIMEOUT): bytes((_UINT16, 0xFF, 0xFF)),
    (KEY_ESTABLISHMENT, SUITE_ATTRIBUTE): bytes((_BITMAP16, 0x02, 0x00)),
}
"""Data type and value, little-endian."""


def _attributes(cluster: int, asked: bytes) -> bytes:
    """Build the records of a Read Attributes Response, one for each identifier asked."""
    records = []
    for at in range(0, len(asked) - 1, 2):
        value = _ATTRIBUTES.get((cluster, int.from_bytes(asked[at : at + 2], "little")))
        status = bytes((_SUCCESS,)) + value if value else bytes((_UNSUPPORTED_ATTRIBUTE,))
        records.append(asked[at : at + 2] + status)
    return b"".join(records)
