"""`hht identity`: import or request the HHT's own certificate and key, and check them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.radio.checking.point import Point
    from hht.session.identity import HhtIdentity
    from hht.store import Store

app = typer.Typer(no_args_is_help=True, help="The HHT's own certificate, key and Install Code.")
CertificateOption = Annotated[Path, typer.Option(help="The implicit certificate: 74 bytes.")]
AuthorityOption = Annotated[Path, typer.Option("--ca", help="The issuer's public key.")]
CodeOption = Annotated[
    Path, typer.Option(help="A file with the Install Code: nobody types a secret into a shell.")
]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Take the place of the one there.")]


@app.command("import")
def import_parts(
    context: typer.Context,
    certificate: CertificateOption,
    key: Annotated[Path, typer.Option(help="The certificate's private key.")],
    authority: AuthorityOption,
    install_code: CodeOption,
    replace: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import an identity that was issued whole. Exit 1 where its parts do not fit each other."""
    from hht.journeys.identity.parts import PartFiles, read_parts

    identity = read_parts(PartFiles(certificate, key, authority, install_code))
    _keep(context.obj, lambda _: identity, replace, as_json)


@app.command()
def request(
    context: typer.Context,
    entity_id: Annotated[str, typer.Argument(help="The HHT's Entity Identifier (its EUI-64).")],
    out: Annotated[
        Path, typer.Option(help="The file to send to the issuer; replaces nothing but its own.")
    ],
) -> None:
    """Make a key and write its certificate request. The key's secret stays here.

    While it waits for its answer, the same request is written once more.
    """
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.entity_id import EntityId
    from hht.files import private_folder, write_own
    from hht.journeys.identity.request import request_certificate

    try:
        subject = EntityId.parse(entity_id)
    except ValueError as error:
        raise InputError(str(error), remedy="Write it as the dongle's EUI-64 is.") from None
    folder = private_folder(context.obj.data_dir)
    with open_unlocked_store(folder, "live") as store:
        asked = request_certificate(folder, store, subject)
    write_own(out, asked.encode(), asked.encode())
    print(f"{out}: send it to the issuer; the answer is taken by 'hht identity complete'.")


@app.command()
def complete(
    context: typer.Context,
    certificate: CertificateOption,
    contribution: Annotated[Path, typer.Option(help="What the issuer adds to the key.")],
    authority: AuthorityOption,
    install_code: CodeOption,
    replace: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Complete a requested identity. The issuer's answer to this handheld's request does it."""
    from hht.journeys.identity.request import complete_request

    folder, answer = context.obj.data_dir, (certificate, contribution, authority, install_code)
    _keep(context.obj, lambda store: complete_request(folder, store, *answer), replace, as_json)


@app.command()
def check(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check the identity there is. With --radio the dongle's EUI-64 too; exit 1 if one is wrong.

    The Install Code and the key are never printed.
    """
    from hht.cli.pin_prompt import open_what_is_there
    from hht.journeys.own_identity import own_identity

    settings: Context = context.obj
    with open_what_is_there(settings.data_dir, "live") as store:
        identity = own_identity(settings.data_dir, store)
    dongle = _eui_of_dongle(settings) if settings.radio else None
    if not _show(identity, dongle, as_json):
        raise typer.Exit(1)


def _keep(
    settings: Context, make: "Callable[[Store], HhtIdentity]", replace: bool, as_json: bool
) -> None:
    from hht.cli.nothing_yet import try_first
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.journeys.identity.keeping import is_kept, keep
    from hht.journeys.own_identity import FILE

    try_first(settings.data_dir, "live", lambda store: _refuse_unfit(make(store), as_json))
    with open_unlocked_store(settings.data_dir, "live") as store:
        identity = make(store)
        if not _show(identity, None, as_json):
            raise typer.Exit(1)
        path = settings.data_dir / FILE
        if not replace and is_kept(settings.data_dir, store):
            raise InputError(
                "There is an identity already",
                where=str(path),
                remedy="Say --replace for another.",
            )
        sealed = keep(settings.data_dir, store, identity)
    if not as_json:
        print("Kept in the key ring." if sealed else f"Kept in {path}; 'hht pin set' protects it.")


def _refuse_unfit(identity: "HhtIdentity", as_json: bool) -> None:
    if not _holds(_points(identity)):
        _show(identity, None, as_json)
        raise typer.Exit(1)


def _show(identity: "HhtIdentity", dongle: "EntityId | None", as_json: bool) -> bool:
    from hht.cli.radio.check import show

    points = _points(identity, dongle)
    for point in points:
        show(point, as_json)
    return _holds(points)


def _points(identity: "HhtIdentity", dongle: "EntityId | None" = None) -> "list[Point]":
    from hht.clock import SYSTEM_CLOCK
    from hht.journeys.identity.check import check_identity

    return check_identity(identity, SYSTEM_CLOCK, dongle)


def _holds(points: "list[Point]") -> bool:
    return all(point.holds is not False for point in points)


def _eui_of_dongle(settings: Context) -> "EntityId":
    import asyncio

    from hht.cli.radio.check import named_dongle
    from hht.radio.dongle import Dongle
    from hht.radio.opening.line_memory import LineMemory

    async def read() -> "EntityId":
        memory = LineMemory(settings.data_dir)
        dongle = await Dongle.open(named_dongle(settings), memory=memory)
        try:
            return dongle.eui64
        finally:
            await dongle.close()

    return asyncio.run(read())
