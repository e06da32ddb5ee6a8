"""Makes a scenario of what went wrong on a visit: its Devices, its Commands, its troubles.

Nothing that names the customer, the premises or a Device is taken over: identifiers, texts and
labels are made up, and of the air only channels and levels remain.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import (
    CCS01_DEVICE_TYPES,
    AddDevice,
    JoinDevice,
    RemoveDevice,
    UnjoinDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.gbcs.use_cases import use_case
from hht.simulator.head_end.job_phrases import PHRASES, parse_step
from hht.simulator.site.device_limits import DEVICE_TYPES, gbcs_type, too_many
from hht.training.debrief import failure_words

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.store import CommandRow, JobRow

Row = Mapping[str, Any]

_BY_CODE = {
    "CCS06": "read log",
    "CCS05/CCS04": "back up log",
    "CS07": "read joins {}",
    "ECS70": "clock {}",
    "GCS28": "clock {}",
    "ECS52": "read firmware {}",
    "GCS38": "read firmware {}",
}
"""Phrases of the use cases that name no other Device, by the use case's name."""
_WINDOW_CLOSED, _JOIN_REFUSED, _STAY_ENDED = "HUB-03", "HUB-07", "HUB-10"
_CUT_SECONDS = 30
"""How long a hub whose power went is off: long enough to be thrown out, short for a lesson."""
_CLOSED_MINUTES = 61
"""A hub that got its power so long ago has closed its window, where that stays open an hour."""
_AT_ONCE = 5.0
"""Seconds within which a lost connection is noticed, after what it left without an answer."""
_MOST_NEIGHBOURS = 6  # each is a hub to simulate; more teach nothing new
_SHORTEST_PAR = 5  # minutes: reading the briefing takes some of them


@dataclass(frozen=True, slots=True)
class Visit:
    """What is read of a visit: the events' rows each with its "elapsed" seconds."""

    job: "JobRow"
    commands: Sequence["CommandRow"]
    events: Sequence[Row]
    minutes: float
    outcome: str


@dataclass
class _Draft:
    """The scenario as it grows."""

    visit: Visit
    labels: dict["EntityId", tuple[str, str]] = field(default_factory=dict)
    """By the Device's Entity Identifier: its label and its type."""
    phrases: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    """How many Commands of the new job have gone when that one of the visit went."""
    hub: list[str] = field(default_factory=list)
    wrong_codes: set[str] = field(default_factory=set)
    faults: list[list[str]] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    score: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def scenario_text(visit: Visit) -> str:
    """Return the file of a scenario; its comments say what it was made from."""
    draft = _Draft(visit)
    _name_devices(draft)
    _find_phrases(draft)
    _find_troubles(draft)
    parts = [_top(draft), _job(draft), _hub(draft), *_devices(draft), *_neighbours(draft)]
    parts += ["\n".join(["[[faults]]", *lines]) for lines in draft.faults]
    parts += [f"[{name}]\n" + "\n".join(lines) for name, lines in _tables(draft) if lines]
    return "\n\n".join(parts) + "\n"


def _tables(draft: _Draft) -> tuple[tuple[str, list[str]], ...]:
    return ("expected", draft.expected), ("score", draft.score)


def _name_devices(draft: _Draft) -> None:
    """Label every Device that the job or a Command names, as many as premises may have."""
    found = {each.entity_id: each.type for each in draft.visit.job.devices}
    for row in draft.visit.commands:
        said = _said(row)
        if isinstance(said, AddDevice):
            found.setdefault(said.device, CCS01_DEVICE_TYPES.get(said.device_type, ""))
    kinds: list[str] = []
    for entity, kind in found.items():
        if kind in DEVICE_TYPES and not too_many([*kinds, kind]):
            kinds.append(kind)
            number = kinds.count(kind)
            draft.labels[entity] = (kind if number == 1 else f"{kind}{number}", kind)
    if not draft.labels:  # a scenario has a job, and a job is about a Device
        from hht.entity_id import EntityId

        draft.labels[EntityId(bytes(8))] = ("ESME", "ESME")


def _said(row: "CommandRow") -> AddDevice | RemoveDevice | JoinDevice | UnjoinDevice | None:
    try:
        return device_command(Message.parse(row.raw))
    except MalformedMessage:
        return None


def _find_phrases(draft: _Draft) -> None:
    """Put every Command of the visit into a phrase; name those by their use case that have none."""
    kinds = {label: gbcs_type(kind) for label, kind in draft.labels.values()}
    gone = 0
    for row in draft.visit.commands:
        draft.positions[row.position] = gone
        wanted = _phrases_of(draft, row)
        fitting = [each for each in wanted if _fits(each, kinds)]
        if fitting and not set(wanted) & set(draft.phrases):
            draft.phrases.append(fitting[0])
        if fitting:
            gone += 1
        else:
            draft.left_out.append(use_case(row.message_code).name)
    if not draft.phrases:
        label = next(iter(kinds))
        draft.phrases.append(f"add {label}")


