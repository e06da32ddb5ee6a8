"""A toast that is shown after its time is over freezes nothing."""

import asyncio
from importlib import import_module

from patience import PATIENCE
from textual.notifications import Notification

from screens.ending.orderly import OrderlyApp


async def test_a_toast_whose_time_was_over_before_it_was_shown_ends_and_the_app_goes_on() -> None:
    app = OrderlyApp()
    make_toast = vars(import_module("textual.widgets._toast"))["Toast"]
    async with app.run_test() as pilot:
        await app.mount(make_toast(Notification("Too late", timeout=-1)))
        async with asyncio.timeout(PATIENCE):
            while app.query(make_toast):
                await pilot.pause()
