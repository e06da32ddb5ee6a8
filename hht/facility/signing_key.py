"""The facility's signing key: made once, sealed in the facility's database."""

from pathlib import Path

from hht.errors import HhtError
from hht.facility.package.keys import FacilityKey
from hht.files import write_whole
from hht.store import Store

SECRET = "facility signing key"


class NoSigningKey(HhtError):
    """A facility that was not set up."""

    code = "FAC-04"


def make_signing_key(store: Store) -> tuple[FacilityKey, bool]:
    """Return the key, and whether it was made just now; one that is there is never replaced."""
    if SECRET in store.secrets.names():
        return load_signing_key(store), False
    key = FacilityKey.generate()
    store.secrets.put(SECRET, key.secret)
    return key, True


def load_signing_key(store: Store) -> FacilityKey:
    """Return the key; NoSigningKey without one, StoreLocked before the PIN."""
    if SECRET not in store.secrets.names():
        raise NoSigningKey(
            "The facility has no signing key",
            where=str(store.database.path),
            remedy="Make it with 'hht facility init'.",
        )
    return FacilityKey.from_secret(store.secrets.get(SECRET))


def public_pem(key: FacilityKey) -> bytes:
    """Write the public key for units' makers and for the back office."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def write_public_key(key: FacilityKey, folder: Path) -> Path:
    """Write it beside the database."""
    path = folder / "facility-key.pem"
    write_whole(path, public_pem(key))
    return path
