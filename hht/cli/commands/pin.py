"""`hht pin`, `hht backup`, `hht restore`: protection at rest, and the copy kept elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.context import Context
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import ask_new_pin, ask_pin, open_or_copy

app = typer.Typer(no_args_is_help=True, help="The PIN that protects the data at rest.")


def register(program: typer.Typer) -> None:
    """Add the commands that stand on their own."""
    program.command()(backup)
    program.command()(restore)


@app.command("set")
def set_pin(
    context: typer.Context,
    wipe_after: Annotated[
        int, typer.Option(help="Make the data unreadable after so many wrong PINs; 0 never.")
    ] = 0,
    mode: ModeOption = "",
) -> None:
    """Set the first PIN and encrypt what is secret."""
    from hht.journeys.own_identity import seal_identity

    data_dir = _data_dir(context)
    from hht.store.databases import open_store
    from hht.store.secrets.pin_strength import cost_of_guessing

    with open_store(data_dir, settle_mode(data_dir, mode)) as store:
        pin, began = ask_new_pin(), store.clock.elapsed()
        store.vault.protect(pin, wipe_after=wipe_after or None)
        store.vault.unlock(pin)
        print(cost_of_guessing(pin, (store.clock.elapsed() - began) / 2))
        if store.mode == "live" and seal_identity(data_dir, store):
            print("The HHT's identity is in the key ring now; its file is gone.")
    print("The PIN is set. Nobody can read the data without it: keep it somewhere safe.")
    print("Backups, exports and copies that were made before stay readable, wherever they are.")
    for path in sorted(data_dir.glob("*.before-restore-*")):
        print(f"One of them is {path}")


@app.command()
def change(context: typer.Context, mode: ModeOption = "") -> None:
    """Replace the PIN by another."""
    data_dir = _data_dir(context)
    from hht.store.databases import open_store

    with open_store(data_dir, settle_mode(data_dir, mode)) as store:
        store.vault.change_pin(ask_pin("PIN"), ask_new_pin())
    print("The PIN is changed.")


@app.command()
def rekey(context: typer.Context, mode: ModeOption = "") -> None:
    """Encrypt everything again under a new key, for when the old one may be known."""
    data_dir = _data_dir(context)
    from hht.store.databases import open_store

    with open_store(data_dir, settle_mode(data_dir, mode)) as store:
        store.vault.change_keys(ask_pin("PIN"))
    print("Everything is encrypted under a new key.")


def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    mode: ModeOption = "",
) -> None:
    """Copy the database to a file; what is locked stays locked."""
    from hht.store.sqlite.backup import back_up

    data_dir = _data_dir(context)
    with open_or_copy(data_dir, settle_mode(data_dir, mode), unlock=False) as store:
        print(back_up(store.database, target))


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="The backup.")],
    mode: ModeOption = "",
) -> None:
    """Put a backup in the database's place; what was there is kept beside it."""
    from hht.store import Mode
    from hht.store.sqlite.restore import restore as put_back

    data_dir = _data_dir(context)
    kind = Mode(settle_mode(data_dir, mode))
    replaced = put_back(source, data_dir / kind.file_name, kind)
    print(f"Restored. What was there is now {replaced}" if replaced else "Restored.")


def _data_dir(context: typer.Context) -> Path:
    settings: Context = context.obj
    return settings.data_dir
