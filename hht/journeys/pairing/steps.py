"""The steps of one pairing in their order, each with its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hht.entity_id import EntityId
from hht.journeys.pairing.joining import Joining, JoiningTime
from hht.journeys.pairing.label_state import LabelState
from hht.journeys.pairing.lines import (
    Pairing,
    PairingLine,
    Site,
    han_line,
    is_going,
    is_gone,
    is_left_behind,
    partner_line,
    removal_line,
    together,
)
from hht.journeys.pairing.tasks import PairingTask
from hht.texts import text, texts_of

_text = texts_of("pairing_step")


class Stage(StrEnum):
    """What is done at a step."""

    LABEL = "label"
    OUT = "out"  # unjoined from its partners (CS04) and taken off the HAN (CCS02)
    ADD = "add"  # CCS01
    ON_HAN = "on-han"
    PARTNER = "partner"  # the two halves of a join (CS03)
    PROOF = "proof"  # read back whom they work with (CS07)


class StepState(StrEnum):
    """The state of one step."""

    OPEN = "open"
    NOW = "now"  # the first that is open
    WAITING = "waiting"  # for a Device that has to join, or to wake
    DONE = "done"
    AMBER = "amber"  # done without proof, skipped, or in doubt
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PairingStep:
    """One step; `partner` is there at PARTNER alone, `said` is its result in one line."""

    device: EntityId
    stage: Stage
    state: StepState
    said: str
    partner: EntityId | None = None


_STATES: Mapping[Pairing, StepState] = {
    Pairing.WAITING: StepState.OPEN,
    Pairing.HALF: StepState.OPEN,
    Pairing.ASLEEP: StepState.WAITING,
    Pairing.JOINED: StepState.DONE,
    Pairing.PROVEN: StepState.DONE,
    Pairing.REMOVED: StepState.DONE,
    Pairing.DOUBTFUL: StepState.AMBER,
    Pairing.SKIPPED: StepState.AMBER,
    Pairing.REFUSED: StepState.FAILED,
}
_LABEL_STATES: Mapping[LabelState, tuple[StepState, str]] = {
    LabelState.UNSEEN: (StepState.OPEN, "scan"),
    LabelState.FITS: (StepState.DONE, "code_fits"),
    LabelState.NO_CODE: (StepState.DONE, "no_code"),
    LabelState.DIFFERS: (StepState.FAILED, "code_differs"),
    LabelState.SKIPPED: (StepState.AMBER, "not_looked_at"),
}
_JOINING_STATES: Mapping[Joining, tuple[StepState, str]] = {
    Joining.OPEN: (StepState.WAITING, "switch_on"),
    Joining.OVER: (StepState.FAILED, "too_late"),
    Joining.UNSEEN: (StepState.AMBER, "unseen"),
}


def pairing_steps(
    task: PairingTask, site: Site, label: LabelState, joining: JoiningTime | None
) -> tuple[PairingStep, ...]:
    """Return every step of one Device, the first open one as the one to do now."""
    if is_going(task, site):
        return _with_now([_of(removal_line(task, site), Stage.OUT)])
    state, name = _LABEL_STATES[label]
    steps = [PairingStep(task.device, Stage.LABEL, state, _text(name))]
    if task.out and not task.leaves:
        steps.append(_of(removal_line(task, site), Stage.OUT))
    if task.adds:
        steps += [_add(task, site), _on_han(task, site, label, joining)]
    partners = [partner_line(task, each, site) for each in task.joins]
    steps += [_of(line, Stage.PARTNER) for line in partners]
    if partners:
        steps.append(_proof(task, partners))
    if task.leaves:
        steps.append(_of(removal_line(task, site), Stage.OUT))
    return _with_now(steps)


def _of(line: PairingLine, stage: Stage) -> PairingStep:
    return PairingStep(line.device, stage, _STATES[line.state], line.said, line.partner)


def _add(task: PairingTask, site: Site) -> PairingStep:
    state = together(site.of(task.adds))
    words = {
        Pairing.JOINED: _text("added"),
        Pairing.REFUSED: han_line(task, site).said,
        Pairing.DOUBTFUL: text("pairing_line.added_unknown"),
        Pairing.SKIPPED: text("pairing_line.left_out"),
    }
    return PairingStep(
        task.device, Stage.ADD, _STATES[state], words.get(state, _text("not_in_log_yet"))
    )


def _on_han(
    task: PairingTask, site: Site, label: LabelState, joining: JoiningTime | None
) -> PairingStep:
    line = han_line(task, site)
    if line.state is Pairing.PROVEN:
        return PairingStep(task.device, Stage.ON_HAN, StepState.DONE, line.said)
    if is_gone(site.devices.get(task.device)) or is_left_behind(task.device, site):
        return PairingStep(task.device, Stage.ON_HAN, StepState.AMBER, line.said)
    if joining is None:
        said = _text("not_before_added") if line.state is Pairing.REFUSED else line.said
        state = StepState.AMBER if line.state is Pairing.SKIPPED else StepState.OPEN
        return PairingStep(task.device, Stage.ON_HAN, state, said)
    if joining.state is Joining.OPEN and label is LabelState.DIFFERS:
        return PairingStep(task.device, Stage.ON_HAN, StepState.FAILED, _text("other_code"))
    state, name = _JOINING_STATES.get(joining.state, (StepState.AMBER, ""))
    said = _text("cut" if joining.is_cut else name) if joining.is_cut or name else line.said
    return PairingStep(task.device, Stage.ON_HAN, state, said)


def _proof(task: PairingTask, partners: Sequence[PairingLine]) -> PairingStep:
    shown = sum(line.state is Pairing.PROVEN for line in partners)
    said = _text("shown_by", shown=shown, count=len(partners))
    if shown == len(partners):
        return PairingStep(task.device, Stage.PROOF, StepState.DONE, said)
    if any(line.state in (Pairing.REFUSED, Pairing.SKIPPED) for line in partners):
        return PairingStep(task.device, Stage.PROOF, StepState.AMBER, said)
    return PairingStep(task.device, Stage.PROOF, StepState.OPEN, said)


def _with_now(steps: list[PairingStep]) -> tuple[PairingStep, ...]:
    first = next((each for each in steps if each.state is StepState.OPEN), None)
    return tuple(replace(each, state=StepState.NOW) if each is first else each for each in steps)
