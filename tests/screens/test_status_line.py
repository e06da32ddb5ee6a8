"""The line at the top: mode, hub and link with its age, clocks with their certainty, the count."""

from dataclasses import replace
from datetime import timedelta

import pytest
from painted import strips_of
from screen_bench import NORMAL, SMALLEST
from textual.app import App, ComposeResult
from textual.reactive import reactive

from hht.clock import ManualClock
from screens.themes import load_themes
from screens.visit.clock_words import apart_words
from screens.widgets.clock import Certainty, Countdown, Deadline, clock_digits, duration
from screens.widgets.link import Link, signal_text, strength
from screens.widgets.status_line import Status, StatusLine

HUB = "00-DB-12-34-56-78-90-A3"
CLOCK = ManualClock()


class LineApp(App[None]):
    """Nothing but the line."""

    status: reactive[Status | None] = reactive(None)

    def __init__(self, status: Status) -> None:
        super().__init__()
        for theme in load_themes():
            self.register_theme(theme)
        self.theme = "hht-sun"
        self.status = status

    def compose(self) -> ComposeResult:
        yield StatusLine()


async def lines_of(status: Status, size: tuple[int, int] = SMALLEST) -> list[str]:
    """The lines as text."""
    app = LineApp(status)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        strips = strips_of(app)
        return [strip.text.rstrip() for strip in strips[: app.query_one(StatusLine).size.height]]


def runs(seconds: float, certainty: Certainty = Certainty.KNOWN) -> Countdown:
    return Countdown(Deadline.after(CLOCK, seconds), certainty)


def heard(seconds_ago: float, *, failed: bool = False) -> Link:
    return Link(-52, 212, CLOCK, CLOCK.elapsed() - seconds_ago, send_failed=failed)


ON_THE_HAN = Status(
    "training",
    hub=HUB,
    connected=True,
    link=heard(1),
    window=runs(47 * 60, Certainty.ABOUT),
    stay=runs(17.5 * 3600),
    to_return=21,
)


async def test_everything_is_on_one_line_of_the_smallest_screen() -> None:
    lines = await lines_of(ON_THE_HAN)
    assert lines == [" ▲ TRAINING  …90-A3 on HAN ▂▄▆█   window ~47m 17h ↑21"]


async def test_work_keeps_its_sign_where_there_is_no_room_for_its_count() -> None:
    [line] = await lines_of(replace(ON_THE_HAN, link=heard(20), work="◐ 5/11"))
    assert line == " ▲ TRAINING  …90-A3 ▂▄▆█ ? ◐      window ~47m 17h ↑21"


async def test_where_there_is_room_the_hub_is_named_in_full() -> None:
    [line] = await lines_of(ON_THE_HAN, NORMAL)
    assert f"hub {HUB} on HAN ▂▄▆█" in line


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Countdown(), "window ?"),
        (runs(47 * 60, Certainty.ABOUT), "window ~47m"),
        (runs(47 * 60), "window 47m"),
        (replace(runs(47 * 60), certainty=Certainty.CLOSED), "window CLOSED"),
        (runs(50, Certainty.ABOUT), "window ~50s"),
    ],
)
async def test_a_clock_says_how_sure_it_is(window: Countdown, words: str) -> None:
    away = replace(ON_THE_HAN, connected=False, window=window, stay=Countdown())
    assert f" {words} ↑21" in (await lines_of(away))[0]


async def test_a_hub_without_a_window_shows_no_such_clock() -> None:
    assert "window" not in (await lines_of(replace(ON_THE_HAN, has_window=False)))[0]


@pytest.mark.parametrize(
    ("link", "bars"),
    [
        (heard(9), "▂▄▆█ "),
        (heard(40), "▂▄▆█ ?"),
        (heard(1, failed=True), "▂▄▆█ ?"),
    ],
)
async def test_bars_have_an_age(link: Link, bars: str) -> None:
    assert bars in (await lines_of(replace(ON_THE_HAN, link=link)))[0]


async def test_where_there_is_room_the_age_is_said_in_words() -> None:
    wide = await lines_of(replace(ON_THE_HAN, link=heard(40)), (120, 40))
    assert "▂▄▆█ ? heard 40 s ago" in wide[0]


async def test_in_an_exercise_the_age_is_by_the_clock_of_the_premises_as_the_window_is() -> None:
    fast = replace(heard(40), speed=20)
    wide = await lines_of(replace(ON_THE_HAN, link=fast), (120, 40))
    assert "▂▄▆█ ? heard 13 min ago" in wide[0]


