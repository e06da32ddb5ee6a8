"""Labels for the boxes of units: the Entity Identifier as QR code and text, and what came of it.

A file each, SVG or PNG, for whatever prints labels there. No Install Code is on a label: it is in
the maker's list, and the box must not carry the code.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import segno

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import private_folder, write_whole

FORMATS = ("svg", "png")
_SIDE = 25
"""Millimetres of the QR code: a scanner reads its 25 modules from an arm's length."""
_WIDTH, _LINE = 75, 5  # millimetres of the label and of a line of its text
_PIXELS = 8  # of a PNG, for a module: 300 dots an inch give about 20 mm


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """What is on one label; `words` say what came of the unit."""

    eui: str
    batch: str
    words: str
    bench: str
    at: str

    @property
    def code(self) -> str:
        """What is in the QR code: `hht label` and the bench's scan field read it."""
        return f"EUI {self.eui}"

    @property
    def lines(self) -> Sequence[str]:
        """What a person reads."""
        return self.eui, self.words, f"batch {self.batch}", f"{self.bench}, {self.at}"


def write_label(folder: Path, label: BoxLabel, kind: str = "svg") -> Path:
    """Write the label, over an earlier one of the unit; InputError where that can't be done."""
    drawn = label_svg(label) if kind == "svg" else label_png(label)
    path = folder / f"{EntityId.parse(label.eui).hex()}.{kind}"
    try:
        write_whole(private_folder(folder) / path.name, drawn)
    except OSError as error:
        raise InputError(
            f"The label can't be written ({error.strerror})",
            where=str(path),
            remedy="Name another folder.",
        ) from None
    return path


def label_svg(label: BoxLabel) -> bytes:
    """Draw code and text, in millimetres."""
    matrix = _code(label).matrix
    scale = _SIDE / (len(matrix) + 8)  # a quiet zone of four modules all around
    modules = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    texts = "".join(
        f'<text x="{_SIDE + 2}" y="{number * _LINE}" font-family="monospace" font-size="3">'
        f"{escape(line)}</text>"
        for number, line in enumerate(label.lines, 1)
    )
    size = f'width="{_WIDTH}mm" height="{_SIDE}mm" viewBox="0 0 {_WIDTH} {_SIDE}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<rect width="{_WIDTH}" height="{_SIDE}" fill="#fff"/>'
        f'<path transform="scale({scale:.4f})" d="{modules}"/>{texts}</svg>\n'
    ).encode()


def label_png(label: BoxLabel) -> bytes:
    """Draw the code alone, black on white, with its quiet zone."""
    drawn = io.BytesIO()
    _code(label).save(drawn, kind="png", scale=_PIXELS, border=4)
    return drawn.getvalue()


def _code(label: BoxLabel) -> segno.QRCode:
    return segno.make(label.code, error="m", micro=False)
