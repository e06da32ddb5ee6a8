"""`hht queue upload`: send the queue to the supplier's gateway until all of it is received."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_unlocked_store
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.outbox.gateway import GatewaySettings
    from hht.outbox.signing import RequestSigner
    from hht.outbox.upload import UploadEvent, UploadSummary
    from hht.store import Store


def register(queue: typer.Typer) -> None:
    """Add the command to the queue's."""
    queue.command()(upload)


def upload(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", help="The gateway: https://HOST[:PORT][/PATH].")],
    at_once: Annotated[int, typer.Option(min=1, max=8, help="Items on the way at once.")] = 4,
    token_file: Annotated[Path | None, typer.Option(help="A file with the bearer token.")] = None,
    cert: Annotated[Path | None, typer.Option(help="Our TLS certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    ca: Annotated[Path | None, typer.Option(help="Who signed the gateway's (PEM).")] = None,
    proxy: Annotated[str | None, typer.Option(help="The proxy on the way.")] = None,
    renumbers: Annotated[
        bool, typer.Option(help="The gateway gives each request a RequestID of its own.")
    ] = False,
    allow_http: Annotated[bool, typer.Option(help="Send over http, on a network of ours.")] = False,
    sign_key: Annotated[Path | None, typer.Option(help="Sign each request (PEM key).")] = None,
    sign_cert: Annotated[Path | None, typer.Option(help="The signing key's certificate.")] = None,
    give_up_after: Annotated[
        float, typer.Option(help="Seconds to go on trying; 0 for ever. What is left is kept.")
    ] = 60.0,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Send every item that is due; exit 1 when something was refused or is still left."""
    import asyncio

    from hht.outbox.gateway import GatewaySettings

    settings: Context = context.obj
    gateway = GatewaySettings(
        to, _token(token_file), cert, key, ca, proxy, renumbers=renumbers, allow_http=allow_http
    )
    signer = _signer(sign_key, sign_cert)
    with open_unlocked_store(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        summary = asyncio.run(_run(store, gateway, signer, at_once, give_up_after or None, as_json))
        left = store.returns_waiting()
    _report(summary, left, as_json)
    if left or summary.refused:
        raise typer.Exit(1)


async def _run(
    store: "Store",
    settings: "GatewaySettings",
    signer: "RequestSigner | None",
    at_once: int,
    give_up_after: float | None,
    as_json: bool,
) -> "UploadSummary":
    from hht.outbox.gateway import Gateway
    from hht.outbox.upload import Upload, UploadPlan

    def show(event: "UploadEvent") -> None:
        row = {
            "event": "item",
            "item": event.return_id,
            "meaning": event.meaning.value,
            "code": event.code,
            "note": event.note,
        }
        print_json(row) if as_json else print(f"{event.return_id or '-':>5}  {event.note}")

    plan = UploadPlan(at_once=at_once)
    async with Gateway(settings) as gateway:
        upload = Upload(store, gateway, plan=plan, signer=signer, on_event=show)
        return await upload.run(give_up_after=give_up_after)


def _report(summary: "UploadSummary", left: int, as_json: bool) -> None:
    row = {
        "event": "summary",
        "received": summary.received,
        "refused": summary.refused,
        "tried_again": summary.tried_again,
        "left": left,
        "stopped": summary.stopped,
    }
    if as_json:
        print_json(row)
    else:
        print("received {received}, refused {refused}, left {left}. {stopped}".format(**row))


def _token(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise InputError(
            "The token cannot be read", where=str(path), remedy="Check the file's name and rights."
        ) from None


def _signer(key: Path | None, certificate: Path | None) -> "RequestSigner | None":
    if key is None or certificate is None:
        if key or certificate:
            raise InputError("A signing key needs its certificate", remedy="Give both or none.")
        return None
    from hht.outbox.signing import RequestSigner

    return RequestSigner.load(key, certificate)
