"""`hht certificate`: make one for a trainee, check one, and the keys that sign them."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_result
from hht.cli.named_path import named_path

if TYPE_CHECKING:
    from hht.store import Store
    from hht.training.classroom.certificate import Verdict

app = typer.Typer(no_args_is_help=True, help="Certificates of training: make, verify, keys.")


@app.command()
def make(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(parser=named_path, metavar="FOLDER", help="The class's folder.")
    ],
    seat: Annotated[int, typer.Argument(help="The trainee's seat.")],
    out: Annotated[Path, typer.Option(help="The file to write, NAME.html; it must not exist yet.")],
    by: Annotated[str, typer.Option(help="The trainer's name.")] = "",
) -> None:
    """Certify a trainee who has passed. Every exercise of the round; exit 1 where one is open."""
    from hht.cli.classroom.classroom import class_and_seat
    from hht.errors import InputError
    from hht.files import there_already, write_new
    from hht.training.classroom.certificate import TRAINER_KEY, make_certificate

    room, place = class_and_seat(folder, seat)
    with _store(context) as store:
        content = make_certificate(store, room, place, by)
        name = TRAINER_KEY.name(store)
    try:
        write_new(out, content)
    except FileExistsError:
        raise there_already(out) from None
    except OSError as error:
        raise InputError(
            f"The file can't be written ({error.strerror})", where=str(out), remedy="Name another."
        ) from None
    print(f"{out}: certificate for {place.trainee}, signed by {name}")


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The certificate.")],
    key: Annotated[
        str, typer.Option(help="The name of the signer's key, where you have it from the trainer.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Check that a certificate was signed by a known key. Known are your own and trusted ones.

    Exit 1 where it was changed, and where it is unchanged and its key is not known: then only its
    name is printed, to be compared with the trainer's.
    """
    from hht.training.classroom.certificate import verify_certificate

    with _store_to_look(context) as store:
        verdict = verify_certificate(file, store, key)
    print_result(_row(file, verdict), "\n".join(_lines(file, verdict, key)), as_json)
    raise typer.Exit(0 if verdict.is_known else 1)


def _row(file: Path, verdict: "Verdict") -> dict[str, object]:
    return {
        "file": str(file),
        "signature": "valid" if verdict.signer else "invalid",
        "signer": verdict.signer,
        "known": verdict.is_known,
        "content": verdict.content or None,
    }


def _lines(file: Path, verdict: "Verdict", key: str) -> list[str]:
    from hht.duis.job_json import one_line

    if verdict.signer is None:
        return [f"{file}: INVALID. It was changed since it was signed."]
    said = verdict.content
    about = [
        one_line(str(said.get(name) or "-"))[:200] for name in ("trainee", "curriculum", "made")
    ]
    profiles = sorted({one_line(str(each)) for each in _profiles(said)})
    lines = [
        f"  trainee {about[0]}, {about[1]}, made {about[2]}",
        f"  simulated hub, profile {', '.join(profiles) or '-'}",
    ]
    if verdict.is_known:
        return [f"{file}: valid, signed by {verdict.signer}", *lines]
    if key:
        return [f"{file}: NOT by that key. It is signed by {verdict.signer}.", *lines]
    return [
        f"{file}: unchanged since it was signed, by a key that this handheld does not know: "
        f"{verdict.signer}",
        *lines,
        "  Anybody can make a key: compare its name with the trainer's ('hht certificate key' "
        "there), then say --key NAME, or 'hht certificate trust NAME' for good.",
    ]


def _profiles(said: dict[str, object]) -> list[object]:
    rows = said.get("exercises")
    if not isinstance(rows, list):
        return []
    return [row.get("profile") for row in rows if isinstance(row, dict)]


@app.command()
def key(context: typer.Context) -> None:
    """Print the name of this installation's key. Who checks its certificates needs it."""
    from hht.cli.pin_prompt import open_to_look
    from hht.training.classroom.certificate import TRAINER_KEY

    settings: Context = context.obj
    with open_to_look(settings.data_dir, "training") as store:
        print(TRAINER_KEY.name_to_give(store))


@app.command()
def trust(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The six groups of another installation's key.")],
) -> None:
    """Take certificates by this key for good from now on."""
    from hht.training.classroom.certificate import TRAINER_KEY

    TRAINER_KEY.read_name(name)  # refused before anything is begun
    with _store(context) as store:
        print(f"Trusted: {TRAINER_KEY.trust(store, name)}")


def _store(context: typer.Context) -> "Store":
    """Return the trainer's own training database, which holds the key."""
    from hht.cli.pin_prompt import open_unlocked_store

    settings: Context = context.obj
    return open_unlocked_store(settings.data_dir, "training")


def _store_to_look(context: typer.Context) -> "AbstractContextManager[Store | None]":
    """Return the same to look into; None where there is none, for checking makes no database."""
    from hht.cli.pin_prompt import open_to_look

    settings: Context = context.obj
    if not (settings.data_dir / "training.db").exists():
        return nullcontext()
    return open_to_look(settings.data_dir, "training")
