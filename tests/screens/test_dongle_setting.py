"""The dongle: its address typed in the app as the command line has it, and whether it answers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from screen_bench import SMALLEST
from screen_steps import at_the_jobs, choose_in_menu

from hht.journeys.events import ConnectionLost, DongleOpened, Failed
from hht.radio.ports import Port
from screens.forms.form import Choice
from screens.service.visit_changed import VisitChanged
from screens.set_up.dongle_setting import KEEP, OTHER, dongle_choices
from screens.visit.news import VisitNews


async def test_a_servers_address_is_taken_as_typed_and_a_wrong_one_says_what_to_write(
    open_bench, live
) -> None:
    chosen: list[str] = []
    context = replace(live, choose_radio=chosen.append)
    async with open_bench(SMALLEST, context) as bench:
        await at_the_jobs(bench)
        await choose_in_menu(bench, "dongle", "Dongle…")
        await bench.until("In use: none")
        await bench.press("end", "up", "enter")
        await bench.until("/dev/ttyUSB0 or socket://HOST:PORT")
        await bench.press(*"/etc/passwd", "enter")
        await bench.until("This is no serial port")
        await bench.press("ctrl+u", *"gw:6638", "enter")
        await bench.until("socket:// is missing")
        assert not chosen
        await bench.press("ctrl+u", *"socket://gw:6638", "enter")
        await bench.until("Dongle: socket://gw:6638")
    assert chosen == ["socket://gw:6638"]


def test_whether_the_dongle_answers_is_known_from_the_visit_alone(context) -> None:
    app: Any = SimpleNamespace(context=context)
    news = VisitNews(app, app, print)

    def after(event: Any, *, connected: bool = False) -> bool | None:
        view: Any = SimpleNamespace(connected=connected)
        news.note_dongle(VisitChanged(None, view, event))
        return context.radio_answers

    assert after(None) is None
    assert after(Failed("Nothing listens here", "", "", "RAD-02")) is False
    assert after(Failed("The hub does not answer", "", "", "HUB-03")) is False
    assert after(DongleOpened("7.4.0", "115200")) is True
    assert after(ConnectionLost("The hub is silent", "")) is None
    assert after(None, connected=True) is True


PORTS = [Port("/dev/ttyUSB0", 0x10C4, 1, "Silicon Labs"), Port("/dev/ttyUSB1")]


def offered(in_use: str | None) -> list[Choice]:
    """What is offered but for the way to another address, which comes last or before leaving it."""
    return [each for each in dongle_choices(PORTS, in_use) if each.value != OTHER]


def test_the_dongle_in_use_is_under_the_cursor_and_choosing_it_changes_nothing() -> None:
    kept, other = offered("/dev/ttyUSB1")
    assert (kept.value, kept.words, kept.aside) == (KEEP, str(PORTS[1]), "in use")
    assert other.value == "/dev/ttyUSB0"


def test_one_in_use_that_is_no_port_here_is_the_first_of_the_list_too() -> None:
    kept, *others = offered("socket://gw:6638")
    assert (kept.value, kept.words) == (KEEP, "socket://gw:6638")
    assert [each.value for each in others] == [port.path for port in PORTS]


def test_where_no_dongle_is_in_use_the_likely_one_is_the_first() -> None:
    assert [each.value for each in offered(None)] == ["/dev/ttyUSB0", "/dev/ttyUSB1", KEEP]
