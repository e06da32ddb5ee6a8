"""Command payloads: what is wanted, as the use case writes it.

DLMS payloads repeat their originator counter, so their builders take it first. The specifications
of a DLMS Command are its row in the use case table.
"""

from collections.abc import Mapping
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.gbcs.dlms import (
    NULL,
    AccessRequest,
    Value,
    array,
    boolean,
    encode_access_request,
    enum,
    integer,
    invoke_of,
    long_unsigned,
    octets,
    structure,
)
from hht.training.devices import times
from hht.training.devices.cosem import specs_of
from hht.training.devices.joins import METHOD_OF_CODE, PAIRS, JoinRequest
from hht.training.devices.rules import rules

CCS01, CCS02, CCS03, CCS06, CCS07 = 0x0001, 0x0002, 0x0003, 0x010F, 0x00FE
CS04, CS07 = 0x000F, 0x0013
ECS70, GCS28 = 0x0062, 0x007F
_JOIN_CODES: Mapping[JoinMethod, int] = {method: code for code, method in METHOD_OF_CODE.items()}
_LINK_KEY, _UNUSED = 1, 0
_NEVER = bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")
_NETWORK_TIME = 5


def add_device(counter: int, device: EntityId, install_code: bytes, join_seconds: int) -> bytes:
    """CCS01: register the Device, set the joining time, open joining."""
    entry = structure(octets(device), enum(_LINK_KEY), octets(install_code), enum(_UNUSED))
    return dlms_command(CCS01, counter, entry, long_unsigned(join_seconds), boolean(True))


def remove_device(counter: int, device: EntityId) -> bytes:
    """CCS02."""
    return dlms_command(CCS02, counter, octets(device))


def restore_log(counter: int, extended_pan_id: bytes, hashes: Mapping[EntityId, bytes]) -> bytes:
    """CCS03: take over another CHF's log of Devices and key hashes."""
    rows = (structure(octets(device), octets(key_hash)) for device, key_hash in hashes.items())
    return dlms_command(CCS03, counter, structure(octets(extended_pan_id), array(*rows)))


def read_log(counter: int) -> bytes:
    """CCS06: the CHF Device Log with the quality of each link."""
    return dlms_command(CCS06, counter, NULL)


def back_up_log(counter: int) -> bytes:
    """CCS07: both CHF logs with their key hashes."""
    return dlms_command(CCS07, counter, NULL, NULL)


def electricity_clock(counter: int, start: datetime, end: datetime) -> bytes:
    """ECS70: take the hub's time if it lies between start and end."""
    interval = octets(_NEVER), octets(times.cosem(start)), octets(times.cosem(end))
    data = (enum(_NETWORK_TIME), structure(*interval), integer(0), NULL, NULL)
    return dlms_command(ECS70, counter, *data)


def gas_clock(start: datetime, end: datetime) -> bytes:
    """GCS28: the same for a GSME."""
    bounds = der.generalized_time(start), der.generalized_time(end)
    return der.encode_node(der.sequence(*bounds))


def join(owner: DeviceType, other: EntityId, other_type: DeviceType, certificate: bytes) -> bytes:
    """CS03 in the form of the pair; only method C carries the other's certificate."""
    method = PAIRS[owner, other_type]
    enclosed = certificate if method is JoinMethod.METHOD_C else b""
    return JoinRequest(method, other, other_type, enclosed).encode()


def join_code(owner: DeviceType, other_type: DeviceType) -> int:
    """The message code of the join of this pair."""
    return _JOIN_CODES[PAIRS[owner, other_type]]


def unjoin(other: EntityId) -> bytes:
    """CS04AC and CS04B."""
    return der.encode_node(der.octets(other))


def nothing() -> bytes:
    """A NULL: the payload of the ASN.1 reads (CS07, CS08)."""
    return der.encode_node(der.null())


def dlms_command(code: int, counter: int, *data: Value) -> bytes:
    """An access-request of the use case's specifications with this data."""
    specs = specs_of(rules()[code].form)
    return encode_access_request(AccessRequest(invoke_of(counter), specs, data))
