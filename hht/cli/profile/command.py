"""`hht profile`: the hub profiles there are, what they say and why, and learning one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import one_of, profiles
from hht.cli.context import JsonOption, print_json, print_rows
from hht.errors import HhtError, InputError, on_one_line
from hht.spans import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hht.entity_id import EntityId
    from hht.profiles.captures import Capture
    from hht.profiles.findings import Learnt

_NOTE = 400  # signs of a note in a table: five lines of a terminal; --json has all of it

_Row = dict[str, str | None]

app = typer.Typer(
    no_args_is_help=True, help="Hub profiles: list, show with marks, learn from captures."
)


@app.command("list")
def list_profiles(as_json: JsonOption = False) -> None:
    """List the hub profiles that have a name. Where each comes from; also the broken ones."""
    print_rows(_listed(), _listed_cells, as_json)


def _listed() -> "Iterator[_Row]":
    """Give each profile of the tool, then each file of one's own, whether or not it can be used."""
    from hht.hub_profile import is_hidden, own_files, stock_names

    for name in stock_names():
        yield _row(name, "comes with hht")
    for path in own_files():
        if is_hidden(path):
            what = "not used: a profile that comes with hht has this name. Give the file another."
            yield {"name": path.stem, "where": str(path), "note": None, "error": what}
        else:
            yield _row(path.stem, str(path))


def _row(name: str, where: str) -> _Row:
    from hht.hub_profile import load_profile

    try:
        note = " ".join(load_profile(name).note.split())
    except HhtError as error:
        return {"name": name, "where": where, "note": None, "error": str(error)}
    return {"name": name, "where": where, "note": note, "error": None}


def _listed_cells(row: _Row) -> tuple[str | None, ...]:
    said = _cut(row["note"] or "") if row["error"] is None else f"BROKEN {row['error']}"
    return on_one_line(row["name"] or ""), on_one_line(row["where"] or ""), said


def _cut(note: str) -> str:
    return note if len(note) <= _NOTE else f"{note[:_NOTE]}..."


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            autocompletion=one_of(profiles), help="A profile's name, or the path of its file."
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show each value of a profile with its mark. Seen in which frame, or why it is there."""
    from hht.profiles.file import marked_values

    values = marked_values(name)
    if as_json:
        for each in values:
            value = {"name": each.name, "value": each.value, "mark": each.mark}
            print_json({**value, "seen": each.seen, "where": each.where})
    else:
        from hht.cli.tables import print_table

        # Name and note have no mark: beside the marks there is room for a sentence.
        print_table(
            (each.name, each.text, each.mark) if each.mark else (each.name, "", _cut(each.text))
            for each in values
        )


@app.command()
def learn(
    captures: Annotated[list[Path], typer.Argument(help="pcap or pcapng files of 802.15.4.")],
    out: Annotated[
        Path, typer.Option(help="The profile's file, NAME.toml; it must not exist yet.")
    ],
    keys: Annotated[
        list[Path] | None, typer.Option(help="Keys as Wireshark keeps them; may be repeated.")
    ] = None,
    base: Annotated[
        str,
        typer.Option(autocompletion=one_of(profiles), help="Has the values that nothing shows."),
    ] = "stand-in",
    hht: Annotated[
        str | None, typer.Option(help="The HHT to learn of, where captures hold several.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn a hub profile from captures. They show how another HHT and its hub talk.

    What no frame shows, or no key opens, stays a guess.
    """
    from hht.profiles.captures import read_capture, shown_name
    from hht.profiles.file import check_place, write_profile
    from hht.profiles.findings import LEARNABLE
    from hht.profiles.keys import read_keys
    from hht.profiles.learning import learn as learn_from

    if out.suffix != ".toml":
        raise typer.BadParameter("a profile's file ends in .toml", param_hint="--out")
    check_place(out, base)
    wanted = _entity_id(hht) if hht else None
    known = [key for path in keys or [] for key in read_keys(path)]
    frames = [read_capture(path) for path in captures]
    learnt = learn_from(frames, known, wanted)
    _check_whose(learnt, wanted)
    _check_anything_seen(learnt, frames, captures)
    for path, capture in zip(captures, frames, strict=True):
        if capture.left_out:
            print(f"hht: {shown_name(path)}: left out {capture.left_out}", file=sys.stderr)
    write_profile(out, learnt, [shown_name(path) for path in captures], base)
    if as_json:
        for name in LEARNABLE:
            print_json(_found(name, learnt))
    else:
        from hht.cli.tables import print_table

        print_table(_cells(name, learnt) for name in LEARNABLE)
        print(f"{_counts(learnt)}; {out}")


def _entity_id(text: str) -> "EntityId":
    from hht.entity_id import EntityId

    try:
        return EntityId.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--hht") from error


def _check_whose(learnt: "Learnt", wanted: "EntityId | None") -> None:
    """Say which others are in the captures; InputError where the HHT asked for is not."""
    others = ", ".join(f"{pair} ({counted(pair.certain, 'value')} seen)" for pair in learnt.others)
    if wanted and learnt.pair is None:
        what = f"the captures show neither a key establishment nor a CCS01 of the HHT {wanted}"
        raise InputError(what, remedy=f"They show: {others}." if others else "Check them.")
    if others:
        print(f"hht: learnt of {learnt.pair}; not of {others}: --hht chooses", file=sys.stderr)


def _check_anything_seen(
    learnt: "Learnt", captures: "list[Capture]", paths: "Sequence[Path]"
) -> None:
    """HhtError where no frame showed a value: all of the profile would be a guess."""
    if learnt.findings:
        return
    links = ", ".join(map(str, sorted({link for each in captures for link in each.links})))
    of_type = f" of link type {links}" if links else ""
    left_out = "; ".join(each.left_out for each in captures if each.left_out)
    raise HhtError(
        f"nothing of an HHT's admission by a hub is to be seen: {counted(learnt.frames, 'frame')}"
        f"{of_type} read, with {counted(learnt.opened + learnt.closed, 'message')}"
        + (f"; left out: {left_out}" if left_out else ""),
        where=", ".join(map(str, paths)),
        remedy="Capture whole frames on the hub's channel from its power-on, under the sniffer's "
        "own link type. No profile was written.",
    )


def _found(name: str, learnt: "Learnt") -> dict[str, object]:
    finding = learnt.findings.get(name)
    if finding is None:
        return {"name": name, "value": None}
    at = {"frame": finding.at.number, "capture": finding.at.capture}
    return {"name": name, "value": finding.value, **at, "seen": finding.certain}


def _cells(name: str, learnt: "Learnt") -> tuple[str, str, str]:
    from hht.profiles.file import as_toml

    finding = learnt.findings.get(name)
    if finding is None:
        return name, "", "not seen: stays a guess"
    return name, as_toml(name, finding.value), finding.mark


def _counts(learnt: "Learnt") -> str:
    read = f"{counted(learnt.opened, 'message')} read, {learnt.closed} that no key opened"
    return f"{counted(learnt.frames, 'frame')}, {read}"
