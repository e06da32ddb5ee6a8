"""A seat outlives its sockets, is painted again, and ends by a ladder."""

import asyncio
from collections.abc import Callable

import pytest
from app_double import AppDouble
from virtual_time import virtual_loop

from hht.serve.packets import DATA, MOST_BYTES, meta_type, packet, read_packet
from hht.serve.requests import Focus, Keys, Size
from hht.serve.seat import MOST_WAITING_BYTES, PAINT_SECONDS, STAY_SECONDS, Closing, Seat

SIZE = Size(80, 24)


class Window:
    """A browser's socket: what it shows, and why it was closed."""

    def __init__(self) -> None:
        self.shown = b""
        self.closed: int | None = None

    async def paint(self, data: bytes) -> None:
        if self.closed is not None:
            raise ConnectionResetError
        self.shown += data

    def close(self, code: int) -> None:
        self.closed = code


class Bench:
    """A seat whose apps are doubles, in the order in which they were started."""

    def __init__(self, make: Callable[[], AppDouble] = AppDouble) -> None:
        self.apps: list[AppDouble] = []
        self.present: list[bool] = []

        async def start(size: Size) -> AppDouble:
            self.apps.append(make())
            return self.apps[-1]

        self.seat = Seat(start, self.present.append)

    @property
    def app(self) -> AppDouble:
        return self.apps[-1]


async def turns() -> None:
    """Let everything that can go on now go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_keys_sizes_and_focus_reach_the_app_and_its_painting_the_window() -> None:
    bench, window = Bench(), Window()
    await bench.seat.attach(window, SIZE)
    for request in (Keys(b"\r"), Size(100, 30), Focus(False)):
        bench.seat.take(request)
    bench.app.paint("hello")
    await turns()
    assert bench.app.keys.said == [
        b"\r",
        {"type": "resize", "width": 100, "height": 30},
        {"type": "blur"},
    ]
    assert window.shown == b"hello"


async def test_a_window_that_comes_back_is_painted_again_by_the_same_app() -> None:
    bench, first, second = Bench(), Window(), Window()
    await bench.seat.attach(first, SIZE)
    bench.seat.detach(first)
    bench.app.paint("nobody looks")
    await turns()
    await asyncio.sleep(STAY_SECONDS - 1)
    await bench.seat.attach(second, Size(120, 40))
    bench.app.paint("again")
    await turns()
    assert len(bench.apps) == 1
    assert bench.app.keys.said == [{"type": "repaint", "width": 120, "height": 40}]
    assert second.shown == b"again"
    assert bench.present == [True, False, True]
    await asyncio.sleep(STAY_SECONDS + 60)
    assert bench.seat.is_running


async def test_after_ten_minutes_without_a_window_the_app_ends_and_the_next_window_opens_one() -> (
    None
):
    bench, window = Bench(), Window()
    await bench.seat.attach(window, SIZE)
    bench.seat.detach(window)
    await asyncio.sleep(STAY_SECONDS + 1)
    assert not bench.seat.is_running
    assert bench.app.keys.is_closed
    await bench.seat.attach(Window(), SIZE)
    assert len(bench.apps) == 2
    assert bench.seat.is_running


async def test_a_second_window_takes_the_seat_over_and_the_first_is_informed() -> None:
    bench, first, second = Bench(), Window(), Window()
    await bench.seat.attach(first, SIZE)
    await bench.seat.attach(second, SIZE)
    bench.seat.detach(first)  # its socket closes now: that is not the seat's any more
    bench.app.paint("x")
    await turns()
    assert first.closed == Closing.TAKEN_OVER
    assert (first.shown, second.shown) == (b"", b"x")
    assert bench.present[-1] is True


@pytest.mark.parametrize(
    ("mortal_by", "signals", "seconds"),
    [
        ("quit", [], 0),
        ("SIGTERM", ["SIGTERM"], 5),
        ("SIGKILL", ["SIGTERM", "SIGKILL"], 7),
    ],
)
async def test_an_app_is_asked_to_quit_then_terminated_then_killed(
    mortal_by: str, signals: list[str], seconds: float
) -> None:
    bench, window = Bench(lambda: AppDouble(mortal_by)), Window()
    await bench.seat.attach(window, SIZE)
    before = virtual_loop().time()
    await bench.seat.end()
    assert bench.app.signals == signals
    assert virtual_loop().time() - before == pytest.approx(seconds, abs=0.1)
    assert window.closed == Closing.STOPPED
    assert not bench.seat.is_running


async def test_an_app_that_paints_nothing_when_it_is_asked_to_is_ended() -> None:
    bench, window = Bench(lambda: AppDouble("SIGKILL")), Window()
    await bench.seat.attach(Window(), SIZE)
    await bench.seat.attach(window, SIZE)
    await asyncio.sleep(PAINT_SECONDS + 10)
    assert window.closed == Closing.FAILED
    assert bench.app.signals == ["SIGTERM", "SIGKILL"]


async def test_a_window_that_comes_while_the_app_is_being_ended_gets_another_app() -> None:
    bench, window = Bench(lambda: AppDouble("SIGTERM")), Window()
    first = Window()
    await bench.seat.attach(first, SIZE)
    ending = asyncio.create_task(bench.seat.end())
    await asyncio.sleep(1)
    await bench.seat.attach(window, SIZE)
    await ending
    assert len(bench.apps) == 2
    assert bench.apps[0].ended.is_set()
    assert bench.seat.is_running
    assert window.closed is None


async def test_an_app_that_ends_by_itself_closes_its_window_and_can_be_opened_again() -> None:
    bench, window = Bench(), Window()
    await bench.seat.attach(window, SIZE)
    bench.app.die()
    await turns()
    assert window.closed == Closing.ENDED
    await bench.seat.attach(Window(), SIZE)
    assert len(bench.apps) == 2


async def test_keys_for_an_app_that_reads_none_are_dropped_not_kept() -> None:
    bench = Bench()
    await bench.seat.attach(Window(), SIZE)
    bench.app.keys.unread = MOST_WAITING_BYTES
    bench.seat.take(Keys(b"x"))
    assert bench.app.keys.said == []


@pytest.mark.parametrize(
    "painted", [b"", b"D", b"D\x00\x00\x00\x05abc", b"D" + (MOST_BYTES + 1).to_bytes(4, "big")]
)
async def test_what_is_no_whole_packet_is_the_end(painted: bytes) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(painted)
    stream.feed_eof()
    assert await read_packet(stream) is None


async def test_packets_come_whole_however_they_are_cut() -> None:
    stream = asyncio.StreamReader()
    for octet in packet(DATA, b"abc"):
        stream.feed_data(bytes([octet]))
    assert await read_packet(stream) == (DATA, b"abc")
    assert [meta_type(each) for each in (b'{"type":"exit"}', b"[]", b"{")] == ["exit", "", ""]
