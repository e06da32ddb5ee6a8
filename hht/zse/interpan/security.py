"""APS security of inter-PAN payloads: AES-128-CCM* under the link key that CBKE gave."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from hht.entity_id import EntityId
from hht.zse.errors import MalformedFrame, NotAuthentic

_LEVEL = 0x05  # encryption with a 4-byte integrity code; sent as 0, computed as 5
_LEVEL_BITS = 0x07
_LINK_KEY = 0x00
_KEY_BITS = 0x18
_EXTENDED_NONCE = 0x20
_TAG = 4  # octets of the integrity code at level 5


def seal(
    header: bytes, source: EntityId, clear: bytes, key: bytes, counter: int, extended: bool
) -> bytes:
    """Encrypt to `[control, counter LE, [source LE]] ciphertext, tag`; `header`: stub APS."""
    control = _LINK_KEY | (_EXTENDED_NONCE if extended else 0)
    rest = counter.to_bytes(4, "little") + (source.little_endian if extended else b"")
    nonce, covered = _nonce_and_cover(header, source, control, rest)
    return bytes((control,)) + rest + AESCCM(key, _TAG).encrypt(nonce, clear, covered)


def unseal(header: bytes, source: EntityId, sealed: bytes, key: bytes) -> tuple[int, bytes]:
    """Return the frame counter and the clear payload; NotAuthentic when the tag is wrong."""
    control = sealed[0] if sealed else 0
    extended = bool(control & _EXTENDED_NONCE)
    start = 13 if extended else 5
    if len(sealed) < start + _TAG or control & _KEY_BITS != _LINK_KEY:
        raise MalformedFrame("a secured inter-PAN payload is cut short or names another key")
    if extended and sealed[5:13] != source.little_endian:
        raise NotAuthentic("a secured inter-PAN frame names another sender than its MAC header")
    nonce, covered = _nonce_and_cover(header, source, control & ~_LEVEL_BITS, sealed[1:start])
    try:
        clear = AESCCM(key, _TAG).decrypt(nonce, sealed[start:], covered)
    except InvalidTag as error:
        raise NotAuthentic(f"the integrity code of {source}'s inter-PAN frame is wrong") from error
    return int.from_bytes(sealed[1:5], "little"), clear


def names_sender(sealed: bytes) -> bool:
    """Return whether a sealed payload has the extended nonce: the sender's EUI-64 in its header."""
    return bool(sealed[:1]) and bool(sealed[0] & _EXTENDED_NONCE)


def _nonce_and_cover(
    header: bytes, source: EntityId, control: int, rest: bytes
) -> tuple[bytes, bytes]:
    with_level = bytes((control | _LEVEL,))
    nonce = source.little_endian + rest[:4] + with_level
    return nonce, header + with_level + rest
