"""`hht label`: what a scanned or typed label is, without printing an Install Code."""

from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import JsonOption, print_result

if TYPE_CHECKING:
    from hht.label import Label


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("label")(label)


def label(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT", help="As scanned or typed.")],
    show_code: Annotated[
        bool, typer.Option("--show-code", help="Print Install Codes; they are secrets.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what each label is. Entity Identifier, Install Code, both, MPAN, MPRN or order."""
    from hht.label import LabelKind, read_label

    labels = [read_label(text) for text in texts]
    for each in labels:
        row = to_json(each, show_code=show_code)
        print_result(row, in_words(each, show_code=show_code), as_json)
    if any(each.kind is LabelKind.UNKNOWN or each.error for each in labels):
        raise typer.Exit(1)


def to_json(label: "Label", *, show_code: bool = False) -> dict[str, object]:
    """Give the label as the fields of `hht label --json`."""
    row: dict[str, object] = {
        "text": label.text,
        "kind": label.kind.value,
        "entity_id": str(label.entity_id) if label.entity_id else None,
        "install_code_ok": label.install_code_ok,
        "mpxn": label.mpxn,
        "order": label.order,
        "warning": label.warning,
        "error": label.error,
    }
    if show_code:
        row["install_code"] = label.install_code.hex().upper() if label.install_code else None
    return row


def in_words(label: "Label", *, show_code: bool) -> str:
    """Give the label as one line for people."""
    checks = {True: "its check digits fit", False: "its check digits do not fit", None: "unchecked"}
    has_code = label.kind.value in ("install-code", "both")
    code = label.install_code.hex().upper() if show_code and label.install_code else "not shown"
    parts = [
        str(label.entity_id or label.mpxn or label.order or ""),
        f"Install Code {code}, {checks[label.install_code_ok]}" if has_code else "",
        label.warning or "",
        label.error or "",
    ]
    return f"{label.kind.value:<13} " + "; ".join(filter(None, parts))
