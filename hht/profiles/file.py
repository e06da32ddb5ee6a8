"""The file of a learnt hub profile: written with its marks, and any profile read with its marks.

A mark is the comment behind a value: `[seen]` and the frame for what a capture showed, `[guess]`
or a source for what is there for another reason.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from hht.errors import HhtError, InputError
from hht.files import there_already, write_new
from hht.hub_profile import HubProfile, is_hidden, load_profile, profile_files, profile_names
from hht.profiles.captures import shown_name
from hht.profiles.findings import LEARNABLE, Learnt

_VALUE = re.compile(r"(\w+)\s*=\s*(?:\"[^\"]*\"|[^#]*?)\s*(?:#\s*(.*))?")
_CONTINUED = re.compile(r"\s+#\s*(.*)")
_COLUMN = 40  # marks begin in one line below each other, behind the longest usual value
_LONGEST_NAME = 100  # characters, as HubProfile has it
_HEX = {
    "admission_cluster": 4,
    "admission_profile_id": 4,
    "admission_command": 2,
    "admission_answer_command": 2,
    "admission_manufacturer": 4,
    "channel_mask": 8,
    "tunnel_manufacturer": 4,
}
"""Values that people know in hexadecimal, with their digits."""


@dataclass(frozen=True, slots=True)
class MarkedValue:
    """One value of a profile as it is written, its mark, and the file it is in."""

    name: str
    value: Any
    text: str
    mark: str
    where: str

    @property
    def seen(self) -> bool:
        return self.mark.startswith("[seen]")


def marked_values(name: str) -> list[MarkedValue]:
    """Read a profile's values in their order, each with its mark; HhtError as load_profile."""
    profile = load_profile(name)
    marks: dict[str, tuple[str, str]] = {}
    for file in reversed(profile_files(name)):
        for key, mark in _marks(file.text).items():
            marks[key] = (mark, file.where)
    values = []
    for each in fields(HubProfile):
        value = getattr(profile, each.name)
        mark, where = marks.get(each.name, ("", ""))
        values.append(MarkedValue(each.name, value, as_toml(each.name, value), mark, where))
    return values


def _marks(text: str) -> dict[str, str]:
    """Return the comment behind each value; lines that go on with it are joined to it."""
    marks: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if match := _VALUE.fullmatch(line):
            last = match[1]
            marks[last] = match[2] or ""
        elif last and (match := _CONTINUED.fullmatch(line)):
            marks[last] += f" {match[1]}"
        else:
            last = ""
    return marks


def write_profile(path: Path, learnt: Learnt, captures: Sequence[str], base: str) -> None:
    """Write what was learnt as a profile that has its other values from `base`."""
    check_place(path, base)
    lines = [
        f"# Learnt from {', '.join(captures)}.",
        "# [seen]: a frame showed this value. [guess]: none did for certain, and where no frame is",
        "# named it is what the base has.",
        "",
        f"extends = {as_toml('', _base_as_seen_from(path, base))}",
        f"name = {as_toml('', shown_name(Path(path.stem))[:_LONGEST_NAME])}",
        f"note = {as_toml('', _note(learnt, captures))}",
        "",
        *_value_lines(learnt, base),
    ]
    try:
        write_new(path, ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise HhtError(
            f"It cannot be written ({error.strerror})",
            where=str(path),
            remedy="Choose another place.",
        ) from error


def check_place(path: Path, base: str) -> None:
    """InputError where a profile of this base cannot be written there, or would not serve there."""
    if path.resolve() in [file.path for file in profile_files(base)]:
        what = "the profile would extend itself: its base is in this file, or extends it"
        raise InputError(what, where=str(path), remedy="Write it to another file.")
    if is_hidden(path):
        what = "a profile that comes with hht has this name, so this file would not be used"
        raise InputError(what, where=str(path), remedy="Write it under another name.")
    if path.exists():  # it may have been corrected by hand
        raise there_already(path)


def _base_as_seen_from(path: Path, base: str) -> str:
    """Name the base so that the profile finds it: by name, else beside it or by its whole path."""
    file = profile_files(base)[0].path
    if file is None or base in profile_names():
        return base
    return file.name if file.parent == path.resolve().parent else str(file)


def _note(learnt: Learnt, captures: Sequence[str]) -> str:
    seen = f"{learnt.seen} of {len(LEARNABLE)} values seen"
    whose = f", {learnt.pair}" if learnt.pair else ""
    return f"Learnt from {', '.join(captures)}{whose}: {seen}."


def _value_lines(learnt: Learnt, base: str) -> list[str]:
    others = {each.name: each for each in marked_values(base)}
    lines = []
    for name in LEARNABLE:
        finding = learnt.findings.get(name)
        if finding is not None:
            assignment, mark = f"{name} = {as_toml(name, finding.value)}", finding.mark
        else:
            kept = others[name]
            assignment, mark = (
                f"{name} = {kept.text}",
                f"[guess] not seen; {shown_name(Path(base))}: {kept.mark}",
            )
        lines.append(f"{assignment:<{_COLUMN}} # {mark}".rstrip())
    return lines


def as_toml(name: str, value: Any) -> str:
    """Return a value as a profile's file has it."""
    if value is None:
        return '"none"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"0x{value:0{_HEX[name]}X}" if name in _HEX else str(value)
    # TOML's escapes are those of JSON, which leaves DEL as it is.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
