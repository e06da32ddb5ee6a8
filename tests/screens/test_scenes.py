"""Every screen at three sizes as text: rows, marks of what was cut, cursor and main action.

`HHT_UPDATE_SNAPSHOTS=1` writes what is there now; look at the difference before it is committed.
"""

import os
from pathlib import Path

import pytest
from painted import painted_by
from rich.cells import cell_len
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench, OpenBench
from screen_scenes import SCENES, Scene
from screen_visit import Script
from textual.app import App
from textual.widgets import Input

from screens.catalogue import ENGLISH, PSEUDO, use
from screens.context import HhtContext
from screens.themes import NAMES

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = os.environ.get("HHT_UPDATE_SNAPSHOTS")
SIZES = {"53x20": SMALLEST, "80x24": NORMAL, "120x40": WIDE}


pytestmark = pytest.mark.usefixtures("utc")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_screen_looks_as_it_did_at_every_size_and_is_painted_at_7_to_1_in_both_themes(
    open_bench: OpenBench, given: HhtContext, script: Script, scene: Scene
) -> None:
    scene.prepare(script)
    async with open_bench(SMALLEST, given) as bench:
        await scene.reach(bench, script)
        for size in SIZES:
            await resized(bench, SIZES[size])
            compare(bench.text + "\n", scene.name, size)
        await resized(bench, NORMAL)
        for theme in NAMES:
            bench.app.theme = theme
            await bench.settled()
            assert not faint(bench.app), theme


async def resized(bench: Bench, size: tuple[int, int]) -> None:
    """Make the terminal another size, as a person does who turns the handheld."""
    await bench.pilot.resize_terminal(*size)
    await bench.settled()


def compare(text: str, scene: str, size: str) -> None:
    """Hold what is on the screen against what was there before."""
    assert all(cell_len(line) <= SIZES[size][0] for line in text.splitlines())
    path = SNAPSHOTS / f"{scene}-{size}.txt"
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def faint(app: App[None]) -> dict[str, float]:
    """What is painted below 7:1, but borders and other lines, which are no text."""
    return {
        f"{each.text!r} {each.colour} on {each.ground}": round(each.least_ratio, 1)
        for each in painted_by(app)
        if each.least_ratio < 7 and not set(each.text) <= set(LINES)
    }


LINES = " ─│╭╮╰╯▁▂▃▄▅▆▇█▊▎▔▌▐┌┐└┘"


OF_THE_SCREENS = [each for each in SCENES if each.name != "message"]
"""A message is read in words of GBCS."""

OWN_WORDS = (  # what is no text of the screens: the job, messages, identifiers, names of keys
    *("High Street", "JOB-0001", "Install without WAN", "Command 0", "Command 1", "Enter"),
    *("Install without…", "Install without", "WAN"),
    *(
        "Esc",
        "PgUp",
        "PgDn",
        "F1",
        "F2",
        "F4",
        "F6",
        "Ctrl",
        "Space",
        "LIVE",
        "Radio noise",
        "Radio no",
    ),
    *("CHF", "GPF", "ESME", "CCS01", "DUIS", "XML", "DCC", "HUB-03", "LQI"),
    # What hht says of the visit itself is English, whatever the screens' language.
    *("No Response came within 30 s", "The hub ended the HHT's membersh", "ip of its HAN"),
    *("The hub ended the HHT's", "membership of its HAN"),  # where the line breaks between words
    *("The hub does not answer", "Alert 8F3E heard", "1 Local Command in doubt"),
    *("Compare the label", "High"),
    # The values of DUIS are shown as they are sent.
    *("Low Rise Apartment (MDU <= 5 floors)", "Low Rise Apartment (MDU <= 5…", "Hot-shoe"),
    *("Deep indoors", "WAN", "MESH", "HAN", "GAS"),
)


@pytest.mark.whole_program
@pytest.mark.one_in(3)
@pytest.mark.parametrize("scene", OF_THE_SCREENS, ids=lambda scene: scene.name)
async def test_in_another_language_no_english_is_left_and_prose_a_third_longer_still_fits(
    open_bench: OpenBench, given: HhtContext, script: Script, scene: Scene
) -> None:
    use(PSEUDO)
    try:
        scene.prepare(script)
        async with open_bench(SMALLEST, given) as bench:
            await scene.reach(bench, script)
            for size in BOTH:
                await resized(bench, size)
                left = english_in(bench.text)
                assert not left, bench.text
                assert not bench.app.screen.query(Input)
    finally:
        use(ENGLISH)


def english_in(text: str) -> list[str]:
    """Words of three letters and more that are in no catalogue and are not the job's."""
    import re

    for words in sorted(
        OWN_WORDS, key=len, reverse=True
    ):  # a line's end last: it is part of others
        text = text.replace(words, "")
    return re.findall(r"\b[A-Za-z]{3,}\b", text)
