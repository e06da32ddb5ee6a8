"""A screen that is hidden by another one has nothing painted until it is on show again."""

import asyncio
from typing import Any

from painted import strips_of
from patience import PATIENCE
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from screens.once import DismissedOnce


class Below(DismissedOnce, Screen[None]):
    """Words that change."""

    def compose(self) -> ComposeResult:
        yield Static("before")


class Above(DismissedOnce, Screen[None]):
    """Notes what it is asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[tuple[Region, ...]] = []

    def refresh(self, *regions: Region, **how: Any) -> "Above":
        self.painted.append(regions)
        return super().refresh(*regions, **how)


async def test_a_change_behind_a_screen_paints_nothing_and_is_there_afterwards() -> None:
    async with App[None]().run_test(size=(40, 10)) as pilot:
        below, above = Below(), Above()
        await pilot.app.push_screen(below)
        await pilot.app.push_screen(above)
        await pilot.pause()
        above.painted.clear()
        below.query_one(Static).update("after", layout=False)
        painted = asyncio.Event()
        below.call_after_refresh(painted.set)
        await asyncio.wait_for(painted.wait(), PATIENCE)
        assert not above.painted
        await above.dismiss()
        await pilot.pause()
        assert strips_of(pilot.app)[0].text.startswith("after")