async def test_it_says_when_there_is_no_hub_and_when_the_hht_is_not_on_its_han() -> None:
    assert "no hub" in (await lines_of(replace(ON_THE_HAN, hub="")))[0]
    assert "…90-A3 not on HAN" in (await lines_of(replace(ON_THE_HAN, connected=False)))[0]


async def test_work_that_goes_on_behind_another_screen_is_counted() -> None:
    assert "◐ 8/17" in (await lines_of(replace(ON_THE_HAN, work="◐ 8/17")))[0]


async def test_a_second_line_comes_only_while_something_is_wrong_or_a_clock_is_short() -> None:
    assert len(await lines_of(ON_THE_HAN)) == 1
    lost = await lines_of(replace(ON_THE_HAN, connected=False, alarm="Connection lost: silence"))
    assert lost[1] == " ✗ Connection lost: silence"
    short = replace(ON_THE_HAN, connected=False, window=runs(14 * 60), stay=Countdown())
    assert (await lines_of(short))[1] == " ! The hub's inter-PAN window closes in 14m"
    assert len(await lines_of(replace(short, needs_hub=False))) == 1
    stay = await lines_of(replace(ON_THE_HAN, stay=runs(600)))
    assert stay[1] == " ! Your time on the HAN ends in 10m"


async def test_the_clocks_go_down_by_themselves() -> None:
    clock = ManualClock()
    window = Countdown(Deadline.after(clock, 3600), Certainty.KNOWN)
    app = LineApp(replace(ON_THE_HAN, connected=False, window=window, stay=Countdown()))
    async with app.run_test(size=SMALLEST) as pilot:
        clock.advance(47 * 60)
        app.query_one(StatusLine).tick()
        await pilot.pause()
        await pilot.pause()
        strips = strips_of(app)
        assert "window 13m" in strips[0].text
        assert "closes in 13m" in strips[1].text


@pytest.mark.parametrize(
    ("seconds", "digits"), [(0, "00:00"), (61, "01:01"), (3599, "59:59"), (64_800, "18:00:00")]
)
def test_digits_of_a_clock(seconds: int, digits: str) -> None:
    assert clock_digits(seconds) == digits


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (64_799, "17h")]
)
def test_what_is_left_is_said_in_one_unit(seconds: int, words: str) -> None:
    assert duration(seconds) == words


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
def test_a_signal_is_bars_and_a_word(rssi: int, bars: int, word: str) -> None:
    assert strength(rssi) == bars
    assert signal_text(rssi).plain == f"{'▂▄▆█'[:bars]}{'▁' * (4 - bars)} {word}"


def test_a_clock_counts_the_seconds_of_premises_that_live_faster() -> None:
    clock = ManualClock()
    deadline = Deadline.after(clock, 3600, speed=60)
    assert deadline is not None
    assert deadline.seconds_left == 3600
    clock.advance(30)
    assert deadline.seconds_left == 1800


@pytest.mark.parametrize(
    "alarm",
    [
        "Connection lost: The hub ended the HHT's membership of its HAN",
        "Connection lost: The dongle went away",
    ],
)
async def test_what_is_wrong_stands_whole_on_the_smallest_screen(open_bench, alarm: str) -> None:
    async with open_bench(SMALLEST) as bench:
        bench.app.status = replace(bench.app.status, alarm=alarm)
        await bench.until("Connection lost")
        shown = " ".join(" ".join(bench.lines[1:3]).split())
        assert shown.startswith(f"✗ {alarm}")


async def test_a_doubt_about_the_clock_has_the_second_line_where_nothing_else_is() -> None:
    words = apart_words(timedelta(minutes=12))
    [_, doubt] = await lines_of(replace(ON_THE_HAN, doubt=words))
    assert doubt == " ! Handheld's clock 12 minutes ahead of the Devices'"
    [_, alarm] = await lines_of(replace(ON_THE_HAN, doubt=words, alarm="Connection lost"))
    assert alarm == " ✗ Connection lost"


async def test_a_tick_paints_only_what_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()
    window = Countdown(Deadline.after(clock, 3000), Certainty.KNOWN)
    async with LineApp(Status("training", window=window)).run_test(size=NORMAL) as pilot:
        line, painted = pilot.app.query_one(StatusLine), []
        monkeypatch.setattr(line, "refresh", lambda **how: painted.append(how))
        line.tick()
        assert not painted
        clock.advance(61)
        line.tick()
        assert painted
