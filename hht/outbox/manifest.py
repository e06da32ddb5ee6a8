"""The manifest of an export, and the MAC by which a handheld answers for what it wrote.

The MAC is an Ed25519 signature by a key that each database makes for itself and never gives away:
so an office can check it without being able to write one, and what the training data of a handheld
exported is never taken for what its live data did.
"""

import json
from typing import Any

from hht.duis.job_json import json_object
from hht.errors import InputError
from hht.store import Store
from hht.store.secrets.own_key import OwnKey, name_of

FORMAT = "hht-returns/1"
MANIFEST = "manifest.json"
MAC = "mac"
_KEY = OwnKey(
    use="export key",
    context=b"hht export manifest\0",
    remedy="Give the six groups that 'hht queue key' prints on the other handheld.",
)
own_name = _KEY.name
name_to_give = _KEY.name_to_give
is_trusted = _KEY.is_trusted
trust = _KEY.trust
read_name = _KEY.read_name


def with_mac(store: Store, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest with the MAC of this database's key, which is made when it is first
    needed."""
    public, value = _KEY.sign(store, _canonical(manifest))
    return manifest | {MAC: {"key": public.hex(), "value": value.hex()}}


def read_manifest(content: bytes, where: str) -> dict[str, Any]:
    """Parse a manifest; InputError for anything else."""
    manifest = json_object(content, where)
    if manifest.get("format") == FORMAT and isinstance(manifest.get("items"), list):
        return manifest
    raise InputError(f"The format is not {FORMAT}", where=where)


def writer_of(manifest: dict[str, Any]) -> str | None:
    """Return the name of the key whose MAC fits; None without a MAC, InputError for a wrong one."""
    if MAC not in manifest:
        return None
    content = {name: value for name, value in manifest.items() if name != MAC}
    try:
        public, value = (bytes.fromhex(manifest[MAC][name]) for name in ("key", "value"))
        fits = _KEY.fits(public, value, _canonical(content))
    except (KeyError, TypeError, ValueError):
        fits = False
    if not fits:
        raise InputError("The manifest was changed since it was written")
    return name_of(public)


def is_of_another(store: Store, content: bytes) -> bool:
    """Return whether another database than this one wrote the manifest; not so for what is none."""
    try:
        public = bytes.fromhex(read_manifest(content, MANIFEST)[MAC]["key"])
    except (InputError, KeyError, TypeError, ValueError):
        return False
    return name_of(public) != own_name(store)


def _canonical(manifest: dict[str, Any]) -> bytes:
    """Return the same bytes for the same content, however the file was laid out."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
