"""A running app for tests: keys pressed as a person or a scanner does, the screen read as text."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from time import monotonic

from painted import show_behind, strips_of
from patience import PATIENCE
from textual.events import Key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from screens.app import HhtApp
from screens.widgets.action_bar import ActionBar

SMALLEST, NORMAL, WIDE = (53, 20), (80, 24), (120, 40)
BOTH = (SMALLEST, NORMAL)
LOOK = 0.03  # painting the whole screen again to read it takes some milliseconds
SETTLE = 0.02  # longer than the gate holds a key here: conftest shortens that
CATCH_UP = 5.0  # seconds; a test that holds up the working thread itself waits for no more
STEPS = 3  # turns of the working thread: one answer asks for the next, a coroutine goes on


@dataclass
class Bench:
    """The app, and what tests need to press keys and read the screen."""

    app: HhtApp
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys at a person's pace."""
        for key in keys:
            await self._caught_up()
            self.app.post_message(Key(key, key if len(key) == 1 else None))
            await asyncio.sleep(SETTLE)
            await self._caught_up()

    async def _caught_up(self) -> None:
        """Wait until the working thread has done what it was given, and the screen knows of it.

        The screen shows what an event says before the work behind it has ended; no person is so
        quick, but a test is, and its key would be for the state before.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP):
                await self._worker_has_done()
                for pump in (self.app, self.app.screen, self.app):
                    done = asyncio.Event()
                    if pump.call_later(done.set):
                        await done.wait()

    async def _worker_has_done(self) -> None:
        """Wait for everything that was given to the working thread, but for what waits in it."""
        worker = self.app.service.worker_loop
        for _ in range(STEPS):
            asked = asyncio.ensure_future(worker.run(int))
            await asyncio.wait([asked])
            if asked.cancelled() or asked.exception():  # the mode, or the app, is just being left
                return

    def press_at_once(self, *keys: str) -> None:
        """Press keys that come in one write, as from a key that is held or a line that lagged."""
        self._post_at_once([Key(key, key if len(key) == 1 else None) for key in keys])

    def _post_at_once(self, keys: list[Key]) -> None:
        """Post keys with one moment: the machine may have paused between making two of them."""
        for key in keys:
            key.time = keys[0].time
            self.app.post_message(key)

    async def scan(self, label: str) -> None:
        """Type as a scanner does: everything at once, an Enter for each line's end and the last."""
        await self._caught_up()
        ends = ("enter", "\r")
        self._post_at_once(
            [Key(*(ends if each == "\n" else (each, each))) for each in f"{label}\n"]
        )
        await asyncio.sleep(SETTLE)

    async def press_until(self, key: str, words: str, seconds: float = PATIENCE) -> None:
        """Press a key again and again: one that comes before the page is laid out moves nothing."""
        deadline = monotonic() + seconds
        while words not in self.text:
            assert monotonic() < deadline, self.text
            await self.press(key)

    async def idle(self) -> None:
        """Wait until nothing is under way in the background but what the clock will wake."""
        for worker in [each for each in self.app.workers if "clock" not in str(each.group)]:
            with suppress(WorkerCancelled):  # its screen was left: nothing is waited for there
                await worker.wait()

    async def settled(self) -> None:
        """Wait until nothing is under way and the screen stays as it is."""
        before, shown = None, self.text
        while before != shown:
            before = shown
            await self.idle()
            await self._caught_up()
            await self.pilot.pause()
            shown = self.text

    async def until_offered(self, action: str) -> None:
        """Wait until Enter would do this, whatever it is called."""

        def offered() -> bool:
            bars = self.app.screen.query(ActionBar)
            return bool(bars) and bars.first().offered.action == action

        await self.until_it_holds(offered)

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        show_behind(self.app)
        return "\n".join(strip.text.rstrip() for strip in strips_of(self.app))

    @property
    def lines(self) -> list[str]:
        """The same as lines."""
        return self.text.split("\n")

    def line_with(self, words: str) -> str:
        """The first line that holds these words."""
        return next(line for line in self.lines if words in line)

    async def until(self, *words: str, seconds: float = PATIENCE) -> None:
        """Wait until all these words stand on the screen together."""
        deadline, shown = monotonic() + seconds, self.text  # painted once a look, not once a word
        while missing := [each for each in words if each not in shown]:
            if monotonic() > deadline:
                raise AssertionError(f"{missing} did not come; the screen says:\n{shown}")
            await asyncio.sleep(LOOK)
            shown = self.text

    async def until_it_holds(
        self, question: Callable[[], object], seconds: float = PATIENCE
    ) -> None:
        """Wait until the answer is yes."""
        deadline = monotonic() + seconds
        while not question():
            assert monotonic() < deadline, self.text
            await asyncio.sleep(0.01)


OpenBench = Callable[..., AbstractAsyncContextManager[Bench]]
"""Opens the app at a size: the fixture `open_bench`."""
