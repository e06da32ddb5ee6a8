"""`hht firmware`: what a firmware image is, whom it is for, and whether its signature holds."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JobArgument, JsonOption, print_result, print_row
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.named_path import named_path
from hht.cli.nothing_yet import need_data
from hht.cli.pin_prompt import open_to_look, open_unlocked_store
from hht.spans import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hht.duis.firmware_warning import FirmwareWarning
    from hht.firmware.ota_image import OtaImage
    from hht.firmware.sources import Inspected

app = typer.Typer(no_args_is_help=True, help="Firmware of HAN Devices.")
CONTRADICTORY, NO_IMAGE = 1, 2  # exit codes: a check did not hold; unreadable
_SIGNATURE_SAID = {
    "valid": "valid (over the manufacturer image: nothing signs the header)",
    "unchecked": "unchecked (--keys names no key of its supplier)",
    "absent": "absent (no supplier signs this type's images)",
}
_SIGNATURE_MISSING = "absent (meters and HCALCS run no image without one)"
_WARNING_LINE = "{source}  SR {service}, {code}: {device} {said}"


@app.command()
def inspect(
    paths: Annotated[
        list[Path],
        typer.Argument(parser=named_path, metavar="PATH", help="OTA files, SR 11.1, 11.4."),
    ],
    keys: Annotated[Path | None, typer.Option(help="A folder of <eui>-ds.pem files.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an image is. Header, hash for CS06 and verdict on the supplier's signature.

    That signature is over the manufacturer image alone: a changed header leaves it valid.
    """
    from hht.firmware.sources import inspect_paths
    from hht.gbcs.keystore import PemFolder

    code = 0
    for found in inspect_paths(paths, PemFolder(keys) if keys else None):
        row = to_json(found)
        print_result(row, in_words(row, found), as_json)
        code = max(code, exit_code(found))
    raise typer.Exit(code)


@app.command()
def warnings(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=named_path, metavar="PATH", help="Responses with W110101 or W110401."
        ),
    ],
    as_json: JsonOption = False,
    job: Annotated[
        int, typer.Option(metavar="JOB", help="Keep them with this job: its firmware shows them.")
    ] = 0,
    mode: ModeOption = "",
) -> None:
    """Show which Devices get no image, and why. The DCC's answer to SR 11.1 or 11.4 says so.

    Exits with 1 where there is such a Device.
    """
    from hht.duis.firmware_warning import left_out_of, read_firmware_warning
    from hht.errors import InputError
    from hht.files import read_input

    code, kept = 0, list[tuple[str, str, str]]()
    for path in paths:
        try:
            found = read_firmware_warning(read_input(path), str(path))
        except InputError as refused:
            print(refused, file=sys.stderr)
            code = max(code, NO_IMAGE)
            continue
        kept += left_out_of(found)
        for row in warning_rows(str(path), found):
            print_row(row, _WARNING_LINE, as_json)
            code = max(code, 1 if row["device"] else 0)
    if job and kept:
        settings: Context = context.obj
        mode = settle_mode(settings.data_dir, mode)
        need_data(settings.data_dir, mode)
        with open_unlocked_store(settings.data_dir, mode) as store:
            store.jobs.amend(job, left_out=kept)
    raise typer.Exit(code)


def warning_rows(source: str, found: "FirmwareWarning") -> "Iterator[dict[str, str | None]]":
    """Give a row for each Device that is left out; one without a Device where none is named."""
    head = {"source": source, "code": found.code, "service": found.service_reference}
    head |= {"request_id": found.request_id}
    for each in found.left_out:
        yield {**head, "device": str(each.device), "reason": each.reason, "said": each.said}
    if not found.left_out:
        yield {**head, "device": None, "reason": None, "said": "it names no Device"}


@app.command()
def versions(
    context: typer.Context,
    number: JobArgument,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show which firmware each Device of a job runs. As captured, with the state of its update."""
    from hht.journeys.firmware.versions import firmware_of

    settings: Context = context.obj
    with open_to_look(settings.data_dir, mode) as store:
        job = store.jobs.get(number)
        rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
        found = firmware_of(job, rows, captures)
    for each in found:
        row = {
            "device": str(each.device),
            "label": job.labels[each.device],
            "version": each.version,
            "told_by": each.told_by,
            "at": each.at.isoformat(timespec="seconds") if each.at else None,
            "transfer": each.transfer,
            "activation_sha256": each.activation,
            "execute_at": each.execute_at.isoformat() if each.execute_at else None,
            "image": each.image,
            "standing": each.standing.value,
            "said": each.said,
        }
        print_result(row, version_line(row), as_json)


def version_line(row: dict[str, str | None]) -> str:
    """Give one Device's firmware as lines for people, the hash of an activation in full."""
    version = f"{row['version']} ({row['told_by']})" if row["version"] else "version not read"
    parts = [f"{row['label']:<10} {version}", f"  update      {row['said']}"]
    if row["transfer"]:
        parts.append(f"  transfer    {row['transfer']}")
    if row["activation_sha256"]:
        parts.append(f"  activation  {row['activation_sha256']}")
        parts.append(f"              {row['image']}, to run {row['execute_at'] or 'at once'}")
    return "\n".join(parts)


def exit_code(found: "Inspected") -> int:
    """Return 2 where there is no image, 1 where it contradicts itself or its signature is
    invalid."""
    if found.image is None:
        return NO_IMAGE
    return CONTRADICTORY if found.error else 0


def to_json(found: "Inspected") -> dict[str, object]:
    """Give the image as the fields of `hht firmware inspect --json`."""
    image = found.image
    return {
        "source": found.source,
        "manufacturer": f"{image.manufacturer:04X}" if image else None,
        "image_type": f"{image.image_type:04X}" if image else None,
        "device_type": image.device_type if image else None,
        "file_version": f"{image.file_version:08X}" if image else None,
        "hardware": "{:04X}-{:04X}".format(*image.hardware) if image and image.hardware else None,
        "size": image.size if image else None,
        "image_sha256": image.sha256 if image else None,
        "signature": found.signature.value if found.signature else None,
        "error": found.error,
    } | _sub_elements(image)


def _sub_elements(image: "OtaImage | None") -> dict[str, object]:
    """Give a field more for the rare file that has ZigBee's sub-elements."""
    parts = image.sub_elements if image else ()
    rows = [{"tag": f"{each.tag:04X}", "name": each.name, "length": each.length} for each in parts]
    return {"sub_elements": rows} if rows else {}


def in_words(row: dict[str, object], found: "Inspected") -> str:
    """Give the row as a block of lines for people."""
    shown = {name: value for name, value in row.items() if name != "source" and value is not None}
    if parts := found.image.sub_elements if found.image else ():
        named = [f"{each.tag:04X} {each.name}, {counted(each.length, 'byte')}" for each in parts]
        shown["sub_elements"] = f"{'; '.join(named)} (images for GB Devices have none)"
    if found.image and not found.image.contradiction:
        verdict = str(row["signature"])
        shown["signature"] = _SIGNATURE_SAID.get(verdict, verdict)
        if found.image.lacks_signature:
            shown["signature"] = _SIGNATURE_MISSING
    lines = [f"  {name.replace('_', ' '):<13} {value}" for name, value in shown.items()]
    return "\n".join([str(row["source"]), *lines])