def _fits(phrase: str, kinds: Mapping[str, DeviceType]) -> bool:
    try:
        parse_step(phrase, kinds)
    except ValueError:
        return False
    return True


def _phrases_of(draft: _Draft, row: "CommandRow") -> list[str]:
    """Return every way to say what a Command does; a join is one phrase for both of its sides."""
    match _said(row):
        case AddDevice(device=device):
            return [f"add {_label(draft, device)}"]
        case RemoveDevice(device=device):
            return [f"remove {_label(draft, device)}"]
        case JoinDevice(device=device, other=other):
            return _both("join", _label(draft, device), _label(draft, other))
        case UnjoinDevice(device=device, other=other):
            return _both("unjoin", _label(draft, device), _label(draft, other))
    words = _BY_CODE.get(use_case(row.message_code).name, "")
    label = _label(draft, row.device)
    return [words.format(label)] if words and words.partition(" {")[0] in PHRASES else []


def _both(word: str, one: str, other: str) -> list[str]:
    return [f"{word} {one} {other}", f"{word} {other} {one}"]


def _label(draft: _Draft, entity: "EntityId") -> str:
    job = draft.visit.job
    if entity in (job.hub_chf, job.hub_gpf):
        return "CHF" if entity == job.hub_chf else "GPF"
    return draft.labels.get(entity, ("?", ""))[0]


def _find_troubles(draft: _Draft) -> None:
    """Turn the visit's troubles into settings and faults; each is a comment too."""
    found: set[str] = set()
    where, sent = "power-on", 0
    for row in draft.visit.events:
        if row["event"] == "step_done" and row["step"] in ("ccs01", "join"):
            where = {"ccs01": "admitted", "join": "joined"}[row["step"]]
        elif row["event"] == "command_sent":
            where, sent = "command", draft.positions.get(row["position"], 0) + 1
        _trouble(draft, row, where, max(1, sent), found)
    if draft.visit.outcome != "complete" and not draft.expected:
        draft.troubles.append("not everything was delivered and answered")


def _trouble(draft: _Draft, row: Row, where: str, number: int, found: set[str]) -> None:
    match row["event"]:
        case "failed":
            _failure(draft, row, where, number, found)
        case "connection_lost" if where == "command":
            _note(draft, row, "the connection was lost")
            if "stay-ended" not in found:  # else that is why
                _once(draft, found, "power-cut", where, number, f"duration = {_CUT_SECONDS}")
        case "command_changed" if row["state"] == "unknown" and not _is_lost_at(draft, row):
            _silent(draft, row, number, found)
        case "label_compared" if row["found"] == "differs":
            _note(draft, row, "a label had another Install Code than the Command")
            draft.wrong_codes.add(str(row["device"]))


def _failure(draft: _Draft, row: Row, where: str, number: int, found: set[str]) -> None:
    code = str(row.get("code", ""))
    _note(draft, row, f"{failure_words(code)} ({code})" if code else "something did not work")
    if code in found:
        return
    found.add(code)
    if code == _WINDOW_CLOSED and where == "power-on":
        draft.hub.append(f"powered_minutes = {_CLOSED_MINUTES}  # its window has closed")
        draft.expected.append(f'failure = "{code}"')
        draft.score.append("needed_power_cycles = 1")
    elif code == _JOIN_REFUSED:
        draft.hub.append("joining_refused = true")
        draft.expected.append(f'failure = "{code}"')
    elif code == _STAY_ENDED:
        _once(draft, found, "stay-ended", where, number)


def _silent(draft: _Draft, row: Row, number: int, found: set[str]) -> None:
    """Switch a Device off for as long as it was silent after a Command without an answer."""
    command = next(
        (each for each in draft.visit.commands if each.position == row["position"]), None
    )
    if command is None:
        return
    label = _label(draft, command.device)
    if label not in {label for label, _ in draft.labels.values()}:
        return
    _note(draft, row, f"no answer of the {label}")
    back = [
        later["elapsed"]
        for later in draft.visit.events
        if later["event"] == "command_changed"
        and later["position"] == row["position"]
        and later["state"] == "answered"
        and later["elapsed"] >= row["elapsed"]
    ]
    seconds = max(1, math.ceil(back[0] - row["elapsed"])) if back else 0
    kind = f'device = "{label}"'
    _once(draft, found, "device-off", "command", number, kind, f"duration = {seconds}")


