"""ZigBee Device Objects: what a node says of itself and of the endpoints it was given."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.zse.frames.octets import Octets, u16
from hht.zse.zcl import SMART_ENERGY_PROFILE

PROFILE = 0x0000
ENDPOINT = 0  # of ZDO in every device
RESPONSE = 0x8000

NWK_ADDRESS, IEEE_ADDRESS = 0x0000, 0x0001
NODE_DESCRIPTOR = 0x0002
SIMPLE_DESCRIPTOR, ACTIVE_ENDPOINTS, MATCH_DESCRIPTOR = 0x0004, 0x0005, 0x0006
DEVICE_ANNOUNCE = 0x0013

_COORDINATOR = 0x0000
_COORDINATOR_TYPE, _END_DEVICE_TYPE = 0x00, 0x02
_BAND_2_4_GHZ = 0x40
_COORDINATOR_CAPABILITY, _END_DEVICE_CAPABILITY = 0x8F, 0x8C  # mains powered, always listening
_NO_MANUFACTURER = 0x0000
_REVISION_22 = 22 << 9  # of the ZigBee specification, in the server mask
_BUFFER, _TRANSFER = 82, 82  # bytes of one message that is not cut into fragments
_SUCCESS, _DEVICE_NOT_FOUND, _NOT_ACTIVE = 0x00, 0x81, 0x83


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one endpoint offers (`servers`) and uses (`clients`), by cluster id."""

    profile: int = SMART_ENERGY_PROFILE
    device_id: int = 0x0000
    servers: tuple[int, ...] = ()
    clients: tuple[int, ...] = ()

    def matches(self, profile: int, servers: tuple[int, ...], clients: tuple[int, ...]) -> bool:
        """Return whether a Match_Desc_req for these input and output clusters finds it."""
        shared = set(servers) & set(self.servers) or set(clients) & set(self.clients)
        return profile in (self.profile, 0xFFFF) and bool(shared)


@dataclass(frozen=True, slots=True)
class Node:
    """Who answers: its addresses and its endpoints."""

    eui64: EntityId
    short_address: int
    endpoints: dict[int, Endpoint]

    def answer(self, cluster: int, request: bytes) -> bytes | None:
        """Build the payload that answers a ZDO request (cluster + 0x8000), None for no answer."""
        octets = Octets(request)
        sequence = octets.take(1)
        answers = {
            NWK_ADDRESS: self._addresses,
            IEEE_ADDRESS: self._addresses,
            NODE_DESCRIPTOR: self._node_descriptor,
            SIMPLE_DESCRIPTOR: self._simple_descriptor,
            ACTIVE_ENDPOINTS: self._active_endpoints,
            MATCH_DESCRIPTOR: self._match_descriptor,
        }
        if cluster not in answers:
            return None
        if cluster == NWK_ADDRESS and octets.eui64() != self.eui64:
            return None
        return sequence + answers[cluster](octets)

    def announce(self, capability: int) -> bytes:
        """Build a Device_annce with a MAC capability field; the transaction sequence is 0."""
        address = u16(self.short_address) + self.eui64.little_endian
        return b"\x00" + address + bytes([capability])

    def _addresses(self, _octets: Octets) -> bytes:
        return bytes([_SUCCESS]) + self.eui64.little_endian + u16(self.short_address)

    def _node_descriptor(self, octets: Octets) -> bytes:
        """Encode logical type, MAC capability and sizes (ZigBee 2.3.2.3)."""
        about = octets.number(2)
        if about != self.short_address:
            return bytes([_DEVICE_NOT_FOUND]) + u16(about)
        coordinator = self.short_address == _COORDINATOR
        kind = _COORDINATOR_TYPE if coordinator else _END_DEVICE_TYPE
        capability = _COORDINATOR_CAPABILITY if coordinator else _END_DEVICE_CAPABILITY
        flags = bytes([kind, _BAND_2_4_GHZ, capability]) + u16(_NO_MANUFACTURER)
        sizes = bytes([_BUFFER]) + u16(_TRANSFER) + u16(_REVISION_22) + u16(_TRANSFER) + b"\x00"
        return bytes([_SUCCESS]) + u16(about) + flags + sizes

    def _active_endpoints(self, octets: Octets) -> bytes:
        return self._endpoint_list(octets.number(2), sorted(self.endpoints), _SUCCESS)

    def _match_descriptor(self, octets: Octets) -> bytes:
        about, profile = octets.number(2), octets.number(2)
        servers, clients = _clusters(octets), _clusters(octets)
        found = [
            number
            for number, endpoint in sorted(self.endpoints.items())
            if endpoint.matches(profile, servers, clients)
        ]
        return self._endpoint_list(about, found, _SUCCESS)

    def _endpoint_list(self, about: int, found: list[int], status: int) -> bytes:
        if about not in (self.short_address, 0xFFFD):
            found, status = [], _DEVICE_NOT_FOUND
        return bytes([status]) + u16(self.short_address) + bytes([len(found), *found])

    def _simple_descriptor(self, octets: Octets) -> bytes:
        about, number = octets.number(2), octets.number(1)
        endpoint = self.endpoints.get(number)
        if about != self.short_address or endpoint is None:
            status = _NOT_ACTIVE if about == self.short_address else _DEVICE_NOT_FOUND
            return bytes([status]) + u16(about) + b"\x00"
        described = bytes([number]) + u16(endpoint.profile) + u16(endpoint.device_id) + b"\x00"
        described += _cluster_list(endpoint.servers) + _cluster_list(endpoint.clients)
        return bytes([_SUCCESS]) + u16(about) + bytes([len(described)]) + described


def address_request(sequence: int, about: EntityId) -> bytes:
    """Build a NWK_addr_req for the short address of one node alone."""
    return bytes([sequence]) + about.little_endian + b"\x00\x00"


def read_address(response: bytes) -> tuple[EntityId, int] | None:
    """Read whom a NWK_addr_rsp is about, and its short address; None where it names none."""
    octets = Octets(response)
    octets.take(1)
    if octets.number(1) != _SUCCESS:
        return None
    return octets.eui64(), octets.number(2)


def match_request(sequence: int, about: int, profile: int, servers: tuple[int, ...]) -> bytes:
    """Build a Match_Desc_req for a server of any of `servers` at the short address `about`."""
    head = bytes([sequence]) + u16(about) + u16(profile)
    return head + _cluster_list(servers) + _cluster_list(())


def matched_endpoints(response: bytes) -> list[int]:
    """Read the endpoints in a Match_Desc_rsp; none when it says so or is cut short."""
    if len(response) < 5 or response[1] != _SUCCESS:
        return []
    return list(response[5 : 5 + response[4]])


def _clusters(octets: Octets) -> tuple[int, ...]:
    return tuple(octets.number(2) for _ in range(octets.number(1)))


def _cluster_list(clusters: tuple[int, ...]) -> bytes:
    return bytes([len(clusters)]) + b"".join(u16(cluster) for cluster in clusters)
