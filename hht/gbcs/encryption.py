"""The encrypted parts of sensitive Responses and Alerts: recognised, opened, made.

The key is that of a MAC with 04 in place of Command, Response or Alert; the ciphertext follows
31 00000000 and ends in a 12-byte tag. Counter and parties are the headers', the supplementary ones
where there are any: a DLMS part repeats the transaction beside it, but for a Remote Party the
Device does not know it names the Access Control Broker there, who cannot open it. Source: GBCS
sections 7.3.8 and 8.4, checked on the RTDS 4.5.0 messages.
"""

from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz import Component
from hht.gbcs.message import Message
from hht.gbcs.protection import KeyStore, Verdict, derive_key, initialisation_vector

_CRA = 4  # in the key's derivation it stands for an encrypted part
_CONTROL = b"\x31"
_HEADER = bytes.fromhex("3100000000")
_TAG_LENGTH = 12  # octets of the GCM tag


@dataclass(frozen=True, slots=True)
class EncryptedPart:
    """Ciphertext with its tag, and the transaction whose key opens it."""

    counter: int
    originator: EntityId
    recipient: EntityId
    ciphered: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """VALID with the plaintext, INVALID, or UNCHECKED because no key is held."""

    verdict: Verdict
    plaintext: bytes = field(default=b"", repr=False)


def gbz_part(component: Component, message: Message) -> EncryptedPart:
    """Return the encrypted part of a GBZ component.

    MalformedMessage when it is not shaped as one.
    """
    field = component.frame.payload
    if int.from_bytes(field[:2], "big") != len(field) - 2:
        raise MalformedMessage("the length of a ciphered GBZ component is not that of its data")
    return encrypted_part(field[2:], message)


def open_part(part: EncryptedPart, keys: KeyStore | None) -> Opened:
    """Decrypt with the secret of originator and recipient, or of another party that fits."""
    if keys is None:
        return Opened(Verdict.UNCHECKED)
    first = _open(part, keys.shared_secret(part.originator, part.recipient))
    if first.verdict is Verdict.VALID:
        return first
    for z in keys.other_secrets(part.originator, part.recipient):
        opened = _open(part, z)
        if opened.verdict is Verdict.VALID:
            return opened
    return first


def _open(part: EncryptedPart, z: bytes | None) -> Opened:
    if z is None:
        return Opened(Verdict.UNCHECKED)
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = derive_key(z, _CRA, part.counter, part.originator, part.recipient)
    nonce = initialisation_vector(part.originator)
    tag = part.ciphered[-_TAG_LENGTH:]
    mode = modes.GCM(nonce, tag, min_tag_length=_TAG_LENGTH)
    decryptor = Cipher(algorithms.AES128(key), mode).decryptor()
    decryptor.authenticate_additional_data(_CONTROL)
    try:
        plaintext = decryptor.update(part.ciphered[:-_TAG_LENGTH]) + decryptor.finalize()
    except InvalidTag:
        return Opened(Verdict.INVALID)
    return Opened(Verdict.VALID, plaintext)


def close_part(
    plaintext: bytes, z: bytes, counter: int, originator: EntityId, recipient: EntityId
) -> bytes:
    """Return ciphered information as it is in a message: header, ciphertext, tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = derive_key(z, _CRA, counter, originator, recipient)
    sealed = AESGCM(key).encrypt(initialisation_vector(originator), plaintext, _CONTROL)
    return _HEADER + sealed[: len(plaintext) + _TAG_LENGTH]


def encrypted_part(ciphered: bytes, message: Message) -> EncryptedPart:
    """Return ciphered information, header first, with the transaction of the message it is
    in."""
    if not is_ciphered(ciphered):
        raise MalformedMessage("ciphered data does not begin with 31 00 00 00 00")
    counter = message.supplementary_originator_counter
    return EncryptedPart(
        counter=message.counter if counter is None else counter,
        originator=message.originator,
        recipient=message.supplementary_party or message.recipient,
        ciphered=ciphered[len(_HEADER) :],
    )


def is_ciphered(data: bytes) -> bool:
    """Return whether octets begin with the header of ciphered information and can hold a tag."""
    return data.startswith(_HEADER) and len(data) >= len(_HEADER) + _TAG_LENGTH
