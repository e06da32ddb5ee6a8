"""The strip at the top: mode, hub and link, clocks and the count, at any width."""

from dataclasses import replace

import pytest
from screen_bench import NORMAL, SMALLEST
from textual.app import App, ComposeResult
from textual.reactive import reactive

from hht.clock import ManualClock
from screens.themes import load_themes
from screens.widgets.clock import Deadline, clock_digits
from screens.widgets.signal import signal_text, strength
from screens.widgets.status_strip import Status, StatusStrip

HUB = "00-DB-12-34-56-78-90-A3"
ON_THE_HAN = Status("live", hub=HUB, connected=True, rssi=-52, lqi=212, to_return=3)


class StripApp(App[None]):
    """Nothing but the strip."""

    status: reactive[Status | None] = reactive(None)

    def __init__(self, status: Status) -> None:
        super().__init__()
        for theme in load_themes():
            self.register_theme(theme)
        self.theme = "hht-sun"
        self.status = status

    def compose(self) -> ComposeResult:
        yield StatusStrip()


async def lines_of(status: Status, size: tuple[int, int] = SMALLEST) -> list[str]:
    """The strip's two lines as text."""
    app = StripApp(status)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()[:2]]


def status(window: float | None = None, stay: float | None = None) -> Status:
    """On the HAN, with clocks."""
    clock = ManualClock()
    left = {
        "window": Deadline.after(window, clock=clock),
        "stay": Deadline.after(stay, clock=clock),
    }
    return replace(ON_THE_HAN, **left)


@pytest.mark.parametrize(("size", "name"), [(SMALLEST, "…56-78-90-A3"), (NORMAL, HUB)])
async def test_it_names_the_hub_and_shows_the_link_in_bars_and_numbers(size, name) -> None:
    first, _ = await lines_of(ON_THE_HAN, size)
    assert first.startswith(" ● LIVE")
    assert f"hub {name} ▂▄▆█ LQI 212" in first


async def test_it_says_when_there_is_no_hub_and_when_the_hub_is_not_connected() -> None:
    away = replace(ON_THE_HAN, hub="", connected=False)
    lost = replace(ON_THE_HAN, connected=False)
    assert (await lines_of(away))[0].endswith("no hub")
    assert (await lines_of(lost))[0].endswith("not connected")


async def test_both_clocks_and_the_count_fit_the_smallest_screen() -> None:
    _, second = await lines_of(status(3599, 64_799))
    assert second == " window 59:59  stay 17:59:59  ↑ 3 to return"


async def test_a_clock_with_less_than_ten_minutes_warns_with_a_sign() -> None:
    assert "window ! 09:59" in (await lines_of(status(599)))[1]


async def test_a_clock_that_has_run_out_says_so_in_words() -> None:
    assert "window ✗ closed" in (await lines_of(status(0)))[1]
    assert "stay ✗ over" in (await lines_of(status(None, 0)))[1]


async def test_a_clock_that_does_not_run_shows_no_time() -> None:
    assert " window --:--  stay --:--" in (await lines_of(status()))[1]


async def test_the_clocks_go_down_by_themselves() -> None:
    clock = ManualClock()
    app = StripApp(replace(ON_THE_HAN, window=Deadline.after(3600, clock=clock)))
    async with app.run_test(size=SMALLEST) as pilot:
        clock.advance(65)
        app.query_one(StatusStrip).tick()
        await pilot.pause()
        assert "window 58:55" in app.screen._compositor.render_strips()[1].text


@pytest.mark.parametrize(
    ("seconds", "digits"), [(0, "00:00"), (61, "01:01"), (3599, "59:59"), (64_800, "18:00:00")]
)
def test_digits_of_a_clock(seconds: int, digits: str) -> None:
    assert clock_digits(seconds) == digits


@pytest.mark.parametrize(
    ("rssi", "bars", "word"),
    [
        (-95, 0, "very weak"),
        (-85, 1, "weak"),
        (-75, 2, "fair"),
        (-65, 3, "good"),
        (-50, 4, "strong"),
    ],
)
def test_a_signal_is_bars_a_word_and_numbers(rssi: int, bars: int, word: str) -> None:
    assert strength(rssi) == bars
    assert (
        signal_text(rssi, 100).plain
        == f"{'▂▄▆█'[:bars]}{'▁' * (4 - bars)} {word} {rssi} dBm LQI 100"
    )


def test_a_clock_counts_the_seconds_of_premises_that_live_faster() -> None:
    clock = ManualClock()
    deadline = Deadline.after(3600, speed=60, clock=clock)
    assert deadline is not None
    assert deadline.seconds_left == 3600
    clock.advance(30)
    assert deadline.seconds_left == 1800
