"""A unit's package and the keys around it, sound until a test spoils a part."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from facility_samples import CHF, GPF, commands_of, eui, install_code

from hht.duis.local_command import read_local_command
from hht.facility.package.content import FORMAT, UnitContent, unit_command
from hht.facility.package.keys import FacilityKey
from hht.facility.package.reader import UnitTrust
from hht.facility.package.writer import write_package

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ISSUED = int(NOW.timestamp() * 1000)
BATCH = "b1"


@dataclass(frozen=True)
class Keys:
    facility: FacilityKey
    unit: ec.EllipticCurvePrivateKey


@cache
def keys() -> Keys:
    return Keys(FacilityKey.generate(), ec.generate_private_key(ec.SECP256R1()))


def content(number: int = 1) -> UnitContent:
    commands = [
        unit_command(read_local_command(wanted.xml, name), name, range(position))
        for position, (name, wanted) in enumerate(commands_of(number).items())
    ]
    return UnitContent(
        format=FORMAT,
        unit=str(eui(number)),
        hht=str(eui(number, 1)),
        hht_install_code=install_code(number, 1).hex(),
        chf=str(CHF),
        gpf=str(GPF),
        commands=tuple(commands),
    )


def package(
    number: int = 1, *, batch: str = BATCH, issued: int = ISSUED, not_after: int = 0
) -> bytes:
    return write_package(
        content(number),
        keys().unit.public_key(),
        keys().facility,
        batch=batch,
        issued=issued,
        not_after=not_after,
    )


def trust(number: int = 1, *, newest: int = 0, newest_digest: bytes = b"") -> UnitTrust:
    return UnitTrust(eui(number), [keys().facility.public], BATCH, newest, newest_digest)


def secret(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")
