"""The Devices of DCC's reference test data: their identities, and the state their answers show.

Their private keys are not published. MACs can be made all the same from the Remote Parties' test
keys; where a Device would sign, its answer is known up to the signature. The state is read off the
reference Responses; it is data about them, not a property of any Device.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import double_long_unsigned
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.simulator.devices.core.credentials import (
    CERTIFYING,
    MANAGEMENT,
    SIGNING,
    Anchor,
    DeviceKeys,
)
from hht.simulator.devices.core.device import Device
from hht.simulator.devices.core.joinable import JoiningDevice
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import obis
from hht.simulator.devices.fleet import Fleet
from hht.simulator.devices.types.chf_log import ChfLog, LinkQuality, LogEntry
from hht.simulator.devices.zcl.device import ZclDevice
from hht.simulator.head_end.compose import ComposeResult, compose
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.pki.remote_parties import PARTIES

_HANDOVER = (0x0102, 0x0103)
NOW = datetime(2015, 1, 1, tzinfo=UTC)
"""When the reference Devices answered, by most of their clocks."""
_GSME_CLOCK_SET = datetime(2014, 12, 31, 23, 30, tzinfo=UTC)
_GSME_CLOCK_READ = datetime(2015, 1, 1, 9, tzinfo=UTC)


def _entity(last: int) -> EntityId:
    return EntityId(bytes.fromhex("00DB1234567890") + bytes([last]))


ESME, GSME, CHF, GPF, PPMID, HCALCS, LOAD_SWITCH = map(_entity, range(0xA0, 0xA7))
DEVICES: Mapping[EntityId, DeviceType] = {
    ESME: DeviceType.ESME,
    GSME: DeviceType.GSME,
    PPMID: DeviceType.PPMID,
    HCALCS: DeviceType.HCALCS,
    LOAD_SWITCH: DeviceType.HCALCS,
}
_CLOCKS: Mapping[tuple[EntityId, int], datetime] = {
    (GSME, 0x007F): _GSME_CLOCK_SET,
    **{(GSME, code): _GSME_CLOCK_READ for code in (0x0074, 0x0075, 0x00B6, 0x00B8, 0x012A)},
}
"""The Device's time where the use case is answered by another clock."""
_EXTENDED_PAN_ID = bytes.fromhex("0001020304050607")
_HASH = "83FED3407A939723A5C639B26916D5"
_MIXED = bytes.fromhex("00112233445566778899A1A2A3A4A5A6")
_NEW_SIGNING_KEY = bytes.fromhex(
    "04F41284362A5A81EEFF848AE2DB4C6D0DF336F06128EB32121596FAEF86DB383D"
    "93C3952E73476036406D91009F6133244102A9F88A3682F16F92CCBF7CC959FA"
)
"""The key the ESME asked a certificate for before it is given one (SR 6.17, then 6.15.2)."""
_HEARD_ONCE = (Role.NETWORK_OPERATOR, Role.LOAD_CONTROLLER)
_SINGLE_PHASE = 0x003C
_SINGLE_PHASE_VOLTAGES = {"1-0:32.31.0.4": 200, "1-0:32.35.0.4": 264}


def _strangers(**types: int) -> dict[EntityId, DeviceType]:
    return {_entity(int(last[1:], 16)): DeviceType(kind) for last, kind in types.items()}


_OTHERS = _strangers(_93=1, _94=0, _96=5, _97=5, _98=5, _99=4, _9A=4, _9B=6, _9C=3)
"""Types of the Devices that the reference Devices are joined with; there is no more to them."""
_OLD_CHF, _OLD_EXTENDED_PAN_ID = _entity(0x95), bytes.fromhex("0000000000000140")
_GPF_LOG = {
    EntityId(bytes(range(1, 9))): DeviceType.TYPE_2,
    **{_entity(last): DeviceType.PPMID for last in (0x99, 0x97, 0x96, 0x98)},
    _entity(0x9B): DeviceType.TYPE_2,
}
"""The GPF Device Log as the reference GPF last reported it (GCS62)."""
_BILLING_PERIODS: Mapping[int, bytes] = {
    0x009D: bytes.fromhex("00000000804A371C0017561A0100002200"),
    0x00DA: bytes.fromhex("00000000804A371C0017561A0600002300"),
}
"""The billing periods last sent to the GSME, by the use case that reads it."""
_PUBLISH_BILLING_PERIOD = (0x0700, 0x09)
_ROOT_KEY_ID = bytes.fromhex("48CF1B32697C4669")

_JOINED: Mapping[EntityId, dict[EntityId, DeviceType]] = {
    ESME: {_entity(0x99): DeviceType.HCALCS},
    GSME: {
        EntityId(bytes(range(1, 9))): DeviceType.GPF,
        _entity(0x99): DeviceType.GPF,
        _entity(0x97): DeviceType.PPMID,
    },
    PPMID: {EntityId(bytes(range(1, 9))): DeviceType.ESME},
}


