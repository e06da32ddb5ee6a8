"""The check of a dongle, point by point: what it is, what it has room for, what it hears and sends.

Nothing is joined, and what is sent is for no node. Only `keys` changes anything in the dongle, and
not where it is a member of a HAN.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from hht.clock import SYSTEM_CLOCK, Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.radio.checking.frames import ANY_PAN, CHANNEL, frame_for
from hht.radio.checking.point import Point
from hht.radio.dongle import CHANNELS, PATIENCE, Dongle
from hht.radio.errors import DongleLost
from hht.radio.ezsp import configuration

if TYPE_CHECKING:
    from hht.radio.opening.line_memory import LineMemory

CHECK_SECONDS = 25.0  # from the opening on: longer is too long to wait for one page
_SCAN_SECONDS = 4.0  # three times what 16 channels at 77 ms take
SCAN_DURATION = 2  # 77 ms a channel
_RESUME_SECONDS = 5.0  # a dongle that kept its membership says so at once
_QUESTIONS = 100  # so many show a line that loses one frame in a hundred
_QUESTION_SECONDS = 5.0  # for all of them: enough for a hundred where none is slow
_SLOW_SECONDS = 0.5  # an answer over USB takes milliseconds, over a network some tens of them
_REPEATED_AT_MOST = 5  # of a hundred: more than that is no single disturbance
# No dongle hears what it sends itself, and no other device answers a frame of this kind unasked.
_NOT_SHOWN = "; whether it hears any is not shown without a second dongle (--peer)"
_NO_LINK_KEYS = (
    "Write other EmberZNet NCP firmware to it: it has no room for the key of the HHT and its hub."
)
# The manufacturing library needs none, and some firmware accepts filters that it does not count.
_FEW_LINK_KEYS = (
    "Enough for one hub. If joining is refused for want of room, write other EmberZNet firmware."
)
_NO_MAC_FILTERS = "See inter-PAN below: one way that works is enough, the other needs no filters."
_MOST_NETWORKS = 3  # named in one line


@dataclass(frozen=True, slots=True)
class Subject:
    """The open dongle, and the Entity Identifier in this handheld's certificate, if it has one."""

    dongle: Dongle
    hht: EntityId | None


Step = Callable[[Subject], Awaitable[Point]]
Report = Callable[[Point], None]


async def check_dongle(
    url: str,
    report: Report = lambda point: None,
    *,
    hht: EntityId | None = None,
    memory: "LineMemory | None" = None,
    patience: float = PATIENCE,
    clock: Clock = SYSTEM_CLOCK,
    leave_as_it_is: bool = False,
) -> bool:
    """Check a dongle, `report` each point as soon as it is known, and return whether it is fit.

    Never raises HhtError; lasts CHECK_SECONDS at most, after which the step under way fails and
    none is begun. `leave_as_it_is` leaves out what changes anything in the dongle.
    """
    ends = clock.elapsed() + CHECK_SECONDS
    try:
        dongle = await Dongle.open(url, patience=patience, memory=memory, clock=clock)
    except HhtError as error:
        report(Point.failed("dongle", error))
        return False
    try:
        dongle.link.limit(ends - clock.elapsed())
        steps = STEPS[:-1] if leave_as_it_is else STEPS
        return await run_steps(steps, Subject(dongle, hht), report)
    finally:
        await dongle.close()


async def run_steps(steps: Sequence[tuple[str, Step]], subject: Subject, report: Report) -> bool:
    """Go through the steps up to the last one, or to the loss of the dongle."""
    fit = True
    for name, step in steps:
        try:
            point = await step(subject)
        except DongleLost as error:
            report(Point.failed(name, error))
            return False
        except HhtError as error:
            point = Point.failed(name, error)
        report(point)
        fit = fit and point.holds is not False
    return fit


async def _dongle(subject: Subject) -> Point:
    dongle = subject.dongle
    board = f", board {dongle.board_name}" if dongle.board_name else ""
    found = (
        f"EZSP {dongle.ezsp_version}, EmberZNet {dongle.firmware.stack_name}{board}, "
        f"EUI-64 {dongle.eui64}"
    )
    figures = {"ezsp": dongle.ezsp_version, "stack": dongle.firmware.stack_name}
    return Point("dongle", True, found, figures={**figures, "eui64": str(dongle.eui64)})


async def _line(subject: Subject) -> Point:
    line = subject.dongle.line
    if line is None:
        return Point("line", None, "speed and flow control are the server's")
    return Point("line", True, str(line), figures={"baud": line.baud, "flow": line.flow})


async def _identity(subject: Subject) -> Point:
    dongle, hht = subject.dongle, subject.hht
    if hht is None:
        return Point("identity", None, "not compared: no certificate of this handheld to read here")
    if hht == dongle.eui64:
        return Point("identity", True, "the EUI-64 is that of this handheld's certificate")
    return Point(
        "identity",
        False,
        f"EUI-64 {dongle.eui64} is not the Entity Identifier {hht} of this handheld's certificate",
        "Use the dongle that belongs to it.",
    )


async def _tables(subject: Subject) -> Point:
    tables = subject.dongle.tables
    found = ", ".join(
        f"{name}: {_number(table.granted)} ({table.asked} asked for)"
        for name, table in tables.items()
    )
    figures = {name: [table.asked, table.granted] for name, table in tables.items()}
    empty = [name for name, table in tables.items() if table.granted == 0]
    if configuration.LINK_KEYS in empty:
        return Point("tables", False, found, _NO_LINK_KEYS, figures)
    if configuration.MAC_FILTERS in empty:
        return Point("tables", None, found, _NO_MAC_FILTERS, figures)
    keys = tables.get(configuration.LINK_KEYS)
    if keys and keys.granted is not None and keys.granted < keys.asked:
        return Point("tables", None, found, _FEW_LINK_KEYS, figures)
    return Point("tables", True, found, figures=figures)


