"""The result of a pairing: one line for the Device's way onto the HAN, and one for each partner.

A positive CCS01 says that the Device is in the CHF Device Log. It does not prove the Install Code
that it carried: a Device that was in the log keeps the key it had, and one that was not shows only
by joining that the code is its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import JoinResult
from hht.journeys.pairing.tasks import PairingTask, Purpose
from hht.journeys.pairing.why_refused import is_absent, why_refused
from hht.journeys.premises.devices import DeviceState, HanState
from hht.store.command_states import CommandState, is_done, is_in_doubt
from hht.store.rows import CommandRow
from hht.texts import text, texts_of

_text = texts_of("pairing_line")


class Pairing(StrEnum):
    """How far two Devices have come."""

    WAITING = "waiting"
    ASLEEP = "asleep"  # delivered, and a partner that sleeps has not answered yet
    HALF = "half"  # one side has the other, the other side not yet
    JOINED = "joined"
    PROVEN = "proven"  # one has named the other among those it works with
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    REMOVED = "removed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PairingLine:
    """One Device and one partner; `device` alone, with `partner` None, is its way onto the HAN."""

    device: EntityId
    partner: EntityId | None
    state: Pairing
    said: str


@dataclass(frozen=True, slots=True)
class Site:
    """What the lines are made from: the Local Commands by id, the Devices as they are.

    `known_before` are the Devices that were in the CHF Device Log when their CCS01 was sent,
    `results` those of the joins that were answered, by the ids of their Local Commands, `missed`
    what is said of the Devices that are not back since their hub changed its channel.
    """

    rows: Mapping[int, CommandRow]
    devices: Mapping[EntityId, DeviceState]
    known_before: Collection[EntityId] = ()
    results: Mapping[int, JoinResult] = field(default_factory=dict)
    missed: Mapping[EntityId, str] = field(default_factory=dict)

    def of(self, numbers: Sequence[int]) -> list[CommandRow]:
        """Return the Local Commands with these ids."""
        return [self.rows[each] for each in numbers]

    def name(self, entity: EntityId) -> str:
        """Return what a Device is called: its label, its type, else its identifier."""
        known = self.devices.get(entity)
        return known.name if known else str(entity)


def on_han() -> str:
    """Say of a Device that it is on the HAN, and nothing else."""
    return _text("on_han")


def pairing_lines(tasks: Sequence[PairingTask], site: Site) -> list[PairingLine]:
    """Say for each Device of a job its state, and then with each partner."""
    lines = []
    for task in tasks:
        if is_going(task, site):
            lines.append(removal_line(task, site))
        else:
            lines.append(han_line(task, site))
            lines += [partner_line(task, partner, site) for partner in task.joins]
    return lines


def is_going(task: PairingTask, site: Site) -> bool:
    """Return whether a Device is to be out at the end, and nothing else of it is left to be done.

    One that is added first is that as soon as its way out was begun.
    """
    begun = task.leaves and together(site.of(task.out)) is not Pairing.WAITING
    return begun or task.purpose is Purpose.REMOVE


def removal_line(task: PairingTask, site: Site) -> PairingLine:
    """Say how far a Device is taken out of its partners' logs and the hub's."""
    rows = site.of(task.out)
    state = together(rows)
    words = {
        Pairing.WAITING: _text("not_out_yet"),
        Pairing.HALF: _text("out_of_some"),
        Pairing.JOINED: _text("out_of_all"),
        Pairing.DOUBTFUL: _text("out_unknown"),
        Pairing.SKIPPED: _text("left_out"),
        Pairing.REFUSED: _refusal(rows, site),
    }
    shown = Pairing.REMOVED if state is Pairing.JOINED else state
    return PairingLine(task.device, None, shown, words[state])


def han_line(task: PairingTask, site: Site) -> PairingLine:
    """Say the state of a Device on the HAN, how the hub hears it, and what its CCS01 proved."""
    rows = site.of(task.adds)
    state, kept = together(rows), task.device in site.known_before
    known = site.devices.get(task.device)
    if is_left_behind(task.device, site):
        said = f"{_text('before_move')}: {site.missed[task.device]}"
        return PairingLine(task.device, None, Pairing.DOUBTFUL, said)
    if known and known.state is HanState.ON_HAN and (known.last_heard or known.proof):
        said = _heard(known)
        if kept and state is Pairing.JOINED:
            return PairingLine(task.device, None, Pairing.HALF, f"{said}; {_text('keeps_its_key')}")
        return PairingLine(task.device, None, Pairing.PROVEN, said)
    if is_gone(known):
        return PairingLine(task.device, None, Pairing.DOUBTFUL, _text("gone"))
    if not rows:
        return PairingLine(task.device, None, Pairing.DOUBTFUL, _text("not_added_here"))
    words = {
        Pairing.WAITING: _text("not_added_yet"),
        Pairing.JOINED: _text("keeps_its_key") if kept else _code_shown(task, site),
        Pairing.HALF: _text("not_heard_yet"),
        Pairing.DOUBTFUL: _text("added_unknown"),
        Pairing.SKIPPED: _text("adding_left_out"),
        Pairing.REFUSED: f"{text('why_refused.log_may_be_full')}: {_reason(rows)}",
    }
    shown = Pairing.HALF if state is Pairing.JOINED else state
    return PairingLine(task.device, None, shown, words[state])


def _code_shown(task: PairingTask, site: Site) -> str:
    """Say what is known of an Install Code: nothing yet, or that its Device has not joined."""
    joins = chain.from_iterable(task.joins.values())
    from_others = (each for each in joins if site.rows[each].device != task.device)
    absent = is_absent(map(site.results.get, from_others))
    return _text("not_joined" if absent else "code_shows_later")


def is_left_behind(device: EntityId, site: Site) -> bool:
    """Return whether a Device that was on the HAN is not back since its hub changed its channel."""
    known = site.devices.get(device)
    return device in site.missed and known is not None and known.state is HanState.ON_HAN


def is_gone(known: DeviceState | None) -> bool:
    """Return whether a Device that was heard has been shown to be out of the hub's log since."""
    if known is None or known.state is not HanState.NOT_IN_LOG:
        return False
    return bool(known.since and known.last_heard and known.since >= known.last_heard)