def reference_fleet(keys: DeviceKeys, command: Message) -> Fleet:
    """Make the reference Devices in the state in which they answer this Command.

    Before it is handed over to a supplier and a network operator, the GPF's cells for them hold the
    Access Control Broker (SR 6.21). Behind the one ESME there are meters of several variants.
    """
    fleet = Fleet(CHF, GPF, DEVICES, keys)
    _fill_chf_log(fleet.chf.device_log)
    for device in fleet:
        _trust_root(device)
    for entity, device in fleet.joining.items():
        device.device_log.entries = dict(_JOINED.get(entity, {}))
        device.device_log.present = lambda other: True
        # One reference Command carries another Device's certificate, and is answered with success.
        device.device_log.names = lambda certificate, other: bool(certificate)
    _fill_esme(fleet.joining[ESME], command.message_code)
    _fill_gsme(fleet.joining[GSME], command.message_code)
    if _is_handover(command):
        _take_back(fleet.joining[GPF], keys)
    return fleet


def reference_inventory(keys: DeviceKeys) -> Inventory:
    """Make the inventory of the reference data's DCC."""
    hashes = {ESME: bytes.fromhex(f"{_HASH}06"), GSME: bytes.fromhex(f"{_HASH}05")}

    def certificate(device: EntityId) -> bytes | None:
        held = keys.certificate(device, "ka")
        return held.public_bytes(Encoding.DER) if held else None

    return Inventory(
        types={**DEVICES, CHF: DeviceType.CHF, GPF: DeviceType.GPF, **_OTHERS},
        certificate=certificate,
        chf_backups={_OLD_CHF: (_OLD_EXTENDED_PAN_ID, hashes)},
        gpf_backup=_GPF_LOG,
    )


def compose_reference(
    xml: bytes, keys: PemFolder, dcc_counter: int | None = None, source: str = ""
) -> ComposeResult:
    """Compose a Service Request as the reference data's DCC does, at the time of that data."""
    inventory = reference_inventory(keys)
    return compose(xml, keys, inventory, NOW, dcc_counter=dcc_counter, source=source)


def clock_of(device: EntityId, message_code: int) -> datetime:
    """Return the time of the reference Device that answered this use case."""
    return _CLOCKS.get((device, message_code), NOW)


def _fill_chf_log(log: ChfLog) -> None:
    log.extended_pan_id = _EXTENDED_PAN_ID
    log.entries = {
        ESME: _log_entry(ESME, "06", (-35, -50, -100), (2, 39, 247), 50),
        GSME: _log_entry(GSME, "05", (-34, -54, -77), (1, 96, 205), 40),
    }
    log.historic = {GPF: _MIXED, PPMID: _MIXED[10:] + _MIXED[:10]}


def _log_entry(
    entity: EntityId,
    last_octet: str,
    rssi: tuple[int, int, int],
    lqi: tuple[int, int, int],
    minute: int,
) -> LogEntry:
    heard = datetime(2014, 12, 31, 23, minute, tzinfo=UTC)
    quality = LinkQuality(rssi, lqi, heard, successes=100)
    return LogEntry(entity, key_hash=bytes.fromhex(_HASH + last_octet), quality=quality)


def _fill_esme(esme: JoiningDevice, message_code: int) -> None:
    esme.counters.update({PARTIES[role]: 1 for role in _HEARD_ONCE})
    esme.own_keys.expected["ds"] = _NEW_SIGNING_KEY
    if message_code == _SINGLE_PHASE and isinstance(esme, CosemDevice):
        for name, volts in _SINGLE_PHASE_VOLTAGES.items():
            esme.objects.values[1, obis(name), 2] = double_long_unsigned(volts)


def _fill_gsme(gsme: JoiningDevice, message_code: int) -> None:
    if message_code in _BILLING_PERIODS and isinstance(gsme, ZclDevice):
        gsme.objects.kept[_PUBLISH_BILLING_PERIOD] = _BILLING_PERIODS[message_code]


def _is_handover(command: Message) -> bool:
    by_broker = command.originator == PARTIES[Role.ACCESS_CONTROL_BROKER]
    return by_broker and command.message_code in _HANDOVER


def _trust_root(device: Device) -> None:
    """Set the root by its key identifier; its certificate is not among the test data."""
    slot = (Role.ROOT, CERTIFYING, MANAGEMENT)
    device.credentials.replace(slot, Anchor(EntityId(bytes(8)), _ROOT_KEY_ID, b""))


def _take_back(gpf: Device, keys: DeviceKeys) -> None:
    broker = PARTIES[Role.ACCESS_CONTROL_BROKER]
    for slot in gpf.credentials.cells:
        key = keys.public_key(broker, "ds" if slot[1] == SIGNING else "ka")
        if slot[0] in (Role.SUPPLIER, Role.NETWORK_OPERATOR) and key is not None:
            gpf.credentials.replace(slot, Anchor.of(broker, key))
