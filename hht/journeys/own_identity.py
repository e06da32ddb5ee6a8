"""The HHT's own live identity: a file until a PIN is set, a sealed secret from then on."""

from pathlib import Path
from typing import TYPE_CHECKING

from hht.files import destroy, read_plain
from hht.session.identity import HhtIdentity, load_identity, parse_identity
from hht.store.doctor import Finding
from hht.store.modes import Mode

if TYPE_CHECKING:
    from hht.store import Store

FILE = "hht-identity.json"
SECRET = "hht identity"


def own_identity(data_dir: Path, store: "Store") -> HhtIdentity:
    """Return the identity, from the key ring if it is there, else from its file."""
    seal_identity(data_dir, store)
    if SECRET in store.secrets.names():
        return parse_identity(store.secrets.get(SECRET), "key ring")
    return load_identity(data_dir / FILE)


def has_identity(data_dir: Path, store: "Store") -> bool:
    """Return whether there is one, whatever it is worth; the PIN is not needed for that."""
    return SECRET in store.secrets.names() or (data_dir / FILE).exists()


def identity_finding(data_dir: Path, store: "Store") -> list[Finding]:
    """Say whether this handheld has one, for a check-up; nothing of training, which brings its own.

    The back office needs none.
    """
    if store.mode is Mode.TRAINING:
        return []
    if has_identity(data_dir, store):
        return [Finding("identity", True, "there is one")]
    found, remedy = "there is none, and no hub lets an HHT in without", "See 'hht identity import'."
    return [Finding("identity", None, found, remedy)]


def seal_identity(data_dir: Path, store: "Store") -> bool:
    """Take the file into the key ring where a PIN is set, and destroy it; whether that was done.

    The secret of a request under way is taken there too.
    """
    from hht.journeys.identity.request import seal_request

    if not store.vault.is_protected:
        return False
    seal_request(data_dir, store)
    path = data_dir / FILE
    if not path.exists():
        return False
    load_identity(path)  # a file that is not whole is refused before it is gone
    put_sealed(data_dir, store, read_plain(path))
    return True


def put_sealed(data_dir: Path, store: "Store", content: bytes) -> None:
    """Keep what an identity's file would hold in the key ring; destroy such a file."""
    store.secrets.put(SECRET, content)
    if (path := data_dir / FILE).exists():
        destroy(path)
