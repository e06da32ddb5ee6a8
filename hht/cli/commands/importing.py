"""`hht import`: take in the Local Commands and job packs that a supplier hands over."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.diagnostics import print_error
from hht.cli.named_path import named_path
from hht.errors import HhtError
from hht.spans import counted

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack
    from hht.store import Store


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("import")(import_packs)


def import_packs(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=named_path, metavar="PATH", help="DUIS XML, a mail, .HEX, a ZIP or a folder."
        ),
    ],
    training: Annotated[
        bool, typer.Option("--training", help="Loose Local Commands are for training.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import Local Commands and job packs. Each is taken whole or refused with the reason.

    Every path is read first and has its line; a bad one stops no other, and makes the exit code 2.
    A pack that says it is for training goes into the training data, a live one never does.
    Importing the same pack again changes nothing.
    """
    settings: Context = context.obj
    loose = "training" if training else "live"
    packs = [(path, _read(path, loose)) for path in paths]
    worst = 0
    with PackStores(settings.data_dir) as stores:
        for path, pack in packs:
            row = _keep(stores, pack, loose)
            if isinstance(row, HhtError):
                worst = max(worst, row.exit_code)
                print_error(row)
                row = {**_NOTHING, "error": str(row)}
            elif not as_json:
                _show(row, pack)
            if as_json:
                print_json({"path": str(path), **row})
    if worst:
        raise typer.Exit(worst)


_NOTHING: dict[str, object] = {
    "job": None,
    "reference": None,
    "title": None,
    "mode": None,
    "commands": None,
    "left_out": [],
}
_LINE = "{mode} job {job}, {reference}: {title}, {of}"


def _show(row: dict[str, object], pack: "JobPack | HhtError") -> None:
    print(_LINE.format(**row, of=counted(int(str(row["commands"])), "Local Command")))
    for note in () if isinstance(pack, HhtError) else pack.notes:
        print(f"  left out: {note}")


def _read(path: Path, loose: str) -> "JobPack | HhtError":
    from hht.duis.job_pack import read_job_pack

    try:
        pack = read_job_pack(path)
        pack.check_mode(pack.mode or loose, str(path))
        return pack
    except HhtError as error:
        return error


def _keep(
    stores: "PackStores", pack: "JobPack | HhtError", loose: str
) -> dict[str, object] | HhtError:
    """Keep a pack; what is printed of it, or why it is not kept."""
    if isinstance(pack, HhtError):
        return pack
    mode = pack.mode or loose
    try:
        job = stores.open(mode).jobs.add(pack)
    except HhtError as error:
        return error
    return {
        "job": job.id,
        "reference": job.reference,
        "title": job.title,
        "mode": mode,
        "commands": len(pack.commands),
        "left_out": list(pack.notes),
        "error": None,
    }


class PackStores(ExitStack):
    """The databases that packs go to: each is opened once, and its PIN asked for once."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._data_dir = data_dir
        self._opened: dict[str, Store | HhtError] = {}

    def open(self, mode: str) -> "Store":
        """Return the mode's database.

        Where it could not be opened, the same error for each pack.
        """
        from hht.cli.pin_prompt import open_unlocked_store

        if mode not in self._opened:
            try:
                store = open_unlocked_store(self._data_dir, mode)
                self._opened[mode] = self.enter_context(store)
            except HhtError as error:
                self._opened[mode] = error
        found = self._opened[mode]
        if isinstance(found, HhtError):
            raise found
        return found
