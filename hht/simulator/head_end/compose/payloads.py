"""Command payloads: what is wanted, as the use case writes it.

DLMS payloads repeat their originator counter, so their builders take it first. The specifications
of a DLMS Command are its row in the use case table.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.gbcs.dlms import (
    NULL,
    AccessRequest,
    Value,
    array,
    boolean,
    double_long_unsigned,
    encode_access_request,
    enum,
    integer,
    invoke_of,
    long_unsigned,
    octets,
    structure,
    unsigned,
)
from hht.gbcs.gbz import READ_ATTRIBUTES, ZclFrame, components_of, encode_gbz
from hht.simulator.devices.core import times
from hht.simulator.devices.core.join_log import METHOD_OF_CODE, PAIRS, JoinRequest, entry_node
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.cosem.objects import obis, specs_of
from hht.simulator.devices.types.chf_mask import read_objects

CCS01, CCS02, CCS03, CCS06, CCS07 = 0x0001, 0x0002, 0x0003, 0x010F, 0x00FE
CS04, CS04B, CS06, CS07, CS08, CS11 = 0x000F, 0x0010, 0x0012, 0x0013, 0x0129, 0x0015
DBCH01, DBCH02, DBCH03, DBCH04, DBCH05 = 0x010A, 0x010B, 0x010C, 0x010D, 0x010E
ECS12, ECS15A, ECS15C = 0x0022, 0x0024, 0x00C1
ECS30, ECS30A, ECS52, ECS70 = 0x0046, 0x00D7, 0x0059, 0x0062
GCS09, GCS25, GCS28, GCS38, GCS59 = 0x0072, 0x007E, 0x007F, 0x0084, 0x008C
_JOIN_CODES: Mapping[JoinMethod, int] = {method: code for code, method in METHOD_OF_CODE.items()}
_LINK_KEY = 1  # key type: a preconfigured link key from an Install Code
_NEVER = bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")
_NETWORK_TIME = 5  # clock_base of COSEM Clock, as GBCS assigns it
_DEVICE_MANAGEMENT, _CHANGE_OF_TENANCY, _TO_CLIENT = 0x0708, 0x00, 0x09
_METERING, _FIRMWARE_VERSION = 0x0702, bytes.fromhex("0602")
_EVENTS, _CLEAR_EVENT_LOG, _TO_SERVER, _GENERAL_EVENT_LOG = 0x0709, 0x01, 0x01, 0x03
_RESTRICT_HISTORY = (0x0200).to_bytes(4, "little")
"""The bit of the change control that hides what is older than the change of tenancy."""
_END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_CANCELLED_FROM = 3000
"""An execution date of this year or later cancels (DUIS); on the wire it is the end of time."""
_CHANNEL_LOG_CLOCK = obis("0-0:94.44.100.255")


def add_device(
    counter: int, device: EntityId, install_code: bytes, join_seconds: int, device_type: int
) -> bytes:
    """Compose CCS01: register the Device as this type, set the joining time, open joining."""
    entry = structure(octets(device), enum(_LINK_KEY), octets(install_code), enum(device_type))
    return dlms_command(CCS01, counter, entry, long_unsigned(join_seconds), boolean(True))


def remove_device(counter: int, device: EntityId) -> bytes:
    """Compose CCS02."""
    return dlms_command(CCS02, counter, octets(device))


def restore_log(counter: int, extended_pan_id: bytes, hashes: Mapping[EntityId, bytes]) -> bytes:
    """Compose CCS03: take over another CHF's log of Devices and key hashes."""
    rows = (structure(octets(device), octets(key_hash)) for device, key_hash in hashes.items())
    return dlms_command(CCS03, counter, structure(octets(extended_pan_id), array(*rows)))


def read_log(counter: int) -> bytes:
    """Compose CCS06: read the CHF Device Log with the quality of each link."""
    return dlms_command(CCS06, counter, NULL)


def back_up_log(counter: int) -> bytes:
    """Compose CCS07: back up both CHF logs with their key hashes."""
    return dlms_command(CCS07, counter, NULL, NULL)


def electricity_clock(counter: int, start: datetime, end: datetime) -> bytes:
    """Compose ECS70: take the hub's time if it is between start and end."""
    interval = octets(_NEVER), octets(times.cosem(start)), octets(times.cosem(end))
    data = (enum(_NETWORK_TIME), structure(*interval), integer(0), NULL, NULL)
    return dlms_command(ECS70, counter, *data)


def gas_clock(start: datetime, end: datetime) -> bytes:
    """Compose GCS28: the same for a GSME."""
    bounds = der.generalized_time(start), der.generalized_time(end)
    return der.encode_node(der.sequence(*bounds))


def join(owner: DeviceType, other: EntityId, other_type: DeviceType, certificate: bytes) -> bytes:
    """Compose CS03 in the form of the pair; only method C carries the other's certificate."""
    method = PAIRS[owner, other_type]
    enclosed = certificate if method is JoinMethod.METHOD_C else b""
    return JoinRequest(method, other, other_type, enclosed).encode()


