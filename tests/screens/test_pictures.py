"""The pictures in README and docs are the screens as they are now.

`HHT_UPDATE_PICTURES=1` draws them again; look at them before they are committed.
"""

import os
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import visit_stage
from patience import PATIENCE
from radio_bench import until
from screen_bench import NORMAL, SMALLEST, OpenBench
from screen_scenes import SCENES, Scene
from screen_visit import HUBS, Script

from hht.duis.job_pack import JobPack
from hht.journeys.visit import Visit
from hht.store import Mode, Store
from screens.context import HhtContext

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
UPDATE = os.environ.get("HHT_UPDATE_PICTURES")
FONT_FILES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Rich names fonts on a server; a picture in a document fetches nothing."""

OF_THIS_HOUR = (
    (re.compile(r"asleep(&#160;| )until(&#160;| )\d\d:\d\d"), r"asleep\1until\g<2>14:30"),
    (re.compile(r"terminal-\d+"), "terminal-0"),
)
"""What differs from one drawing to the next: a time by the machine's clock, and Rich's name for the
picture, which is reckoned from its content."""


@dataclass(frozen=True)
class Picture:
    """A scene drawn at one size."""

    name: str
    scene: str
    size: tuple[int, int] = SMALLEST
    delivered: int = 0
    """How many Local Commands of a real exercise were delivered before."""


DRAWN = (
    Picture("deliver", "plan", NORMAL, delivered=6),
    Picture("jobs", "home"),
    Picture("hubs", "hubs"),
    Picture("question", "lights"),
    Picture("failure", "failure"),
    Picture("queue", "queue"),
    Picture("debrief", "debrief"),
)


@pytest.fixture
def scene(picture: Picture) -> Scene:
    return next(each for each in SCENES if each.name == picture.scene)


@pytest.fixture
async def begun(given: HhtContext, script: Script, picture: Picture, tmp_path: Path) -> HhtContext:
    """The exercise everybody begins with, some Local Commands delivered; or the scene's own job."""
    if not picture.delivered:
        return given

    def without_questions(job: JobPack) -> JobPack:
        return replace(job, title="Install without WAN", visit=None)

    async with visit_stage.scene(tmp_path, without_questions, response_seconds=PATIENCE) as on:
        await on.connect()
        for row in on.visit.view.commands[: picture.delivered]:
            await until(partial(is_next, on.visit, row.id))  # a Device joins meanwhile
            await on.visit.deliver_next()
        script.hubs = (replace(HUBS[1], gpf=on.site.spec.hub.gpf),)
    database = on.folder / "training.db"
    return replace(given, open_store=lambda: Store.open(database, Mode.TRAINING))


def is_next(visit: Visit, command_id: int) -> bool:
    return visit.next_ready is not None and visit.next_ready.id == command_id


@pytest.mark.whole_program
@pytest.mark.parametrize("picture", DRAWN, ids=lambda picture: picture.name)
async def test_a_picture_shows_the_screen_as_it_is(
    open_bench: OpenBench, begun: HhtContext, script: Script, picture: Picture, scene: Scene
) -> None:
    scene.prepare(script)
    async with open_bench(picture.size, begun) as bench:
        await scene.reach(bench, script)
        await bench.settled()
        drawn = at_any_hour(FONT_FILES.sub("", bench.app.export_screenshot(title="hht")))
    path = PICTURES / f"{picture.name}.svg"
    if UPDATE:
        path.write_text(drawn, encoding="utf-8")
    assert not re.search(r"url\((?!#)|href=", drawn)
    assert drawn == at_any_hour(path.read_text(encoding="utf-8"))


def at_any_hour(drawn: str) -> str:
    """The picture with one time and one name, whenever it was drawn."""
    for pattern, said in OF_THIS_HOUR:
        drawn = pattern.sub(said, drawn)
    return drawn


def test_every_picture_is_on_a_page_and_every_page_shows_only_those() -> None:
    shown = {
        name
        for page in PAGES
        for name in re.findall(r"!\[[^]]+\]\((?:docs/)?pictures/([^)]+)\)", page.read_text("utf-8"))
    }
    assert shown == {f"{picture.name}.svg" for picture in DRAWN}
    assert shown == {path.name for path in PICTURES.iterdir()}