def _heard(known: DeviceState) -> str:
    if known.link is None:
        return on_han()
    return _text("heard", on_han=on_han(), link=known.link.words, lqi=known.link.lqi)


def partner_line(task: PairingTask, partner: EntityId, site: Site) -> PairingLine:
    """Say the state of a Device with one partner."""
    rows, name = site.of(task.joins[partner]), site.name(partner)

    def line(state: Pairing, words: str) -> PairingLine:
        return PairingLine(task.device, partner, state, f"{name}: {words}")

    state = together(rows)
    if state is Pairing.REFUSED:
        return line(state, _refusal(rows, site, (task.device, partner)))
    if state is Pairing.JOINED and is_gone(site.devices.get(task.device)):
        return line(Pairing.DOUBTFUL, _text("joined_before_gone"))
    if state is Pairing.JOINED and _name_each_other(task.device, partner, site):
        return line(Pairing.PROVEN, _text("joined_and_shown"))
    if asleep := _asleep(rows, site):
        return line(Pairing.ASLEEP, asleep)
    return line(
        state,
        {
            Pairing.WAITING: _text("nothing_yet"),
            Pairing.HALF: _text("half"),
            Pairing.JOINED: _text("joined"),
            Pairing.DOUBTFUL: _unanswered(rows, site),
            Pairing.SKIPPED: _text("left_out"),
        }[state],
    )


def _asleep(rows: Sequence[CommandRow], site: Site) -> str:
    """Say which sleeping Device has not answered yet, and until when it may sleep."""
    for row in rows:
        known = site.devices.get(row.device)
        if row.state is CommandState.DELIVERED and known and known.sleeper:
            why = known.sleeper.why
            if until := known.asleep_until:
                return _text("asleep_until", why=why, time=f"{until.astimezone():%H:%M}")
            return _text("asleep", why=why)
    return ""


def together(rows: Sequence[CommandRow]) -> Pairing:
    """Return the state of Local Commands that belong together; JOINED where each is done."""
    states = [row.state for row in rows]
    if CommandState.REFUSED in states:
        return Pairing.REFUSED
    if any(map(is_in_doubt, states)):
        return Pairing.DOUBTFUL
    if CommandState.SKIPPED in states:
        return Pairing.SKIPPED
    if rows and all(state is CommandState.ANSWERED for state in states):
        return Pairing.JOINED
    some = any(is_done(state) or state is CommandState.DELIVERED for state in states)
    return Pairing.HALF if some else Pairing.WAITING


def _refusal(rows: Sequence[CommandRow], site: Site, pair: tuple[EntityId, ...] = ()) -> str:
    refused = next((row for row in rows if row.state is CommandState.REFUSED), None)
    if refused is None:
        return ""
    name = site.name(refused.device)
    other = next((site.name(each) for each in pair if each != refused.device), "")
    why = why_refused(site.results.get(refused.id), name, other)
    return why or _text("says", device=name, reason=refused.reason.removeprefix("Failed: "))


def _unanswered(rows: Sequence[CommandRow], site: Site) -> str:
    """Say whose Response did not come, and why that may be."""
    name = next((site.name(row.device) for row in rows if is_in_doubt(row.state)), "")
    return _text("silent", device=name)


def _reason(rows: Sequence[CommandRow]) -> str:
    return next((row.reason for row in rows if row.state is CommandState.REFUSED), "")


def _name_each_other(one: EntityId, other: EntityId, site: Site) -> bool:
    """Return whether one of them has named the other in a Response to CS07."""
    pairs = ((one, other), (other, one))
    known = ((site.devices.get(each), partner) for each, partner in pairs)
    return any(device is not None and partner in device.partners for device, partner in known)
