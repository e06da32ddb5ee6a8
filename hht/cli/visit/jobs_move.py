"""`hht jobs move`: the state of a change of channel, and the second look that is owed after it."""

from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JobArgument, JsonOption, print_result
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_look
from hht.entity_id import EntityId
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.journeys.move.standing import MoveView
    from hht.journeys.move.ways_back import DeviceWay
    from hht.store import JobRow, Store


def move(
    context: typer.Context,
    number: JobArgument,
    seen: Annotated[
        str, typer.Option(metavar="DEVICE", help="Label or identifier of one you saw to be back.")
    ] = "",
    close: Annotated[bool, typer.Option("--close", help="Give the second look up.")] = False,
    reason: Annotated[str, typer.Option(help="What you saw, or why no second look is taken.")] = "",
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show who came back after a change of channel. What is owed can be settled."""
    from hht.journeys.move.standing import move_view

    settings: Context = context.obj
    with open_to_look(settings.data_dir, mode) as store:
        job = store.jobs.get(number)
        if seen or close:
            _settle(store, job, seen, close, reason)
        view = move_view(store, job)
    if view is None:
        raise InputError("The hub of this job has not changed its channel", where=job.reference)
    for row, text in _rows(view):
        print_result(row, text, as_json)


def _settle(store: "Store", job: "JobRow", seen: str, close: bool, reason: str) -> None:
    from hht.clock import SYSTEM_CLOCK
    from hht.hub_profile import load_profile
    from hht.journeys.move.move_journey import MoveJourney
    from hht.journeys.premises.devices import Premises

    premises = Premises.of(job, store.captures.of_job(job.id))
    journey = MoveJourney(store, job, lambda event: None, SYSTEM_CLOCK, load_profile(), premises)
    if seen:
        journey.see(_device(job, seen), reason)
    if close:
        journey.close(reason)


def _device(job: "JobRow", named: str) -> EntityId:
    """Return the Device with this label or identifier; InputError where the job has none."""
    for each in job.devices:
        if named.upper() in (each.label.upper(), str(each.entity_id)):
            return each.entity_id
    known = ", ".join(each.label or str(each.entity_id) for each in job.devices)
    raise InputError(f"The job has no Device {named!r}", remedy=f"It has {known or 'none'}.")


def _rows(view: "MoveView") -> list[tuple[dict[str, object], str]]:
    """Return the move first, then each Device, then what to do where the hub is not back."""
    move = view.move
    where = f" on channel {move.channel}" if move.channel else ""
    first: dict[str, object] = {
        "move": move.kind.value,
        "state": move.state.value,
        "channel": move.channel,
        "was": move.was,
        "second_look": move.is_open,
        "said": move.said,
        "closed": move.closed or None,
    }
    rows = [(first, f"{move.state.value}{where}: {move.said}")]
    rows += [_device_row(way) for way in view.devices]
    rows += [({"step": at, "do": do}, f"{at}. {do}") for at, do in enumerate(view.steps, start=1)]
    return rows


def _device_row(way: "DeviceWay") -> tuple[dict[str, object], str]:
    row: dict[str, object] = {
        "device": str(way.device),
        "label": way.label,
        "state": way.state.value,
        "said": way.said,
        "deadline": way.deadline.isoformat() if way.deadline else None,
        "seconds": way.seconds,
        "average_rssi": way.rssi,
    }
    link = "" if way.rssi is None else f"  {way.rssi} dBm"
    return row, f"{way.label:<10} {way.state.value:<8} {way.said}{link}"
