"""Future-dated Local Commands that their Devices accepted and did not carry out, with the reason.

The Response only says that the Command was accepted; what became of it is an Alert later: 8F66 or
8F67, in a message of its own for each kind of Command (GBCS 9.2.2). An image that is not run at
once has the same reasons, in the Response.
"""

from collections.abc import Iterable, Mapping, Sequence

from hht.gbcs.asn1.codes import ActivationResult
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.future_dated import LATER_OUTCOMES, activation_result, executed_command
from hht.gbcs.message import Message
from hht.gbcs.outcome import outcome_of
from hht.store import Capture, CommandRow, JobRow, Store
from hht.store.command_states import CommandState

NOT_CARRIED_OUT = 0x8F67
_ACTIVATIONS: Mapping[int, str] = {
    ActivationResult.NO_IMAGE_HELD: "it holds no image; the supplier sends it again",
    ActivationResult.HASH_MISMATCH: "its image has another hash; the supplier sends what fits",
    ActivationResult.ACTIVATION_FAILURE: "the image did not start; report the version that runs",
}
_ANY = "not carried out; the supplier sends another Command"


def failed_later(rows: Sequence[CommandRow], captures: Iterable[Capture]) -> dict[int, str]:
    """Return what a Device said later of each Local Command that it did not carry out, by id.

    Local Commands of one Device have a counter each, and its report names that.
    """
    reports: dict[tuple[bytes | None, int, int], str] = {}
    for capture in captures:
        if (report := _failure(capture)) is not None:
            code, counter, why = report
            reports[capture.originator, code, counter] = why
    accepted = [row for row in rows if reports and row.state is CommandState.ANSWERED]
    found = ((row.id, reports.get((row.device, row.message_code, row.counter))) for row in accepted)
    return {number: why for number, why in found if why is not None}


def refused_at_once(row: CommandRow, captures: Sequence[Capture]) -> str:
    """Return why the Device of a refused Activate Firmware did not run the image."""
    for capture in reversed(captures):
        if capture.command_id == row.id and capture.alert_code is None:
            outcome = outcome_of(Message.parse(capture.raw))
            return _ACTIVATIONS.get(outcome.code or 0, str(outcome.why))
    return ""


def failed_later_of(store: Store, job: JobRow) -> dict[int, str]:
    """Return the same of a job; one without such reports is not read."""
    captures = store.captures.with_codes(job.id, sorted(LATER_OUTCOMES))
    return failed_later(store.commands.of_job(job.id), captures) if captures else {}


def _failure(capture: Capture) -> tuple[int, int, str] | None:
    """Return code and counter of the Command that a report says failed, and why."""
    if capture.message_code not in LATER_OUTCOMES:
        return None
    try:
        message = Message.parse(capture.raw)
        executed, result = executed_command(message), activation_result(message)
    except MalformedMessage:
        return None
    if executed is None or not (capture.alert_code == NOT_CARRIED_OUT or result):
        return None
    return executed.message_code, executed.counter, _ACTIVATIONS.get(result, _ANY)
