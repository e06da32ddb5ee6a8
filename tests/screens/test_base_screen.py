"""A screen is asked what it offers only when all of it is there, what is in containers too."""

from screen_bench import NORMAL, SMALLEST, OpenBench
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.numbered_list import NumberedList


class Early(Static):
    """Says that the offer may have changed, as news of the app does, before its screen is whole."""

    def on_mount(self) -> None:
        assert isinstance(self.screen, HhtScreen)
        self.screen.refresh_offer()


class Nested(HhtScreen):
    """What it offers depends on what is in a container."""

    def body(self) -> ComposeResult:
        yield Early()
        with Horizontal():
            yield Static(id="late")

    def offer(self) -> Offer:
        self.query_one("#late")
        return Offer("Go on")


async def test_news_while_a_screen_is_put_together_asks_it_for_no_offer(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await bench.app.push_screen(Nested())
        await bench.until("Go on")


class Unread(HhtScreen):
    """Its rows cannot be read."""

    def body(self) -> ComposeResult:
        yield NumberedList(empty="None has come.")

    def opened(self) -> None:
        self.await_rows()
        self.say_not_read(HhtError("The data could not be read"))

    def offer(self) -> Offer:
        return Offer(self.query_one(NumberedList).awaited)


async def test_a_list_that_could_not_be_read_is_not_said_to_be_read_still(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await bench.app.push_screen(Unread())
        await bench.until("The data could not be read", "This could not be read.")
        assert "Reading" not in bench.text


class Laid(HhtScreen):
    """Notes at each layout how high its action bar is."""

    def body(self) -> ComposeResult:
        yield Static()

    def opened(self) -> None:
        self.seen: list[int] = []
        self.screen_layout_refresh_signal.subscribe(self, self._note, immediate=True)

    def _note(self, _screen: object) -> None:
        self.seen.append(self.query_one(ActionBar).size.height)

    def offer(self) -> Offer:
        return Offer("Go on")


async def test_the_first_layout_of_a_screen_is_the_one_that_stays(open_bench: OpenBench) -> None:
    async with open_bench(NORMAL) as bench:
        screen = Laid()
        await bench.app.push_screen(screen)
        await bench.until("Go on")
        assert set(screen.seen) == {3}
