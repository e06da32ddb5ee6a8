"""`hht pin`, `hht backup`, `hht restore`: protection at rest, and the copy kept elsewhere."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context
from hht.cli.mode_option import ModeOption, ModeToKeepOption, settle_mode, settle_mode_to_keep
from hht.cli.nothing_yet import need_data
from hht.cli.pin_prompt import ask_new_pin, ask_pin, open_or_copy

if TYPE_CHECKING:
    from hht.store import Store
    from hht.store.secrets.tpm import Tpm

app = typer.Typer(no_args_is_help=True, help="The PIN that protects the data at rest.")

TpmOption = Annotated[
    bool, typer.Option(help="Keep a part of the key in this machine's TPM, where there is one.")
]


def register(program: typer.Typer) -> None:
    """Add the commands that are no group."""
    program.command()(backup)
    program.command()(restore)


@app.command("set")
def set_pin(
    context: typer.Context,
    wipe_after: Annotated[
        int,
        typer.Option(
            min=0, max=1000, help="Make the data unreadable after so many wrong PINs; 0 never."
        ),
    ] = 0,
    tpm: TpmOption = True,
    mode: ModeToKeepOption = "",
) -> None:
    """Set the first PIN and encrypt what is secret."""
    from hht.journeys.own_identity import seal_identity

    data_dir = _data_dir(context)
    from hht.store.databases import open_store
    from hht.store.secrets.pin_strength import check_pin

    kept, pin = settle_mode_to_keep(mode), ask_new_pin()
    check_pin(pin)  # refused before anything is begun
    with open_store(data_dir, kept) as store:
        began = store.clock.elapsed()
        wipe = wipe_after or None
        code = _with_tpm(lambda chip: store.vault.protect(pin, wipe_after=wipe, tpm=chip), tpm=tpm)
        store.vault.unlock(pin)
        print(_cost(store, pin, (store.clock.elapsed() - began) / 2))
        if store.mode == "live" and seal_identity(data_dir, store):
            print("The HHT's identity is in the key ring now; its file is gone.")
    _show_code(code)
    print(f"The PIN of the {kept} data is set. Without it that data can't be read: keep it safe.")
    print("Backups, exports and copies that were made before stay readable, wherever they are.")
    for path in sorted(data_dir.glob("*.before-restore-*")):
        print(f"One of them is {path}")


@app.command()
def change(context: typer.Context, tpm: TpmOption = True, mode: ModeOption = "") -> None:
    """Replace the PIN by another. The recovery code replaces a PIN whose TPM is gone."""
    data_dir = _data_dir(context)
    from hht.store.databases import open_store

    mode = settle_mode(data_dir, mode)
    need_data(data_dir, mode)
    with open_store(data_dir, mode) as store:
        old, new = ask_pin("PIN"), ask_new_pin()
        code = _with_tpm(lambda chip: store.vault.change_pin(old, new, tpm=chip), tpm=tpm)
    _show_code(code)
    print("The PIN is changed.")


@app.command()
def rekey(context: typer.Context, tpm: TpmOption = True, mode: ModeOption = "") -> None:
    """Encrypt everything again under a new key. It is for when the old one may be known."""
    data_dir = _data_dir(context)
    from hht.store.databases import open_store

    mode = settle_mode(data_dir, mode)
    need_data(data_dir, mode)
    with open_store(data_dir, mode) as store:
        pin = ask_pin("PIN")
        code = _with_tpm(lambda chip: store.vault.change_keys(pin, tpm=chip), tpm=tpm)
    _show_code(code)
    print("Everything is encrypted under a new key.")


def _with_tpm(set_pin: "Callable[[Tpm | None], str]", *, tpm: bool) -> str:
    """Set a PIN, with the machine's TPM unless it is not wanted."""
    from hht.store.secrets.tpm import set_with_tpm

    if not tpm:
        return set_pin(None)
    return set_with_tpm(set_pin, lambda said: print(said, file=sys.stderr))


def _cost(store: "Store", pin: str, seconds_a_try: float) -> str:
    """Return what guessing the PIN would take, in words."""
    from hht.store.secrets.pin_strength import cost_of_guessing, cost_with_tpm
    from hht.store.secrets.tpm import find_tpm, in_words

    chip = find_tpm() if store.vault.has_tpm_part else None
    if chip is None:
        return cost_of_guessing(pin, seconds_a_try)
    counting = chip.counting()
    return cost_with_tpm(counting.most, in_words(counting.seconds))


def _show_code(code: str) -> None:
    if code:
        print(f"Recovery code: {code}")
        print("It is shown once: write it down. In place of the PIN it opens the data where")
        print("this TPM is gone, and a backup on another machine. A code shown before is void.")


def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    mode: ModeOption = "",
) -> None:
    """Copy the database to a file; what is locked stays locked."""
    from hht.store.sqlite.backup import back_up

    data_dir = _data_dir(context)
    mode = settle_mode(data_dir, mode)
    need_data(data_dir, mode)
    with open_or_copy(data_dir, mode, unlock=False) as store:
        print(back_up(store.database, target))


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="The backup.")],
    mode: ModeToKeepOption = "",
) -> None:
    """Put a backup in the database's place. What was there is kept beside it."""
    from hht.outbox.packs import FETCHED_FILE
    from hht.store import Mode
    from hht.store.sqlite.restore import restore as put_back

    data_dir = _data_dir(context)
    # The backup may lack jobs fetched since; one that comes again is no second job.
    fetched = data_dir / FETCHED_FILE
    try:
        fetched.unlink(missing_ok=True)
    except OSError as error:
        print(f"{fetched} stays ({error.strerror}): remove it to fetch jobs again", file=sys.stderr)
    kind = Mode(settle_mode_to_keep(mode))
    replaced = put_back(source, data_dir / kind.file_name, kind)
    print(f"Restored. What was there is now {replaced}" if replaced else "Restored.")


def _data_dir(context: typer.Context) -> Path:
    settings: Context = context.obj
    return settings.data_dir
