"""The words of a pairing: each step's row, the joining time, and what is to be decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.pairing.joining import Joining
from hht.journeys.pairing.lines import on_han
from hht.journeys.pairing.steps import PairingStep, Stage, StepState
from hht.texts import text
from screens.widgets.action_bar import Offer
from screens.widgets.row import NOTHING, Row, numbered

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.journeys.pairing.pairing_journey import DevicePairing, PairingView
    from hht.journeys.view import VisitView
    from screens.visit.device_names import Names

SIGNS = {
    StepState.OPEN: ("○", "$text-muted"),
    StepState.NOW: ("●", "$primary"),
    StepState.WAITING: ("◐", "$primary"),
    StepState.DONE: ("✓", "$success"),
    StepState.AMBER: ("!", "$warning"),
    StepState.FAILED: ("✗", "$error"),
}
_MINUTE = 60  # seconds


def step_rows(pairing: PairingView, names: Names, as_of: str = "") -> list[Row]:
    """Return a row for each step of each Device.

    The Device's name before it where there are several, and where it is taken out. `as_of` says
    that who is on the HAN was last seen, where nothing is heard now.
    """
    several = len(pairing.devices) > 1
    steps = [(device, step) for device in pairing.devices for step in device.steps]
    named = [device.label if several or step.stage is Stage.OUT else "" for device, step in steps]
    return [
        _row(number, name, device, step, names, as_of)
        for number, (name, (device, step)) in enumerate(zip(named, steps, strict=True), 1)
    ]


def _row(
    number: int, before: str, device: DevicePairing, step: PairingStep, names: Names, as_of: str
) -> Row:
    """Return one line while it is well, a second one with what is not as it should be."""
    sign, style = SIGNS[step.state]
    lead = Content.assemble((f"{sign} ", f"bold {style}")) + numbered(number, 2)
    partner = names.in_sentence(step.partner) if step.partner else ""
    words = text(f"pairing.{_key(step.stage)}", device=partner)
    head = f"{before}  {words}" if before else words
    said = step.said.partition(": ")[2] if step.partner else step.said
    is_awaited = step.stage is Stage.ON_HAN and step.state is StepState.WAITING
    was_on_han = step.stage is Stage.ON_HAN and step.state is StepState.DONE
    right = Content.styled(_time(device) if is_awaited else "", "$primary")
    right = Content.styled(as_of, "$warning") if was_on_han else right
    detail = Content.styled(said, "$text-muted") if _wants_words(step) else NOTHING
    return Row((step.device, step.stage, step.partner), Content(head), detail, right, lead)


def _wants_words(step: PairingStep) -> bool:
    """Return whether a row has a second line: not where it is done as expected, nor before its
    turn."""
    if step.stage is Stage.ON_HAN and step.state is StepState.DONE:
        return step.said != on_han()
    if step.stage in (Stage.ON_HAN, Stage.PARTNER):
        return step.state is not StepState.OPEN
    return step.state not in (StepState.OPEN, StepState.DONE)


def _key(stage: Stage) -> str:
    return stage.replace("-", "_")


def _time(device: DevicePairing) -> str:
    """Return how long joining is open, where it is awaited."""
    time = device.joining
    if time is None or time.state is not Joining.OPEN or time.seconds_left is None:
        return ""
    return text("pairing.open_for", time=clock_time(time.seconds_left))


def clock_time(seconds: int) -> str:
    """Write `59:04`."""
    return f"{seconds // _MINUTE}:{seconds % _MINUTE:02}"


def title_words(pairing: PairingView) -> str:
    """Return how many steps are done."""
    steps = [step for device in pairing.devices for step in device.steps]
    done = sum(step.state is StepState.DONE for step in steps)
    return text("deliver.count", done=done, count=len(steps))


def joining_words(pairing: PairingView) -> Content:
    """Say in a line whom the delivery waits for, and how long the HAN is open to it."""
    awaited = pairing.awaited
    if awaited is None:
        return NOTHING
    device = name_of(pairing, awaited.device)
    if awaited.state is Joining.OVER:
        return Content.assemble(("✗ ", "bold $error"), text("pairing.over", device=device))
    if shut_out(pairing):
        return Content.assemble(("✗ ", "bold $error"), text("pairing.shut_out", device=device))
    time = clock_time(awaited.seconds_left or 0)
    words = text("pairing.awaits", device=device, time=time)
    return Content.assemble(("◐ ", "bold $primary"), words)


def name_of(pairing: PairingView, device: EntityId) -> str:
    """Return what a Device to pair is called."""
    return next(each.label for each in pairing.devices if each.task.device == device)


def asks_for_label(pairing: PairingView | None) -> EntityId | None:
    """Return the Device whose label is to be looked at now."""
    steps = (step for step in _steps(pairing) if step.stage is Stage.LABEL)
    return next((step.device for step in steps if step.state is StepState.NOW), None)


def differing(
    pairing: PairingView | None, put_off: Collection[int] = frozenset()
) -> EntityId | None:
    """Return the Device whose label has another Install Code, while its CCS01 has not gone.

    None of those that were `put_off`, by the id of a CCS01.
    """
    for device in pairing.devices if pairing else ():
        by_stage = {step.stage: step.state for step in device.steps}
        waits = by_stage.get(Stage.ADD) in (StepState.OPEN, StepState.NOW)
        is_put_off = any(each in put_off for each in device.task.adds)
        if by_stage.get(Stage.LABEL) is StepState.FAILED and waits and not is_put_off:
            return device.task.device
    return None


def over(pairing: PairingView | None) -> EntityId | None:
    """Return the Device that did not join in time, and holds up what needs it."""
    awaited = pairing.awaited if pairing else None
    return awaited.device if awaited and awaited.state is Joining.OVER else None


def shut_out(pairing: PairingView | None) -> EntityId | None:
    """Return the Device that is waited for in vain: its label has another Install Code."""
    awaited = pairing.awaited if pairing else None
    labels = (step for step in _steps(pairing) if step.stage is Stage.LABEL)
    failed = {step.device for step in labels if step.state is StepState.FAILED}
    return awaited.device if awaited and awaited.device in failed else None


def may_go_on(view: VisitView) -> bool:
    """Return whether delivering can go on by itself: now, or once a Device has joined."""
    is_waiting = view.awaited is not None and not shut_out(view.pairing)
    return (view.next_command is not None and view.absent is None) or is_waiting


def adds_of(pairing: PairingView | None, device: EntityId) -> tuple[int, ...]:
    """Return the ids of the CCS01s of a Device to pair."""
    tasks = (each.task for each in pairing.devices) if pairing else ()
    return next((task.adds for task in tasks if task.device == device), ())


def is_put_off(pairing: PairingView, device: EntityId, put_off: Collection[int]) -> bool:
    """Return whether what is done about a Device is not to be asked again."""
    return any(each in put_off for each in adds_of(pairing, device))


def own_offer(pairing: PairingView, put_off: Collection[int]) -> Offer | None:
    """Return what a pairing wants done before its plan goes on; None where nothing is.

    What was `put_off`, by the id of a CCS01, is not offered again.
    """
    for device, key, action in (
        (differing(pairing, put_off), "action.code_differs", "go_on_without"),
        (asks_for_label(pairing), "action.scan_label", "scan_label"),
        (over(pairing), "action.not_joined", "go_on_without"),
        (shut_out(pairing), "action.shut_out", "go_on_without"),
    ):
        if device and not is_put_off(pairing, device, put_off):
            return Offer(text(key, device=name_of(pairing, device)), action)
    return None


def _steps(pairing: PairingView | None) -> Iterator[PairingStep]:
    for device in pairing.devices if pairing else ():
        yield from device.steps
