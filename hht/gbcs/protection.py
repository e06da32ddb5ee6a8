"""MACs and signatures of GBCS messages: made and checked; UNCHECKED where they cannot be.

Suite: ECDH P-256, the NIST SP 800-56A concatenation KDF over SHA-256, AES-128-GCM with a 12-byte
tag, ECDSA P-256 over SHA-256. Source: GBCS sections 4.3.3, 6.2 and 8.2; facts checked on every
RTDS 4.5.0 message.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Protocol

from hht.entity_id import EntityId
from hht.gbcs.message import MAC_LENGTH, Cra, Message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        ECDSA,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HAN_COMMANDS = frozenset({0x0090, 0x009B})
"""PCS02 and PCS01: a PPMID commands a GSME, and no Access Control Broker is between them."""

_KDF_COUNTER = bytes.fromhex("00000001")
_KDF_ALGORITHM = bytes.fromhex("60857406080300")
_MAC_CONTROL = bytes.fromhex("110000000000")
_INVOCATION_COUNTER = bytes(4)


class Verdict(StrEnum):
    """What a check found. UNCHECKED (no key at hand) is never as good as VALID."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"
    UNCHECKED = "unchecked"


class KeyStore(Protocol):
    """The keys somebody holds: enough private ones to agree secrets, and signing certificates."""

    @property
    def access_control_broker(self) -> EntityId | None:
        """The Access Control Broker, whose key MACs the Commands of every Remote Party."""

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        """Return Z, the 32-byte ECDH secret of the pair.

        None unless one private key of it is held.
        """

    def signing_public_key(self, party: EntityId) -> "EllipticCurvePublicKey | None":
        """Return the Digital Signing public key of the party.

        None when its certificate is not held.
        """

    def other_secrets(self, device: EntityId, party: EntityId | None) -> Iterable[bytes]:
        """Return Z of the Device with others who may be meant, if the party's does not fit.

        Empty in a Device, which obeys its own Access Control Broker alone.
        """

    def other_signing_keys(self, party: EntityId) -> Iterable["EllipticCurvePublicKey"]:
        """Return more Digital Signing public keys of the party, if the first does not fit."""

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        """Return whether something speaks against the key of `use` "ka" or "ds" being this
        party's."""


def check_mac(
    message: Message, keys: KeyStore | None, access_control_broker: EntityId | None = None
) -> Verdict:
    """Check the MAC; `access_control_broker` goes before the one the key store names.

    A MAC that fits a key under another Remote Party's name is valid only where the right party's
    certificate is in doubt. One that fits none is invalid only where the keys it should fit are
    beyond doubt.
    """
    if message.mac is None:
        return Verdict.ABSENT
    if keys is None:
        return Verdict.UNCHECKED
    if message.message_code in HAN_COMMANDS:
        return _mac_verdict(message, keys.shared_secret(message.originator, message.recipient))
    if message.cra is not Cra.COMMAND:
        return _mac_by(message, keys, message.originator, message.recipient)
    if access_control_broker is not None:
        return _mac_verdict(message, keys.shared_secret(access_control_broker, message.recipient))
    return _mac_by(message, keys, message.recipient, keys.access_control_broker)


def check_signature(message: Message, keys: KeyStore | None) -> Verdict:
    """Check the originator's signature; invalid only where its certificate is beyond doubt."""
    if not message.signature:
        return Verdict.ABSENT
    public_key = keys.signing_public_key(message.originator) if keys else None
    if keys is None or public_key is None:
        return Verdict.UNCHECKED
    signed = message.signed_part()
    verdict = verify_signature(public_key, message.signature, signed)
    if verdict is Verdict.VALID:
        return verdict
    for other in keys.other_signing_keys(message.originator):
        if verify_signature(other, message.signature, signed) is Verdict.VALID:
            return Verdict.VALID
    return Verdict.UNCHECKED if keys.is_doubtful(message.originator, "ds") else verdict


def seal(message: Message, z: bytes) -> Message:
    """Return the message with its MAC, `z` being the secret of the two Key Agreement keys."""
    signature = b"" if message.signature is None else message.signature
    unsealed = replace(message, signature=signature)
    return replace(unsealed, mac=_mac(unsealed, z))


def sign(message: Message, private_key: "EllipticCurvePrivateKey") -> Message:
    """Return the message with its originator's signature; sign before sealing."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    der = private_key.sign(message.signed_part(), _ecdsa())
    r, s = decode_dss_signature(der)
    return replace(message, signature=r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def derive_key(z: bytes, cra: int, counter: int, originator: bytes, recipient: bytes) -> bytes:
    """Return the 16-byte AES key of one message, or with cra 4 of the encrypted parts of one
    Response."""
    transaction = bytes([9, cra]) + counter.to_bytes(8, "big")
    other = _KDF_ALGORITHM + originator + transaction + recipient
    return sha256(_KDF_COUNTER + z + other).digest()[:16]


def initialisation_vector(originator: bytes) -> bytes:
    """Return the 12-byte GCM nonce: the key already differs with every message."""
    return originator + _INVOCATION_COUNTER


def _mac(message: Message, z: bytes) -> bytes:
    originator = message.originator
    key = derive_key(z, message.cra, message.counter, originator, message.recipient)
    protected = _MAC_CONTROL + message.grouping()
    return _aes_gcm()(key).encrypt(initialisation_vector(originator), b"", protected)[:MAC_LENGTH]


def _mac_by(message: Message, keys: KeyStore, device: EntityId, party: EntityId | None) -> Verdict:
    """Check a MAC between a Device and a Remote Party, and with each other party there is."""
    verdict = _mac_verdict(message, keys.shared_secret(party, device) if party else None)
    if verdict is Verdict.VALID:
        return verdict
    if any(_mac_verdict(message, z) is Verdict.VALID for z in keys.other_secrets(device, party)):
        return Verdict.VALID
    if party is None or keys.is_doubtful(party) or keys.is_doubtful(device):
        return Verdict.UNCHECKED
    return verdict


def _mac_verdict(message: Message, z: bytes | None) -> Verdict:
    if z is None or message.mac is None:
        return Verdict.UNCHECKED
    return Verdict.VALID if compare_digest(_mac(message, z), message.mac) else Verdict.INVALID


def verify_signature(
    public_key: "EllipticCurvePublicKey", signature: bytes, signed: bytes
) -> Verdict:
    """Check an ECDSA P-256 signature r || s (64 bytes) over SHA-256 of the signed bytes."""
    encode_dss_signature, invalid = _signature_tools()
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key.verify(encode_dss_signature(r, s), signed, _ecdsa())
    except invalid:
        return Verdict.INVALID
    return Verdict.VALID


@cache
def _aes_gcm() -> "type[AESGCM]":
    """Return the library's class, imported when it is first needed and not looked up for every
    message."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM


@cache
def _signature_tools() -> "tuple[Callable[[int, int], bytes], type[Exception]]":
    """Return what makes r and s a DER signature, and the error of one that is wrong."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    return encode_dss_signature, InvalidSignature


@cache
def _ecdsa() -> "ECDSA":
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    return ECDSA(SHA256())
