"""What went wrong on a visit, as settings and faults of the scenario that is made of it."""

import math

from hht.journeys.firmware.images import CS06
from hht.journeys.move.asked import mask_channels
from hht.simulator.devices.types.chf_mask import CHANNELS, SET_MASK
from hht.store import CommandState
from hht.training.happenings import failure_words
from hht.training.scenario.visit_draft import Draft, Row, label_of

_WINDOW_CLOSED, _JOIN_REFUSED, _STAY_ENDED = "HUB-03", "HUB-07", "HUB-10"
_CUT_SECONDS = 30
"""How long a hub whose power went is off: the HHT is removed meanwhile, and a lesson goes on."""
_CLOSED_MINUTES = 61
"""A hub that got its power so long ago has closed its window, where that stays open an hour."""
_QUIETER = 2
"""The sub-GHz channel that a hub which changed on the visit finds quieter, as in our exercises."""
_AT_ONCE = 5.0
"""Seconds within which a lost connection is noticed, after what it left without an answer."""


def find_troubles(draft: Draft) -> None:
    """Turn the visit's troubles into settings and faults; each is a comment too."""
    found: set[str] = set()
    where, sent = "power-on", 0
    for row in draft.visit.events:
        if row["event"] == "step_done" and row["step"] in ("ccs01", "join"):
            where = {"ccs01": "admitted", "join": "joined"}[row["step"]]
        elif row["event"] == "command_sent":
            where, sent = "command", draft.positions.get(row["position"], 0) + 1
        _trouble(draft, row, where, max(1, sent), found)
    _refusals(draft)
    _scan(draft)
    if draft.visit.outcome == "failed" and not draft.expected:
        _expect_last_failure(draft)
    if draft.visit.outcome != "complete" and not draft.expected:
        draft.troubles.append("not everything was delivered and answered")


def _expect_last_failure(draft: Draft) -> None:
    """Name what ended the visit: a play that ends with another failure is another exercise."""
    codes = [row.get("code") for row in draft.visit.events if row["event"] == "failed"]
    if codes and codes[-1]:
        draft.expected.append(f'failure = "{codes[-1]}"')


def _trouble(draft: Draft, row: Row, where: str, number: int, found: set[str]) -> None:
    match row["event"]:
        case "failed":
            _failure(draft, row, where, number, found)
        case "connection_lost" if where == "command":
            _note(draft, row, "the connection was lost")
            if "stay-ended" not in found:  # else that is why
                _once(draft, found, "power-cut", where, number, f"duration = {_CUT_SECONDS}")
        case "command_changed" if row["state"] == "unknown" and not _is_lost_at(draft, row):
            _silent(draft, row, number, found)
        case "hub_back" if row["kind"] == "sub-ghz" and row["event"] not in found:
            found.add(row["event"])
            _note(draft, row, "the hub went to another sub-GHz channel")
            draft.hub.append(f"quieter_channel = {_QUIETER}")
        case "hub_not_back" if row["event"] not in found:
            found.add(row["event"])
            _note(draft, row, "the hub did not come back from its change of channel")
            draft.hub.append("lost_by_move = true")
            _need_power_cycle(draft)
        case "label_compared" if row["found"] == "differs":
            _note(draft, row, "a label had another Install Code than the Command")
            draft.wrong_codes.add(str(row["device"]))


def _failure(draft: Draft, row: Row, where: str, number: int, found: set[str]) -> None:
    code = str(row.get("code", ""))
    _note(draft, row, f"{failure_words(code)} ({code})" if code else "something did not work")
    if code in found:
        return
    found.add(code)
    if code == _WINDOW_CLOSED and where == "power-on":
        draft.hub.append(f"powered_minutes = {_CLOSED_MINUTES}  # its window has closed")
        draft.expected.append(f'failure = "{code}"')
        _need_power_cycle(draft)
    elif code == _JOIN_REFUSED:
        draft.hub.append("joining_refused = true")
        draft.expected.append(f'failure = "{code}"')
    elif code == _STAY_ENDED:
        _once(draft, found, "stay-ended", where, number)


def _need_power_cycle(draft: Draft) -> None:
    if (line := "needed_power_cycles = 1") not in draft.score:
        draft.score.append(line)


def _refusals(draft: Draft) -> None:
    """Have an image or a channel mask that was refused be refused again, at no cost of points."""
    refused = [row for row in draft.visit.commands if row.state is CommandState.REFUSED]
    images = [label_of(draft, row.device) for row in refused if row.message_code == CS06]
    masks = [mask_channels(row.raw) for row in refused if row.message_code == SET_MASK]
    draft.refused_images.update(images)
    draft.troubles.extend(f"the {label} refused to run its new firmware" for label in images)
    draft.troubles.extend("the hub refused a channel mask" for _ in masks)
    heard = (row for row in draft.visit.events if row["event"] == "hub_found")
    own = {row["channel"] for row in heard if row["is_jobs_hub"]}
    if barred := frozenset().union(*filter(None, masks)) - own:
        draft.hub.append(f"channel_table = {sorted({*CHANNELS} - barred)}")
    if images or masks:
        draft.score.append(f"unavoidable = {len(images) + len(masks)}")


def _scan(draft: Draft) -> None:
    """Have the hub scan though an HHT is there, unless that of the visit was sent away for it."""
    away = (row["kind"] for row in draft.visit.events if row["event"] == "move_away")
    if "scan channels" in draft.phrases and "sub-ghz" not in away:
        draft.hub.append("scans_with_hht = true")


def _silent(draft: Draft, row: Row, number: int, found: set[str]) -> None:
    """Switch a Device off for as long as it was silent after a Command without an answer."""
    command = next(
        (each for each in draft.visit.commands if each.position == row["position"]), None
    )
    if command is None:
        return
    label = label_of(draft, command.device)
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


def _is_lost_at(draft: Draft, row: Row) -> bool:
    """Return whether the connection went as well: the Device is not to blame."""
    return any(
        each["event"] == "connection_lost" and 0 <= each["elapsed"] - row["elapsed"] < _AT_ONCE
        for each in draft.visit.events
    )


def _once(draft: Draft, found: set[str], what: str, where: str, number: int, *more: str) -> None:
    """Add a fault, each kind but once: what followed from it needs none of its own."""
    if what in found:
        return
    found.add(what)
    draft.faults.append([f'what = "{what}"', f'after = "{where}"', *_number(where, number), *more])


def _number(where: str, number: int) -> list[str]:
    return [f"number = {number}"] if where == "command" else []


def _note(draft: Draft, row: Row, words: str) -> None:
    seconds = int(row["elapsed"])
    draft.troubles.append(f"{seconds // 60:02}:{seconds % 60:02} {words}")