def join_code(owner: DeviceType, other_type: DeviceType) -> int:
    """Return the message code of the join of this pair."""
    return _JOIN_CODES[PAIRS[owner, other_type]]


def unjoin_code(owner: DeviceType, other_type: DeviceType) -> int:
    """Return the message code of the unjoin of this pair: of its own where they joined by method
    B."""
    return CS04B if PAIRS.get((owner, other_type)) is JoinMethod.METHOD_B else CS04


def restore_gpf_log(entries: Mapping[EntityId, DeviceType]) -> bytes:
    """Compose GCS59: join again with each Device of another GPF's log."""
    rows = (entry_node(*entry) for entry in entries.items())
    return der.encode_node(der.sequence(der.sequence(*rows)))


def activate_firmware(counter: int, image_hash: bytes, when: datetime | None) -> bytes:
    """Compose CS06: run the image with this hash, at once or at a time."""
    fields = [der.octets(image_hash), der.integer(counter)]
    if when is not None:
        at = _END_OF_TIME if when.year >= _CANCELLED_FROM else when
        fields.append(der.generalized_time(at))
    return der.encode_node(der.sequence(*fields))


def restrict_electricity(counter: int, since: datetime) -> bytes:
    """Compose ECS12: hide what was recorded before."""
    return dlms_command(ECS12, counter, octets(times.cosem(since)))


def restrict_gas(now: datetime, since: datetime) -> bytes:
    """Compose GCS09: Publish Change of Tenancy; the issuer event is the time of composing."""
    moments = (times.zigbee_utc(moment).to_bytes(4, "little") for moment in (now, since))
    issuer, start = moments
    content = bytes(4) + issuer + b"\x00" + start + _RESTRICT_HISTORY
    frame = ZclFrame(_TO_CLIENT, 0, _CHANGE_OF_TENANCY, content)
    return encode_gbz(components_of((_DEVICE_MANAGEMENT, frame)))


def read_gas_firmware() -> bytes:
    """Compose GCS38."""
    frame = ZclFrame(0, 0, READ_ATTRIBUTES, _FIRMWARE_VERSION)
    return encode_gbz(components_of((_METERING, frame)))


def clear_event_log(counter: int, code: int) -> bytes:
    """Compose ECS15a or ECS15c: reset the log."""
    return dlms_command(code, counter, integer(0))


def clear_gas_event_log() -> bytes:
    """Compose CS11: clear the log of general events, as GBCS has it."""
    frame = ZclFrame(_TO_SERVER, 0, _CLEAR_EVENT_LOG, bytes([_GENERAL_EVENT_LOG]))
    return encode_gbz(components_of((_EVENTS, frame)))


def read(code: int, counter: int) -> bytes:
    """Compose any use case that reads attributes and nothing else."""
    return dlms_command(code, counter, *(NULL for _ in rules()[code].form))


def scan_channels(counter: int) -> bytes:
    """Compose DBCH05."""
    return dlms_command(DBCH05, counter, unsigned(0))


def read_channel_log(counter: int, start: datetime, end: datetime) -> bytes:
    """Compose DBCH02: read the sub-GHz channel log between two moments."""
    column = structure(long_unsigned(1), octets(_CHANNEL_LOG_CLOCK), integer(2), long_unsigned(0))
    bounds = (double_long_unsigned(times.zigbee_utc(moment)) for moment in (start, end))
    (spec,) = specs_of(rules()[DBCH02].form)
    selected = spec._replace(selector=1, selection=structure(column, *bounds, array()))
    return encode_access_request(AccessRequest(invoke_of(counter), (selected,), (NULL,)))


def set_channel_mask(counter: int, mask_object: str, mask: Value) -> bytes:
    """Compose SECMP0012's draft, in the hub profile's object; a NULL removes the mask."""
    specs = specs_of((f"S/1/{mask_object}/2",))
    return encode_access_request(AccessRequest(invoke_of(counter), specs, (mask,)))


def read_channel_mask(counter: int, mask_object: str) -> bytes:
    """Mask, channel table and channel in use, of the same draft."""
    specs = specs_of(tuple(f"G/1/{name}/2" for name in read_objects(mask_object)))
    nothing = tuple(NULL for _ in specs)
    return encode_access_request(AccessRequest(invoke_of(counter), specs, nothing))


def unjoin(other: EntityId) -> bytes:
    """Compose CS04AC or CS04B."""
    return der.encode_node(der.octets(other))


def nothing() -> bytes:
    """Return a NULL: the payload of the ASN.1 reads (CS07, CS08)."""
    return der.encode_node(der.null())


def dlms_command(code: int, counter: int, *data: Value) -> bytes:
    """Return an access-request of the use case's specifications with this data."""
    specs = specs_of(rules()[code].form)
    return encode_access_request(AccessRequest(invoke_of(counter), specs, data))
