"""The simulated hub and display report firmware as the reference ones do, octet for octet."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import FirmwareTransferResult
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import Verdict, check_signature
from hht.reference.devices import reference_fleet
from hht.simulator.devices.core.device import UnsignedMessage
from hht.simulator.devices.core.images import image_received
from hht.simulator.devices.fleet import Fleet

pytestmark = pytest.mark.shared


def reference(shared: Path, folder: str) -> Message:
    (path,) = (shared / "rtds" / "messages" / folder).glob("*_ALERT_*.HEX")
    return Message.parse(bytes.fromhex(path.read_text().strip()))


def fleet_of(keys: PemFolder, alert: Message) -> Fleet:
    asked = replace(alert, cra=Cra.COMMAND, recipient=alert.originator, originator=alert.recipient)
    return reference_fleet(keys, asked)


def content(alert: Message) -> tuple[list[der.Node], datetime]:
    parts = der.decode_only_node(alert.payload).children
    assert parts[1].time
    return list(parts), parts[1].time.astimezone(UTC)


def whole(made: bytes | Message, like: Message) -> Message:
    """What a Device made, under the counter and the signature of the reference."""
    message = Message.parse(made) if isinstance(made, bytes) else made
    return replace(message, counter=like.counter, signature=like.signature)


def test_the_hubs_report_of_a_transfer_is_the_reference_ccs08(shared: Path) -> None:
    keys = PemFolder(shared / "rtds" / "keystore")
    given = reference(shared, "NA_CCS08")
    parts, at = content(given)
    chf = fleet_of(keys, given).chf
    result = FirmwareTransferResult(parts[4].number)
    try:
        device, version = EntityId(parts[2].content), parts[3].content
        made: bytes | Message = chf.firmware_transferred(device, version, result, at)
    except UnsignedMessage as unsigned:
        made = unsigned.message
    assert whole(made, given).encode() == given.encode()
    assert check_signature(given, keys) is Verdict.VALID


def test_a_displays_report_of_its_new_firmware_is_the_reference_cs09(shared: Path) -> None:
    keys = PemFolder(shared / "rtds" / "keystore")
    given = reference(shared, "NA_CS09")
    parts, at = content(given)
    display = fleet_of(keys, given).joining[given.originator]
    try:
        made: bytes | Message = image_received(display, bytes(32), parts[2].content, at)
    except UnsignedMessage as unsigned:
        made = unsigned.message
    assert whole(made, given).encode() == given.encode()
    assert check_signature(given, keys) is Verdict.VALID