def _number(granted: int | None) -> str:
    return "a number not said" if granted is None else str(granted)


async def _energy(subject: Subject) -> Point:
    levels = await subject.dongle.energy_scan(duration=SCAN_DURATION, timeout=_SCAN_SECONDS)
    if not levels:
        return Point("energy scan", None, "ended without a level for any channel")
    if unheard := [str(channel) for channel in CHANNELS if channel not in levels]:
        found = f"ended without a level for the channels {', '.join(unheard)}"
        figures = {str(at): dbm for at, dbm in levels.items()}
        return Point("energy scan", None, found, figures=figures)
    quiet, loud = min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__)
    found = f"quietest channel {quiet} ({levels[quiet]} dBm), loudest {loud} ({levels[loud]} dBm)"
    return Point("energy scan", True, found, figures={str(at): dbm for at, dbm in levels.items()})


async def _networks(subject: Subject) -> Point:
    beacons = await subject.dongle.active_scan(duration=SCAN_DURATION, timeout=_SCAN_SECONDS)
    best = {
        beacon.extended_pan_id: beacon for beacon in sorted(beacons, key=lambda each: each.rssi)
    }
    heard = sorted(best.values(), key=lambda beacon: -beacon.rssi)
    named = [
        f"{each.extended_pan_id} on channel {each.channel} at {each.rssi} dBm"
        for each in heard[:_MOST_NETWORKS]
    ]
    count = "1 network" if len(heard) == 1 else f"{len(heard) or 'no'} networks"
    more = ", and more" if len(heard) > _MOST_NETWORKS else ""
    found = (
        f"{count} heard on channels 11 to 26" + (": " if named else "") + ", ".join(named) + more
    )
    return Point("active scan", True, found, figures={"networks": len(heard)})


async def _interpan(subject: Subject) -> Point:
    """Try both ways of inter-PAN; one is enough. Only an echo shows whether they hear."""
    tried = [await _try_way(subject.dongle, name) for name in ("mac-filter", "mfglib")]
    works = any(works for works, _ in tried)
    found = "; ".join(found for _, found in tried) + (_NOT_SHOWN if works else "")
    remedy = "" if works else "Write other EmberZNet NCP firmware to it: no hub can be reached so."
    figures = {"mac-filter": tried[0][0], "mfglib": tried[1][0]}
    return Point("inter-PAN", works, found, remedy, figures)


async def _try_way(dongle: Dongle, name: str) -> tuple[bool, str]:
    dongle.choose_reception(name)
    try:
        await dongle.open_interpan(CHANNEL, ANY_PAN)
        try:
            # To itself, so that no other node answers: a dongle does not hear what it sends.
            frame = frame_for(dongle.eui64, dongle.eui64, b"hht", ack_request=False)
            confirmed = await dongle.send_interpan(frame)
        finally:
            await dongle.close_interpan()
    except DongleLost:
        raise
    except HhtError as error:
        return False, f"{name}: {error.what}"
    said = "sent and confirmed" if confirmed else "accepted for sending"
    return True, f"{name}: {dongle.interpan_way}, a frame {said}"


async def _answer_times(subject: Subject) -> Point:
    dongle, clock = subject.dongle, subject.dongle.clock
    question = await dongle.ping()
    repeated, seconds = dongle.repeated, list[float]()
    ends = clock.elapsed() + _QUESTION_SECONDS
    while len(seconds) < _QUESTIONS and clock.elapsed() < ends:
        began = clock.elapsed()
        await dongle.ping()
        seconds.append(clock.elapsed() - began)
    repeated = dongle.repeated - repeated
    return _judged_times(question, seconds, repeated)


def _judged_times(question: str, seconds: Sequence[float], repeated: int) -> Point:
    usual, worst = median(seconds) * 1000, max(seconds) * 1000
    found = (
        f"{len(seconds)} times {question}: median {usual:.1f} ms, worst {worst:.1f} ms, "
        f"{repeated} sent again"
    )
    holds = repeated <= _REPEATED_AT_MOST and median(seconds) < _SLOW_SECONDS
    remedy = "" if holds else "Plug it into another USB port, without a hub or an extension lead."
    times = {"median_ms": round(usual, 3), "worst_ms": round(worst, 3)}
    figures = {"asked": len(seconds), **times, "repeated": repeated}
    return Point("answer times", holds, found, remedy, figures)


async def _oddities(subject: Subject) -> Point:
    count, last = subject.dongle.unreadable
    if not count:
        return Point("frames", True, "all could be read", figures={"unreadable": 0})
    found = f"{count} could not be read, the last was {last[:12].hex(' ').upper() or 'empty'}"
    return Point("frames", None, found, figures={"unreadable": count})


async def _keys(subject: Subject) -> Point:
    network = await subject.dongle.resume(timeout=_RESUME_SECONDS)
    if network is not None:
        found = f"not tried: the dongle is a member of the HAN {network.extended_pan_id}"
        return Point("keys", None, found)
    if subject.dongle.keeps_a_han:
        found = "not tried: the dongle keeps its place in a HAN whose hub does not answer now"
        return Point("keys", None, found)
    await subject.dongle.try_keys()
    return Point("keys", True, "security set up, a link key taken in and cleared")


STEPS: Sequence[tuple[str, Step]] = (
    ("dongle", _dongle),
    ("line", _line),
    ("identity", _identity),
    ("tables", _tables),
    ("energy scan", _energy),
    ("active scan", _networks),
    ("inter-PAN", _interpan),
    ("answer times", _answer_times),
    ("frames", _oddities),
    ("keys", _keys),
)
