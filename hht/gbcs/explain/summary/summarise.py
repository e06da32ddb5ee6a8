"""One plain line for a whole message: in its use case's own words, or in general ones."""

from collections.abc import Callable

from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import AccessRequest, Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.dates import NEVER, NOW, cosem_moment, utc_moment
from hht.gbcs.explain.object_names import Access, member_name
from hht.gbcs.explain.summary import device, han
from hht.gbcs.explain.summary.parsed import Told, is_partial, leaves, reason, small
from hht.gbcs.future_dated import ExecutedCommand, executed_command
from hht.gbcs.gbz import GbzAlert
from hht.gbcs.message import Cra
from hht.gbcs.payload import Unknown
from hht.gbcs.use_cases import use_case

Reader = Callable[[Told], str | None]
_READERS: dict[int, Reader] = {**han.READERS, **device.READERS}
_MOST_VALUES = 3
_SAID_ELSEWHERE = ("Alert Code", "Date Time", "Object", "status", "command", "scaler", "unit")
_CARRIED_OUT = 0x8F66
_ACTIVATION = "activation time"


def reading_of(told: Told) -> str:
    """The message in one sentence or two."""
    if isinstance(told.payload, Unknown):
        return f"{_general(told)} {told.payload.note}"
    reader = _READERS.get(told.message.message_code)
    try:
        words = reader(told) if reader else None
    except (MalformedMessage, IndexError, ValueError):
        words = None  # of another shape than the use case's own words need
    words = words or _general(told)
    if told.message.is_precommand:
        return f"Pre-Command, which no Device accepts yet. {words}"
    return words


def _general(told: Told) -> str:
    match told.message.cra:
        case Cra.COMMAND:
            return f"Asks {told.device} to {small(told.case.title)}{_activation(told)}."
        case Cra.RESPONSE:
            return _response(told)
    return _alert(told)


def _response(told: Told) -> str:
    title = told.case.title
    if not told.outcome.positive:
        share = "wholly " if is_partial(told.outcome) else ""
        return f"{told.subject} did not {share}carry out '{title}': {reason(told.outcome)}"
    if not title.startswith(("Read", "Report")):
        return f"{told.subject} carried out '{title}'."
    values = _values(told)
    if values:
        return f"{told.subject} answered '{title}': {values}."
    return f"{told.subject} answered '{title}'. {told.outcome.summary}"


def _alert(told: Told) -> str:
    executed = executed_command(told.message)
    code, when = _code_and_time(told)
    if executed and code is not None:
        return _executed(told, executed, code, when)
    if code is None:
        return f"{told.subject} reports: {told.case.title}."
    values = _values(told)
    return (
        f"{told.subject} reports: {alert_name(code)} ({code:04X}), {when}{values and ': '}{values}."
    )


def _executed(told: Told, executed: ExecutedCommand, code: int, when: str) -> str:
    did = "carried out" if code == _CARRIED_OUT else "did not carry out"
    case = use_case(executed.message_code)
    parts = [field.value for field in told.fields if field.name == "Part of it"]
    part = f": {parts[0]}" if parts else ""
    return (
        f"{told.subject} {did} the future dated '{case.title}' ({case.name}, counter "
        f"{executed.counter}), {when}{part}."
    )


def _code_and_time(told: Told) -> tuple[int | None, str]:
    match told.payload:
        case Notification():
            return told.payload.alert_code, cosem_moment(told.payload.time_stamp)
        case GbzAlert():
            return told.payload.code, utc_moment(told.payload.time)
    found = {field.name: field.value for field in leaves(told.fields)}
    code = found.get("Alert Code", "")[:4]
    return (int(code, 16) if code else None), found.get("Date Time", "")


def _values(told: Told) -> str:
    """The first values of the payload, and how many more there are."""
    said = [
        f"{field.name} {field.value}"
        for field in leaves(told.fields)
        if field.name not in _SAID_ELSEWHERE
    ]
    more = f"; {len(said) - _MOST_VALUES} more" if len(said) > _MOST_VALUES else ""
    return "; ".join(said[:_MOST_VALUES]) + more


def _activation(told: Told) -> str:
    """From when a DLMS Command is to hold, where it says so."""
    moments = set()
    if isinstance(told.payload, AccessRequest):
        for spec, value in zip(told.payload.specs, told.payload.data, strict=False):
            name = member_name(Access(spec.kind, spec.class_id, spec.obis, spec.member)) or ""
            if name.startswith(_ACTIVATION) and isinstance(value.content, bytes):
                moments.add(cosem_moment(value.content))
    if len(moments) != 1:
        return ""
    when = moments.pop()
    if when == NEVER:
        return ": cancels what was to come"
    return ", at once" if when == NOW else f", from {when}"
