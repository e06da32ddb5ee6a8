"""A toast that is shown after its time is over freezes nothing."""

import asyncio

from patience import PATIENCE
from textual.notifications import Notification
from textual.widgets._toast import Toast

from screens.ending.orderly import OrderlyApp


async def test_a_toast_whose_time_was_over_before_it_was_shown_ends_and_the_app_goes_on() -> None:
    app = OrderlyApp()
    async with app.run_test() as pilot:
        late = Notification("Too late", timeout=-1)
        await app.mount(Toast(late))
        async with asyncio.timeout(PATIENCE):
            while app.query(Toast):
                await pilot.pause()
