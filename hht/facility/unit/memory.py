"""What a simulated unit keeps without power: one file a unit, with all of it, then later states.

A bench's units commit hundreds of times a second, and replacing a file costs milliseconds on many
file systems: so a state is appended, with a length, a CRC-32 and a mark behind it. The last whole
one counts. A file of an earlier hht is one state without them.
"""

import os
import struct
import zlib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.facility.package.keys import public_of
from hht.facility.package.reader import UnitTrust
from hht.files import read_plain, write_whole

SUFFIX = ".unit"
_MARK = b"\xc1HHT unit\xc1"  # C1 begins nothing in msgpack
_FOOTER = struct.Struct(">II")  # length and CRC-32 of the state before it
_LARGEST_FILE = 1 << 20  # a unit that is presented again and again: written as a whole now and then


class UnitMemory(msgspec.Struct, omit_defaults=True):
    """The unit's two halves and what it was made with; keys are 32 bytes, certificates DER.

    `active` is the committed package, `inactive` what is being written (None: nothing). `captures`
    are those of docs/unit-protocol.md that are still to be collected, `taken` the digests of those
    that were. `zigbee` has the fields of hht-identity.json for the PPMID, `hht` for its HHT half
    where a package brings none; `is_in` says that the PPMID has a link key with its hub. `faults`
    are names of hht.facility.unit.faults.
    """

    eui: str
    agreement_key: bytes
    signing_key: bytes
    signing_certificate: bytes
    facilities: list[bytes]
    firmware: str = "sim 1"
    active: bytes = b""
    inactive: bytes | None = None
    newest: int = 0
    newest_digest: bytes = b""
    counter: int = 0
    captures: list[bytes] = []
    taken: list[bytes] = []
    zigbee: dict[str, str | int] = {}
    hht: dict[str, str | int] = {}
    is_in: bool = False
    faults: list[str] = []

    def __repr__(self) -> str:
        """Leave the keys out."""
        return f"UnitMemory({self.eui})"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a unit's file; InputError where it is none."""
        try:
            return msgspec.msgpack.decode(_last_state(read_plain(path)), type=cls)
        except (OSError, msgspec.MsgspecError):
            raise InputError(
                "This is no memory of a simulated unit",
                where=str(path),
                remedy="Make units with 'hht facility example'.",
            ) from None

    def save(self, path: Path) -> None:
        """Replace the unit's file in one step: a kill leaves the old one or the new one."""
        write_whole(path, self._record(), synced=False)

    def append(self, path: Path) -> None:
        """Add this state to the unit's file; a kill in the middle leaves the state before."""
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            size = os.fstat(descriptor).st_size
            ends_whole = os.pread(descriptor, len(_MARK), max(0, size - len(_MARK))) == _MARK
            record = self._record()
            is_kept = ends_whole and size < _LARGEST_FILE
            is_kept = is_kept and os.write(descriptor, record) == len(record)
        finally:
            os.close(descriptor)
        if not is_kept:
            self.save(path)

    def _record(self) -> bytes:
        state = msgspec.msgpack.encode(self)
        return state + _FOOTER.pack(len(state), zlib.crc32(state)) + _MARK

    @property
    def unit_id(self) -> EntityId:
        """The unit's identity as PPMID."""
        return EntityId.parse(self.eui)

    @property
    def agreement(self) -> ec.EllipticCurvePrivateKey:
        """The key that packages are encrypted to."""
        return _private(self.agreement_key)

    @property
    def signing(self) -> ec.EllipticCurvePrivateKey:
        """The key that signs receipts."""
        return _private(self.signing_key)

    def collected(self, digest: bytes) -> None:
        """Forget a capture that somebody has durably now."""
        self.captures = [each for each in self.captures if sha256(each).digest() != digest]
        if digest not in self.taken:
            self.taken = [*self.taken, digest]

    def offer(self, captures: Iterable[bytes]) -> None:
        """Hold these captures ready, but for those that somebody has already."""
        self.captures = [each for each in captures if sha256(each).digest() not in self.taken]

    def trust(self, batch: str | None) -> UnitTrust:
        """Return what the unit goes by when it is given a package."""
        known = [public_of(point) for point in self.facilities]
        return UnitTrust(self.unit_id, known, batch, self.newest, self.newest_digest)


def unit_file(folder: Path, eui: EntityId) -> Path:
    """Return where a unit's memory is."""
    return folder / f"{eui.hex()}{SUFFIX}"


def _last_state(content: bytes) -> bytes:
    """Find the last state that was written whole."""
    end = len(content)
    while (end := content.rfind(_MARK, 0, end)) >= _FOOTER.size:
        size, crc = _FOOTER.unpack(content[end - _FOOTER.size : end])
        state = content[max(0, end - _FOOTER.size - size) : end - _FOOTER.size]
        if len(state) == size and zlib.crc32(state) == crc:
            return state
    return content


def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
