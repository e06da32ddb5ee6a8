"""A facility's manifest with the Local Commands of each unit, sound until a test spoils a part."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.dlms import boolean, enum, long_unsigned, octets, structure
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import seal
from hht.simulator.head_end.compose.payloads import CCS01, dlms_command
from hht.simulator.head_end.job import local_command_response
from hht.zse.install_code import InstallCode

SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
CHF, GPF, ESME = (EntityId.parse(f"00-DB-00-00-00-00-10-A{n}") for n in (2, 3, 0))
PPMID_IN_CCS01, PPMID, ESME_TYPE = 0x84, 5, 1
NOW = datetime(2026, 11, 26, tzinfo=UTC)
COLUMNS = ("eui", "install_code", "hht_eui", "hht_install_code", "chf", "commands")


def eui(number: int, half: int = 0) -> EntityId:
    return EntityId(bytes.fromhex("00DB00") + bytes([half]) + number.to_bytes(4, "big"))


def install_code(number: int, half: int = 0) -> bytes:
    return bytes([half, *number.to_bytes(3, "big")]) * 4


def row(number: int, **changes: str) -> dict[str, str]:
    """The manifest's row of a unit, codes with their check bytes."""
    return {
        "eui": str(eui(number)),
        "install_code": InstallCode(install_code(number)).with_crc.hex().upper(),
        "hht_eui": str(eui(number, 1)),
        "hht_install_code": InstallCode(install_code(number, 1)).with_crc.hex().upper(),
        "chf": str(CHF),
        "commands": f"unit-{number}",
    } | changes


@dataclass(frozen=True)
class Wanted:
    """One Command: its recipient, message code, payload and counter."""

    recipient: EntityId
    code: int
    payload: bytes
    counter: int

    @property
    def xml(self) -> bytes:
        message = Message(
            Cra.COMMAND, self.counter, SUPPLIER, self.recipient, self.code, self.payload
        )
        request_id = RequestId(SUPPLIER, self.recipient, self.counter)
        raw = seal(message, bytes(32)).encode()
        return local_command_response(request_id, "8.11", "8.11", raw, NOW)


def add(
    device: EntityId,
    code: bytes,
    *,
    counter: int = 1,
    kind: int = PPMID_IN_CCS01,
    chf: EntityId = CHF,
) -> Wanted:
    entry = structure(octets(device), enum(1), octets(code), enum(kind))
    payload = dlms_command(CCS01, counter, entry, long_unsigned(3600), boolean(True))
    return Wanted(chf, CCS01, payload, counter)


def join(
    device: EntityId,
    other: EntityId,
    other_type: int,
    *,
    code: int,
    counter: int,
    certificate: bytes = b"",
) -> Wanted:
    rest = (der.decode_only_node(certificate),) if certificate else ()
    node = der.sequence(der.integer(0), der.octets(other), der.integer(other_type), *rest)
    return Wanted(device, code, der.encode_node(node), counter)


def commands_of(number: int) -> dict[str, Wanted]:
    """What lets unit `number` in: CCS01 and both sides of its Join with the ESME."""
    unit = eui(number)
    return {
        "1-add.xml": add(unit, install_code(number)),
        "2-join-esme.xml": join(ESME, unit, PPMID, code=0x000D, counter=2),
        "10-join-ppmid.xml": join(unit, ESME, ESME_TYPE, code=0x00AB, counter=3),
    }


def write_commands(folder: Path, commands: Mapping[str, Wanted]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, wanted in commands.items():
        (folder / name).write_bytes(wanted.xml)


def write_manifest(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    rows = list(rows)
    names = dict.fromkeys(name for each in rows for name in each)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*names], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_batch(folder: Path, units: int = 2) -> Path:
    """Write a sound manifest of so many units, their Local Commands beside it."""
    for number in range(1, units + 1):
        write_commands(folder / f"unit-{number}", commands_of(number))
    return write_manifest(folder / "manifest.csv", [row(n) for n in range(1, units + 1)])
