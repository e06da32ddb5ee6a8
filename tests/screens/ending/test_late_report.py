"""What comes to an app that is closing changes nothing: the widgets that it is for are gone."""

from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Static

from screens.ending.orderly import OrderlyApp


class Late(Message):
    """A report that comes while the app is closing."""


class Reporter(Static):
    """Sends its report when it is taken away."""

    def on_unmount(self) -> None:
        self.app.post_message(Late())


class Reported(OrderlyApp):
    """Gets a report for a widget that is gone."""

    heard = False

    def compose(self) -> ComposeResult:
        yield Reporter()

    def on_late(self) -> None:
        self.heard = True
        raise NoMatches


async def test_a_report_to_an_app_that_is_closing_is_no_fault_of_the_app() -> None:
    app = Reported()
    async with app.run_test():
        pass
    assert app.heard
