"""The manifest of an export, and the MAC by which a handheld answers for what it wrote.

The MAC is an Ed25519 signature by a key that each database makes for itself and never gives away:
so an office can check it without being able to write one, and what the training data of a handheld
exported is never taken for what its live data did.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from hht.duis.job_json import json_object
from hht.errors import InputError
from hht.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "hht-returns/1"
MANIFEST = "manifest.json"
MAC = "mac"
_SECRET = "export key"
_TRUSTED = "export key of "
_CONTEXT = b"hht export manifest\0"
# 96 bits of the public key's hash: short enough to be compared by eye, too long to be matched.
_NAME_DIGITS = 24


def with_mac(store: Store, manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with the MAC of this database's key, which is made when it is first needed."""
    key = _own_key(store, make=True)
    assert key is not None
    public = key.public_key().public_bytes_raw()
    value = key.sign(_CONTEXT + _canonical(manifest))
    return manifest | {MAC: {"key": public.hex(), "value": value.hex()}}


def read_manifest(content: bytes, where: str) -> dict[str, Any]:
    """Parse a manifest; InputError for anything else."""
    manifest = json_object(content, where)
    if manifest.get("format") == FORMAT and isinstance(manifest.get("items"), list):
        return manifest
    raise InputError(f"The format is not {FORMAT}", where=where)


def writer_of(manifest: dict[str, Any]) -> str | None:
    """The name of the key whose MAC fits; None without a MAC, InputError for a wrong one."""
    if MAC not in manifest:
        return None
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    content = {name: value for name, value in manifest.items() if name != MAC}
    try:
        public, value = (bytes.fromhex(manifest[MAC][name]) for name in ("key", "value"))
        Ed25519PublicKey.from_public_bytes(public).verify(value, _CONTEXT + _canonical(content))
    except (KeyError, TypeError, ValueError, InvalidSignature):
        raise InputError("The manifest was changed since it was written") from None
    return _name(public)


def own_name(store: Store) -> str:
    """The name of this database's key, which is made when it is first needed."""
    key = _own_key(store, make=True)
    assert key is not None
    return _name(key.public_key().public_bytes_raw())


def is_trusted(store: Store, name: str) -> bool:
    """Whether the key of that name is this database's own, or one that it was told to trust."""
    own = _own_key(store, make=False)
    if own is not None and _name(own.public_key().public_bytes_raw()) == name:
        return True
    return f"{_TRUSTED}{name}" in store.secrets.names()


def trust(store: Store, text: str) -> str:
    """Trust the handheld whose key has this name; the name as it is written."""
    digits = "".join(text.split()).replace("-", "").upper()
    if len(digits) != _NAME_DIGITS or set(digits) - set("0123456789ABCDEF"):
        raise InputError(
            "This is not the name of an export key",
            remedy="Give the six groups that 'hht queue key' prints on the other handheld.",
        )
    name = _grouped(digits)
    store.secrets.put(f"{_TRUSTED}{name}", b"")
    return name


def _own_key(store: Store, *, make: bool) -> "Ed25519PrivateKey | None":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if _SECRET in store.secrets.names():
        return Ed25519PrivateKey.from_private_bytes(store.secrets.get(_SECRET))
    if not make:
        return None
    key = Ed25519PrivateKey.generate()
    store.secrets.put(_SECRET, key.private_bytes_raw())
    return key


def _canonical(manifest: dict[str, Any]) -> bytes:
    """The same bytes for the same content, however the file was laid out."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def _name(public: bytes) -> str:
    return _grouped(hashlib.sha256(public).hexdigest()[:_NAME_DIGITS].upper())


def _grouped(digits: str) -> str:
    """Four digits to a group, for two people on the telephone."""
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
