"""The gallery: every widget in every state, as a picture in both themes, readable in each."""

from functools import partial

import pytest
from painted import painted_by
from textual.pilot import Pilot

from screens.gallery.exhibits import EXHIBITS
from screens.gallery.gallery import FORMS, Gallery
from screens.themes import NAMES

SIZE = (80, 132)  # all exhibits, one below the other
LINES = " ─│╭╮╰╯▁▂▃▄▅▆▇█▌▐▎▔"


async def ready(pilot: Pilot[None]) -> None:
    """Wait until every exhibit is prepared and laid out."""
    for _ in range(3):
        await pilot.pause()


async def open_form(number: int, pilot: Pilot[None]) -> None:
    await ready(pilot)
    await pilot.press(str(number))
    await ready(pilot)


@pytest.mark.parametrize("theme", NAMES)
def test_the_widgets_look_as_they_did(snap_compare, theme: str) -> None:
    assert snap_compare(Gallery(theme), terminal_size=SIZE, run_before=ready)


@pytest.mark.whole_program
@pytest.mark.one_in(2)
@pytest.mark.parametrize("number", range(1, len(FORMS) + 1))
@pytest.mark.parametrize("theme", NAMES)
def test_the_forms_look_as_they_did(snap_compare, theme: str, number: int) -> None:
    before = partial(open_form, number)
    assert snap_compare(Gallery(theme), terminal_size=(53, 20), run_before=before)


@pytest.mark.parametrize("theme", NAMES)
async def test_every_exhibit_is_painted_at_7_to_1(theme: str) -> None:
    app = Gallery(theme)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        texts = [each for each in painted_by(app) if not set(each.text) <= set(LINES)]
        assert len(texts) > len(EXHIBITS)
        faint = {
            f"{each.text!r} {each.colour} on {each.ground}": round(each.least_ratio, 1)
            for each in texts
            if each.least_ratio < 7
        }
        assert not faint
