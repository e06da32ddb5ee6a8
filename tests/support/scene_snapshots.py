"""What is on the screen as text, held against a file beside the tests; what is painted too faint.

`HHT_UPDATE_SNAPSHOTS=1` writes what is there now; look at the difference before it is committed.
"""

import os
from pathlib import Path

from painted import painted_by
from rich.cells import cell_len
from screen_bench import NORMAL, SMALLEST, WIDE
from textual.app import App

SNAPSHOTS = Path(__file__).parents[1] / "screens" / "snapshots"
UPDATE = os.environ.get("HHT_UPDATE_SNAPSHOTS")
SIZES = {"53x20": SMALLEST, "80x24": NORMAL, "120x40": WIDE}


def compare(text: str, scene: str, size: str) -> None:
    """Hold what is on the screen against what was there before."""
    assert all(cell_len(line) <= SIZES[size][0] for line in text.splitlines())
    text += "\n"
    path = SNAPSHOTS / f"{scene}-{size}.txt"
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text.splitlines() == path.read_text().splitlines(), text


def faint(app: App[None]) -> dict[str, float]:
    """What is painted below 7:1, but borders and other lines, which are no text."""
    return {
        f"{each.text!r} {each.colour} on {each.ground}": round(each.least_ratio, 1)
        for each in painted_by(app)
        if each.least_ratio < 7 and not set(each.text) <= set(LINES)
    }


LINES = " ─│╭╮╰╯▁▂▃▄▅▆▇█▊▎▔▌▐┌┐└┘"
