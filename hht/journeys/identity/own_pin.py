"""Sets and changes the PIN from inside the app, with the TPM of a machine that has one."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.store import Store


def set_pin(store: "Store", data_dir: Path, pin: str) -> tuple[str, str]:
    """Protect the store, which stays open, and seal the HHT's identity of live work.

    Return the recovery code, empty without a TPM, and what is to be said of the TPM.
    """
    from hht.journeys.own_identity import seal_identity
    from hht.store.secrets.tpm import set_with_tpm

    said: list[str] = []
    code = set_with_tpm(lambda chip: store.vault.protect(pin, tpm=chip), said.append)
    if store.mode == "live":
        seal_identity(data_dir, store)
    return code, " ".join(said)


def change_pin(store: "Store", old: str, new: str) -> tuple[str, str]:
    """Replace the PIN by another; returns as `set_pin` does."""
    from hht.store.secrets.tpm import set_with_tpm

    said: list[str] = []
    code = set_with_tpm(lambda chip: store.vault.change_pin(old, new, tpm=chip), said.append)
    return code, " ".join(said)
