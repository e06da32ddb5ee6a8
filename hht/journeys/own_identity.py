"""The HHT's own live identity: a file until a PIN is set, a sealed secret from then on."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hht.files import read_plain
from hht.session.identity import HhtIdentity, load_identity, parse_identity

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


def seal_identity(data_dir: Path, store: "Store") -> bool:
    """Return where a PIN is set, take the file into the key ring and destroy it.

    Whether that was done.
    """
    path = data_dir / FILE
    if not store.vault.is_protected or not path.exists():
        return False
    load_identity(path)  # a file that is not whole is refused before it is gone
    store.secrets.put(SECRET, read_plain(path))
    _destroy(path)
    return True


def _destroy(path: Path) -> None:
    """Overwrite, then remove: what is only removed can be read again."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
