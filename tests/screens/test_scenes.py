"""Every screen at three sizes as text: rows, marks of what was cut, cursor and main action."""

import pytest
from journey_scenes import JOURNEY_SCENES
from scene_snapshots import SIZES, compare, faint
from screen_bench import BOTH, NORMAL, SMALLEST, Bench, OpenBench
from screen_scenes import SCENES as OF_THE_WAY
from screen_scenes import Scene
from screen_visit import Script

from hht.texts import ENGLISH, PSEUDO, use
from screens.context import HhtContext
from screens.themes import NAMES

SCENES = (*OF_THE_WAY, *JOURNEY_SCENES)


pytestmark = pytest.mark.usefixtures("utc")


@pytest.mark.whole_program
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_screen_looks_as_it_did_at_every_size_and_is_painted_at_7_to_1_in_both_themes(
    open_bench: OpenBench, given: HhtContext, script: Script, scene: Scene
) -> None:
    scene.prepare(script)
    async with open_bench(SMALLEST, given) as bench:
        await scene.reach(bench, script)
        assert type(bench.app.screen) is scene.screen
        for size in SIZES:
            await resized(bench, SIZES[size])
            compare(bench.text, scene.name, size)
        await resized(bench, NORMAL)
        for theme in NAMES:
            bench.app.theme = theme
            await bench.settled()
            assert not faint(bench.app), theme


async def resized(bench: Bench, size: tuple[int, int]) -> None:
    """Make the terminal another size, as a person does who turns the handheld."""
    await bench.pilot.resize_terminal(*size)
    await bench.settled()


RECORDED = ("message", "replay", "alerts", "unit", "manual", "page")
"""Screens of what was recorded, reported or written: messages and Alerts by the names that GBCS has
for them, a journal, a display's own words, the manual's pages."""
OF_THE_SCREENS = [each for each in SCENES if each.name not in RECORDED]

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
    *("CHF", "GPF", "ESME", "HCALCS", "CCS01", "DUIS", "XML", "DCC", "HUB-03", "LQI"),
    # What failed is said by the error itself, which the log and the help desk have too.
    *("No Response came within 30 s", "The hub ended the HHT's membersh", "ip of its HAN"),
    *("The hub ended the HHT's", "membership of its HAN"),  # where the line breaks between words
    *("The hub does not answer", "Alert 8F3E heard", "1 Local Command in doubt"),
    *("Compare the label", "High"),
    # The values of DUIS are shown as they are sent.
    *("Low Rise Apartment (MDU <= 5 floors)", "Low Rise Apartment (MDU <= 5…", "Hot-shoe"),
    *("Deep indoors", "WAN", "MESH", "HAN", "GAS", "North", "South", "Cellular", "Mesh"),
    *("GSME", "PPMID", "dBm", "job.zip"),
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
