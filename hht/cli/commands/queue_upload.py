"""`hht queue upload`: send the queue to the supplier's gateway until all of it is received."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_result
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_what_is_there
from hht.events import to_json

if TYPE_CHECKING:
    from hht.outbox.gateway.settings import UploadSettings
    from hht.outbox.upload import UploadEvent, UploadSummary

# The setting of gateway.toml that each option means.
_OPTIONS = {
    "to": "url",
    "cert": "certificate",
    "ca": "authority",
    "sign_cert": "sign_certificate",
}


def register(queue: typer.Typer) -> None:
    """Add the command to the queue's."""
    queue.command()(upload)


def upload(
    context: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="The gateway: https://HOST[:PORT][/PATH]; else what gateway.toml in the data"
            " folder says.",
        ),
    ] = None,
    at_once: Annotated[int | None, typer.Option(help="Items on the way at once, 1 to 8.")] = None,
    token_file: Annotated[Path | None, typer.Option(help="A file with the bearer token.")] = None,
    cert: Annotated[Path | None, typer.Option(help="Our TLS certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    key_password_file: Annotated[
        Path | None, typer.Option(help="A file with the key's passphrase.")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(help="The issuer of the gateway's certificate (PEM).")
    ] = None,
    proxy: Annotated[str | None, typer.Option(help="The proxy on the way.")] = None,
    renumbers: Annotated[
        bool | None, typer.Option(help="The gateway gives each request a RequestID of its own.")
    ] = None,
    allow_http: Annotated[
        bool | None, typer.Option(help="Send over http, on a network of your own.")
    ] = None,
    sign_key: Annotated[Path | None, typer.Option(help="Sign each request (PEM key).")] = None,
    sign_cert: Annotated[Path | None, typer.Option(help="The signing key's certificate.")] = None,
    sign_key_password_file: Annotated[
        Path | None, typer.Option(help="A file with the signing key's passphrase.")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds to wait for an answer.")] = None,
    give_up_after: Annotated[
        float | None,
        typer.Option(help="Seconds to go on trying (60); 0 for ever. What is left is kept."),
    ] = None,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Send every item that is due. Exit 1 when something was refused or is still left.

    With --to the options alone count; without it they come before what gateway.toml says.
    """
    import asyncio

    from hht.outbox.upload import upload_outbox

    given: Context = context.obj
    settings = _settings(given.data_dir, context.params)
    with open_what_is_there(given.data_dir, settle_mode(given.data_dir, mode)) as store:
        work = upload_outbox(store, settings, on_event=lambda event: _show(event, as_json))
        summary = asyncio.run(work)
        left = store.returns.waiting_count()
    _report(summary, left, as_json)
    if left or summary.refused:
        raise typer.Exit(1)


def _settings(data_dir: Path, options: dict[str, object]) -> "UploadSettings":
    from hht.outbox.auto_upload import GATEWAY_FILE
    from hht.outbox.gateway.settings import SETTINGS, Given, read_gateway_file, read_settings

    given = {
        _OPTIONS.get(name, name): Given(value, f"--{name.replace('_', '-')}")
        for name, value in options.items()
        if value is not None and _OPTIONS.get(name, name) in SETTINGS
    }
    path = data_dir / GATEWAY_FILE
    if "url" in given or not path.exists():
        return read_settings(given, str(path))
    return read_gateway_file(path, given)


def _show(event: "UploadEvent", as_json: bool) -> None:
    print_result(to_json(event), f"{event.item or '-':>5}  {event.note}", as_json)


def _report(summary: "UploadSummary", left: int, as_json: bool) -> None:
    row = {
        "event": "summary",
        "received": summary.received,
        "refused": summary.refused,
        "held": summary.held,
        "tried_again": summary.tried_again,
        "left": left,
        "stopped": summary.stopped,
    }
    line = "received {received}, refused {refused}, held {held}, left {left}. {stopped}"
    print_result(row, line.format(**row).rstrip(), as_json)
