"""ZigBee frame security: AES-CCM* with its auxiliary header, for the NWK and APS layers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from hht.entity_id import EntityId
from hht.zse import aes_mmo
from hht.zse.frames.octets import Octets, u32

MIC = 4  # octets of the integrity code at level 5
_LEVEL = 5  # ENC-MIC-32: used in the computation, written as 0 on the air
_EXTENDED_NONCE = 0x20
_RESERVED = 0xC0


class SecurityFailure(Exception):
    """A frame that no key known here opens."""


class KeyId(IntEnum):
    """Key identifiers, ZigBee specification table 4.30."""

    DATA = 0
    NETWORK = 1
    KEY_TRANSPORT = 2
    KEY_LOAD = 3


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """The auxiliary header; `sender` is on the air only with the extended nonce.

    `key_sequence` says which network key is meant; it rises when the network changes its key.
    """

    key_id: int
    counter: int
    sender: EntityId
    extended: bool = True
    key_sequence: int = 0

    def encode(self, level: int) -> bytes:
        control = level | self.key_id << 3 | (_EXTENDED_NONCE if self.extended else 0)
        address = self.sender.little_endian if self.extended else b""
        sequence = bytes([self.key_sequence]) if self.key_id == KeyId.NETWORK else b""
        return bytes([control]) + u32(self.counter) + address + sequence

    @classmethod
    def read(cls, octets: Octets, sender: EntityId | None) -> "Auxiliary":
        """Read it off a frame; `sender` is the frame's, where the header does not name it."""
        control, counter = octets.number(1), octets.number(4)
        if control & _RESERVED:
            raise SecurityFailure("reserved bits in the security control field")
        extended = bool(control & _EXTENDED_NONCE)
        sender = octets.eui64() if extended else sender
        if sender is None:
            raise SecurityFailure("the sender of the frame is not known")
        key_id = control >> 3 & 3
        sequence = octets.number(1) if key_id == KeyId.NETWORK else 0
        return cls(key_id, counter, sender, extended, sequence)


FindKey = Callable[[Auxiliary], bytes | None]


def seal(header: bytes, plain: bytes, auxiliary: Auxiliary, key: bytes) -> bytes:
    """Build the secured frame: header, auxiliary header, ciphertext, 4-byte MIC."""
    protected = header + auxiliary.encode(_LEVEL)
    ciphertext = _cipher(key).encrypt(_nonce(auxiliary), plain, protected)
    return header + auxiliary.encode(0) + ciphertext


def unseal(
    header: bytes, secured: bytes, sender: EntityId | None, find_key: FindKey
) -> tuple[Auxiliary, bytes]:
    """Open what follows `header`: its auxiliary header and the plain payload."""
    octets = Octets(secured)
    auxiliary = Auxiliary.read(octets, sender)
    key = find_key(auxiliary)
    if key is None:
        raise SecurityFailure("no key for the sender of the frame")
    protected = header + auxiliary.encode(_LEVEL)
    try:
        return auxiliary, _cipher(key).decrypt(_nonce(auxiliary), octets.rest(), protected)
    except InvalidTag as error:
        raise SecurityFailure("the frame does not open with the key known") from error


def _nonce(auxiliary: Auxiliary) -> bytes:
    control = auxiliary.encode(_LEVEL)[:1]
    return auxiliary.sender.little_endian + u32(auxiliary.counter) + control


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESCCM:
    return AESCCM(key, tag_length=MIC)


def key_transport_key(link_key: bytes) -> bytes:
    """Derive the key under which a Trust Centre sends the network key (ZigBee 4.5.3)."""
    return aes_mmo.hmac(link_key, b"\x00")
