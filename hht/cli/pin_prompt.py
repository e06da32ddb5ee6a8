"""The PIN on the command line: from the terminal or a file, never an argument."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hht.cli.nothing_yet import need_data, open_nothing_yet
from hht.errors import HhtError, InputError
from hht.files import decode_text, read_plain

if TYPE_CHECKING:
    from hht.store import Store

VARIABLE = "HHT_PIN_FILE"


def open_unlocked_store(data_dir: Path, mode: str) -> "Store":
    """Open the mode's database, and unlock it where a PIN is set."""
    from hht.store.databases import open_store

    return _unlocked(open_store(data_dir, mode))


def open_what_is_there(data_dir: Path, mode: str) -> "Store":
    """Open to change what is there; where nothing is, say so and open nothing, in memory."""
    return open_nothing_yet(data_dir, mode) or open_unlocked_store(data_dir, mode)


def open_or_copy(data_dir: Path, mode: str, *, unlock: bool = True) -> "Store":
    """Open the mode's database; where its card can't be written, a copy that lasts as long as we.

    That is said on stderr.
    """
    from hht.store import Mode, Store, StoreFull, StoreReadOnly
    from hht.store.databases import open_store

    try:
        store = open_store(data_dir, mode)
        return _unlocked(store) if unlock else store
    except (StoreFull, StoreReadOnly) as error:
        path = data_dir / f"{mode}.db"
        if not path.is_file():
            raise
        store = Store.open_copy(path, Mode(mode))
        said = "This is a copy in memory: what is changed in it is not kept"
        print(f"{path}: {error.what}. {said}.", file=sys.stderr)
    return _unlocked(store) if unlock else store


def _unlocked(store: "Store") -> "Store":
    try:
        if store.vault.is_locked:
            store.vault.unlock(ask_pin("PIN"))
    except BaseException:
        store.close()
        raise
    return store


def open_to_look(data_dir: Path, mode: str) -> "Store":
    """Open to read; where another hht has the database open, look on while it works.

    Without a mode it is live, or the first that has a job or an item to return. HhtError where it
    has no database: looking makes none.
    """
    from hht.cli.mode_option import settle_mode
    from hht.store import Mode, Store, StoreBusy

    mode = settle_mode(data_dir, mode)
    need_data(data_dir, mode)
    try:
        return open_or_copy(data_dir, mode)
    except StoreBusy:
        store = Store.open(data_dir / f"{mode}.db", Mode(mode), read_only=True)
        if store.vault.is_locked:
            store.close()
            raise
        return store


def open_to_list(data_dir: Path, mode: str) -> "Store":
    """Open to list what there is; an empty store, which is said on stderr, where nothing is."""
    from hht.cli.mode_option import settle_mode

    mode = settle_mode(data_dir, mode)
    return open_nothing_yet(data_dir, mode) or open_to_look(data_dir, mode)


def ask_pin(prompt: str, variable: str = VARIABLE) -> str:
    """Return the PIN from the file that the variable names, else from the terminal without an
    echo."""
    name = os.environ.get(variable)
    if name:
        return _read(Path(name))
    if not sys.stdin.isatty():
        raise HhtError(
            "A PIN is needed and there is no terminal to ask on",
            remedy=f"Put it in a file of your own and name that in {variable}.",
        )
    import getpass

    return getpass.getpass(f"{prompt}: ")


def pin_from_file() -> str | None:
    """Return the PIN from the file that HHT_PIN_FILE names; None where it names none."""
    name = os.environ.get(VARIABLE)
    return _read(Path(name)) if name else None


def ask_new_pin() -> str:
    """Return a new PIN, typed twice on the terminal."""
    variable = "HHT_NEW_PIN_FILE"
    pin = ask_pin("New PIN", variable)
    if not os.environ.get(variable) and ask_pin("Once more", variable) != pin:
        raise HhtError("The two are not the same", remedy="Try again.")
    return pin


def _read(path: Path) -> str:
    try:
        return decode_text(read_plain(path)).rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise InputError(
            "The PIN cannot be read", where=str(path), remedy="Check the file's name and rights."
        ) from None
