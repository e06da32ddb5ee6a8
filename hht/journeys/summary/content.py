"""What a visit came to, as sections of rows that a page and a text both show."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from hht.duis.visit_questions import Answer
from hht.entity_id import EntityId
from hht.gbcs.device_commands import CCS01, AddDevice, device_command
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.journeys.install.answers import Answers, Given, Source
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.link.repeats import hub_may_repeat
from hht.journeys.move.standing import MoveView, move_view
from hht.journeys.move.ways_back import DeviceWay
from hht.journeys.plan.lost_response import LostResponse, lost_of
from hht.journeys.premises.alerts import alerts_of
from hht.journeys.premises.devices import DeviceState, HanState, Premises
from hht.journeys.premises.not_joined import not_joined
from hht.journeys.summary.owed import owed
from hht.journeys.summary.returned import Returned
from hht.store import Capture, CommandRow, JobRow, ReturnRow, ReturnState, Store
from hht.store.command_states import has_arrived, is_done
from hht.zse.install_code import crc

MOST_ROWS = 400
"""Of one section: a page of 200 KB has room for some 1,000 rows in all."""
_LONGEST = 300  # characters of one value; notes are at most 120, titles some 60
_HIDDEN = "(hidden)"
_NO_WAN_ADVICE = (
    "Until the hub has found its WAN the supplier cannot reach the meters.",
    "Prepayment: a top-up arrives only if its 20-digit code is typed on the meter's keypad or the "
    "display; keep the receipt until the meter shows the credit.",
    "Credit: a reading may be asked for; it is on the meter's display.",
    "Leave the hub switched on: it goes on looking for its WAN.",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the summary: rows of a name and what is said of it; `left_out` are further rows."""

    title: str
    rows: tuple[tuple[str, str], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """The whole summary; `open` counts what is still to be done."""

    title: str
    made_at: datetime
    sections: tuple[Section, ...]
    open: int


def summarise_visit(
    store: Store, job: JobRow, now: datetime, most_rows: int = MOST_ROWS
) -> VisitSummary:
    """Collect what a job's visit came to from what was kept; nothing of it is a secret."""
    commands = store.commands.of_job(job.id)
    captures = store.captures.of_job(job.id)
    items = store.returns.of_job(job.id)
    install = InstallJourney(store, job) if job.visit else None
    lost = lost_of(commands, hub_may_repeat=hub_may_repeat(store, job))
    premises = Premises.of(job, captures)
    returned = Returned(commands, captures, premises)
    still_open = (
        *_open(commands, lost, items, install, returned),
        *_not_joined(commands, premises),
        *owed(store, job),
    )
    drawn: Iterable[tuple[str, Iterable[tuple[str, str]]]] = (
        ("Job", _job(job)),
        ("Still open", still_open),
        ("Installed", _installed(install)),
        ("Devices", _devices(premises, now, move_view(store, job))),
        ("Change of channel", _channel(store, job)),
        ("Counts", _counts(commands, captures, items)),
        ("For the customer", _for_customer(install)),
        ("Local Commands", _commands(commands)),
        ("Returned to the DCC", returned.rows(items)),
        ("Alerts", _alerts(captures, returned.name)),
    )
    hide = Hider(_codes(job, commands))
    sections = (_section(title, rows, most_rows, hide) for title, rows in drawn)
    heading = f"Visit {job.reference}: {job.title}"
    return VisitSummary(
        hide(heading)[:_LONGEST], now, tuple(s for s in sections if s.rows), len(still_open)
    )


def _section(title: str, rows: Iterable[tuple[str, str]], most: int, hide: "Hider") -> Section:
    shown = tuple((hide(name)[:_LONGEST], _cut(hide(value))) for name, value in rows if value)
    return Section(title, shown[:most], max(0, len(shown) - most))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


class Hider:
    """The removal of the job's Install Codes from a text, however they are spaced."""

    def __init__(self, codes: Iterable[bytes]) -> None:
        written = [code.hex() for each in codes for code in (each + crc(each), each)]
        spaced = ["[-: ]?".join(digits) for digits in written]
        self._codes = re.compile("|".join(spaced), re.IGNORECASE) if spaced else None

    def __call__(self, text: str) -> str:
        return self._codes.sub(_HIDDEN, text) if self._codes else text


def _codes(job: JobRow, commands: tuple[CommandRow, ...]) -> Iterator[bytes]:
    """Yield every Install Code that the job knows: of its Devices, and in its CCS01s."""
    yield from (each.install_code for each in job.devices if each.install_code)
    for row in commands:
        if row.message_code == CCS01:
            with suppress(MalformedMessage):
                said = device_command(Message.parse(row.raw))
                if isinstance(said, AddDevice) and said.install_code:
                    yield said.install_code


def _job(job: JobRow) -> Iterator[tuple[str, str]]:
    brief = job.brief
    yield "Address", job.premises
    yield "MPAN or MPRN", ", ".join(brief.mpxns)
    yield "UPRN", brief.uprn
    yield "Hub, CHF", str(job.hub_chf or "")
    yield "Hub, GPF", str(job.hub_gpf or "")
    yield "WAN variant of the job", brief.wan_variant.strip()
    yield "HAN variant of the job", brief.han_variant
    yield "Channels of the building", ", ".join(map(str, brief.channels))
    yield "Notes of the job", brief.notes


def _installed(install: InstallJourney | None) -> Iterator[tuple[str, str]]:
    if install is None:
        return
    answers = install.answers
    for each in answers.asked:
        if each.id in answers.given:
            yield each.text, _answer(answers.given[each.id])
    for code, reason in install.accepted.items():
        yield f"Let stand: {code}", reason


def _answer(given: Given) -> str:
    if given.source is Source.SKIPPED:
        return f"skipped: {given.reason}"
    if given.value is None:
        return given.source.value
    said = _said(given.value)
    return said if given.source is Source.SEEN else f"{said} ({given.source.value})"


def _said(value: Answer) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


_ON_HAN = {
    HanState.UNKNOWN: "not known whether it is on the HAN",
    HanState.NOT_IN_LOG: "not in the hub's log",
    HanState.IN_LOG: "in the hub's log, not seen to join",
    HanState.ON_HAN: "on the HAN",
}


def _devices(premises: Premises, now: datetime, move: MoveView | None) -> Iterator[tuple[str, str]]:
    states = premises.devices(now)
    labels = {each.entity_id: each.name for each in states}
    for each in states:
        way = move.missing(each.entity_id) if move else None
        yield f"{labels[each.entity_id]} {each.entity_id}", _device(each, labels, way)


def _device(device: DeviceState, labels: dict[EntityId, str], way: DeviceWay | None) -> str:
    partners = ", ".join(labels[each] for each in device.partners)
    heard = f"last heard {_time(device.last_heard)}" if device.last_heard else ""
    parts = (
        f"{way.state.value} since the change of channel" if way else _ON_HAN[device.state],
        f"joined with {partners}" if partners else "",
        heard,
    )
    return "; ".join(filter(None, parts))


def _counts(
    commands: tuple[CommandRow, ...], captures: tuple[Capture, ...], items: tuple[ReturnRow, ...]
) -> Iterator[tuple[str, str]]:
    yield "Local Commands", str(len(commands))
    yield "Delivered", str(sum(has_arrived(row.state) for row in commands))
    yield "Answered", str(sum(is_done(row.state) for row in commands))
    yield "Answered without a Response to return", str(sum(r.is_uncaptured for r in commands))
    yield "Messages kept", str(len(captures))
    for state, count in sorted(Counter(row.state for row in items).items()):
        yield f"To return: {state.value}", str(count)


def _for_customer(install: InstallJourney | None) -> Iterator[tuple[str, str]]:
    values = install.answers.values if install else {}
    if values.get("visit") == "install" and values.get("wan") is False:
        for number, line in enumerate(_NO_WAN_ADVICE, 1):
            yield str(number), line


def _commands(commands: tuple[CommandRow, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is open first: a long list is cut at its end."""
    for row in sorted(commands, key=lambda row: is_done(row.state)):
        uncaptured = "; no Response to return" if row.is_uncaptured else ""
        reason = f": {row.reason}" if row.reason and not is_done(row.state) else ""
        yield f"{row.position + 1} {row.title}", f"{row.state.value}{reason}{uncaptured}"


def _alerts(
    captures: tuple[Capture, ...], name: Callable[[EntityId], str]
) -> Iterator[tuple[str, str]]:
    for each in alerts_of(captures):
        code = f" ({each.code:04X})" if each.code is not None else ""
        about = f": {name(each.about.device)} {each.about.change}" if each.about else ""
        yield f"{_time(each.received_at)} {name(each.device)}", f"{each.beside_code}{code}{about}"


def _open(
    commands: tuple[CommandRow, ...],
    lost: Mapping[int, LostResponse],
    items: tuple[ReturnRow, ...],
    install: InstallJourney | None,
    returned: Returned,
) -> Iterator[tuple[str, str]]:
    for row in commands:
        if way := lost.get(row.id):
            yield f"{row.position + 1} {row.title}", f"no Response to return: {way.words}"
        elif not is_done(row.state):
            yield f"{row.position + 1} {row.title}", row.state.value
    if install is not None:
        yield from _open_questions(install, install.answers)
    for item in items:
        if item.state in (ReturnState.REFUSED, ReturnState.HELD):
            yield returned.title(item), f"{item.state.value}: {item.note}"


def _not_joined(commands: tuple[CommandRow, ...], premises: Premises) -> Iterator[tuple[str, str]]:
    """Yield the Local Commands that were answered and whose Device has not joined."""
    absent = not_joined(commands, premises)
    for row in commands:
        if row.id in absent and (device := premises.device(absent[row.id])):
            yield f"{row.position + 1} {row.title}", f"the {device.name} has not joined"


def _open_questions(install: InstallJourney, answers: Answers) -> Iterator[tuple[str, str]]:
    for each in answers.asked:
        if each.id not in answers.values:
            given = answers.given.get(each.id)
            yield each.text, _answer(given) if given else "not answered"
    for doubt in install.doubts:
        yield doubt.what, doubt.remedy
    if install.report is None:
        yield "Status update (SR 8.14)", "not queued"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _channel(store: Store, job: JobRow) -> Iterator[tuple[str, str]]:
    """Yield where the hub is after a change of channel, and each Device's way back."""
    view = move_view(store, job)
    if view is None:
        return
    move = view.move
    yield "Channel", str(move.channel or "")
    yield "What was asked", move.said
    for way in view.devices:
        link = "" if way.rssi is None else f", {way.rssi} dBm"
        yield way.label, f"{way.state.value}: {way.said}{link}"
    if move.closed:
        yield "No second look", move.closed