def _is_lost_at(draft: _Draft, row: Row) -> bool:
    """Return whether the connection went as well: the Device is not to blame."""
    return any(
        each["event"] == "connection_lost" and 0 <= each["elapsed"] - row["elapsed"] < _AT_ONCE
        for each in draft.visit.events
    )


def _once(draft: _Draft, found: set[str], what: str, where: str, number: int, *more: str) -> None:
    """Add a fault, each kind but once: what followed from it needs none of its own."""
    if what in found:
        return
    found.add(what)
    draft.faults.append([f'what = "{what}"', f'after = "{where}"', *_number(where, number), *more])


def _number(where: str, number: int) -> list[str]:
    return [f"number = {number}"] if where == "command" else []


def _note(draft: _Draft, row: Row, words: str) -> None:
    seconds = int(row["elapsed"])
    draft.troubles.append(f"{seconds // 60:02}:{seconds % 60:02} {words}")


def _top(draft: _Draft) -> str:
    told = dict.fromkeys(draft.troubles or ["nothing that its journal tells of"])
    troubles = "".join(f"#   {words}\n" for words in told)
    left = "".join(f"# Left out, for no phrase says it: {each}.\n" for each in draft.left_out)
    par = max(_SHORTEST_PAR, math.ceil(draft.visit.minutes))
    return f"""# Made from a visit; what went wrong on it, in minutes and seconds:
{troubles}{left}# All names and numbers are made up. Play it: 'hht scenario check THIS-FILE --try'.

title = "As it was on a visit"
expects = "{draft.visit.outcome}"
par_minutes = {par}  # as long as the visit took
auto_speed = 30
briefing = \"\"\"
Say here what the trainee is told before it begins.
\"\"\"
hints = ["Say here what would have helped, for the debrief."]"""


def _job(draft: _Draft) -> str:
    commands = "".join(f"    {json.dumps(each)},\n" for each in draft.phrases)
    return f"""[job]
reference = "JOB-9101"
title = "As on a visit"
premises = "1 Example Street"
commands = [
{commands}]"""


def _hub(draft: _Draft) -> str:
    heard = [row for row in draft.visit.events if row["event"] == "hub_found"]
    ours = next((row for row in heard if row["is_jobs_hub"]), {})
    lines = [
        "[hub]",
        'gpf = "00-DB-00-00-00-91-10-A3"',
        'chf = "00-DB-00-00-00-91-10-A2"',
        *_place(ours, 0x9101),
        *draft.hub,
    ]
    return "\n".join(lines)


def _place(row: Row, pan_id: int) -> list[str]:
    """Return the radio's side of a hub, as it was heard; the PAN ID is made up."""
    channel = min(26, max(11, int(row.get("channel", 15))))
    lqi = min(255, max(0, int(row.get("lqi", 200))))
    rssi = min(0, max(-110, int(row.get("rssi", -60))))
    return [f"channel = {channel}", f"pan_id = {pan_id}", f"lqi = {lqi}", f"rssi = {rssi}"]


def _devices(draft: _Draft) -> Iterator[str]:
    joined = {each.entity_id for each in draft.visit.job.devices if each.joined}
    added = {phrase.split()[1] for phrase in draft.phrases if phrase.startswith("add ")}
    for number, (entity, (label, kind)) in enumerate(draft.labels.items()):
        lines = [
            "[[devices]]",
            f'type = "{kind}"',
            f'label = "{label}"',
            f'entity_id = "00-DB-00-00-00-91-20-{number:02X}"',
        ]
        if entity in joined or label not in added:
            lines.append("joined = true")
            if partners := _partners(draft, label):
                lines.append(f"works_with = {json.dumps(partners)}")
        if str(entity) in draft.wrong_codes:
            lines.append("install_code_wrong = true")
        yield "\n".join(lines)


def _partners(draft: _Draft, label: str) -> list[str]:
    """Return those that a Device worked with before the visit: it was parted from them on it."""
    pairs = [phrase.split()[1:] for phrase in draft.phrases if phrase.startswith("unjoin ")]
    return sorted({other for pair in pairs if label in pair for other in pair if other != label})


def _neighbours(draft: _Draft) -> Iterator[str]:
    seen: dict[str, Row] = {}
    for row in draft.visit.events:
        if row["event"] == "hub_found" and not row["is_jobs_hub"]:
            seen.setdefault(str(row["gpf"]), row)
    for number, row in enumerate(list(seen.values())[:_MOST_NEIGHBOURS]):
        gpf = f'gpf = "00-DB-00-00-00-91-3{number}-A3"'
        yield "\n".join(["[[neighbours]]", gpf, *_place(row, 0x9110 + number)])
