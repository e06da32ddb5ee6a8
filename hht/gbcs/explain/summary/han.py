"""Readings of the use cases of the HAN: Device Logs, joining, unjoining, the sub-GHz channel."""

from collections.abc import Callable

from hht.entity_id import EntityId
from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.gbcs.dlms import Tag, Value
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.explain.summary.parsed import Told, capital, counted, listed, reason
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.gbcs.message import Cra

_SUCCESS = AccessResult.SUCCESS


def _add_device(told: Told) -> str:
    if told.message.cra is Cra.COMMAND:
        added, seconds = _added(told)
        return f"Asks {told.device} to add {added} to its log and to let it join{seconds}."
    added, seconds = _added(told)
    if told.codes[0] != _SUCCESS:
        return f"{told.subject} did not add {added} to its log: {reason(told.outcome)}"
    if not told.outcome.positive:
        return f"{told.subject} added {added} to its log, but joining is not open: " + reason(
            told.outcome
        )
    return f"{told.subject} added {added} to its log; joining open{seconds}."


def _added(told: Told) -> tuple[str, str]:
    """The Device a Command adds, and for how long it may join, where the Command is at hand."""
    if not told.request:
        return "the Device", ""
    entry, timeout, *_ = told.request.data
    return f"Device {_identifier(entry.members[0])}", f" for {timeout.number} s"


def _remove_device(told: Told) -> str:
    removed = f"Device {_identifier(told.request.data[0])}" if told.request else "the Device"
    if told.message.cra is Cra.COMMAND:
        return f"Asks {told.device} to remove {removed} from its log."
    if told.outcome.positive:
        return f"{told.subject} removed {removed} from its log."
    return f"{told.subject} did not remove {removed} from its log: {reason(told.outcome)}"


def _restore_log(told: Told) -> str:
    log = _backup(told.request.data[0].members[1]) if told.request else "what was backed up"
    if told.message.cra is Cra.COMMAND:
        return f"Asks {told.device} to restore its log and its HAN with {log}."
    if told.outcome.positive:
        return f"{told.subject} restored its log with {log}."
    return f"{told.subject} did not restore its log: {reason(told.outcome)}"


def _read_log(told: Told) -> str | None:
    if told.message.cra is not Cra.RESPONSE or not told.outcome.positive:
        return None
    return f"{told.subject} holds in its log {_backup(told.values[0])}."


def _back_up_logs(told: Told) -> str | None:
    if told.message.cra is not Cra.RESPONSE or not told.outcome.positive:
        return None
    present, historic = (_backup(value.members[2]) for value in told.values)
    return f"{told.subject} holds in its log {present}; in its historic log {historic}."


def _log_changed(told: Told) -> str:
    entries = told.values[0].members[2]
    keyless = sum(not entry.members[1].octets for entry in entries.members)
    waiting = f"; {counted(keyless, 'Device')} without a key yet" if keyless else ""
    return f"The log of {told.device} changed and holds {_backup(entries)}{waiting}."


def _gpf_log_changed(told: Told) -> str:
    return f"The log of {told.device} changed and holds {_entries(told.element)}."


def _join_details(told: Told) -> str | None:
    if told.message.cra is not Cra.RESPONSE or not told.outcome.positive:
        return None
    return f"{told.subject} is joined with {_entries(told.element)}."


def _restore_gpf_log(told: Told) -> str:
    if told.message.cra is Cra.COMMAND:
        return f"Asks {told.device} to restore its log with {_entries(told.element)}."
    if told.outcome.positive:
        return f"{told.subject} restored its log with {_entries(told.element)}."
    return f"{told.subject} did not wholly restore its log: {reason(told.outcome)}"


def _join(told: Told) -> str:
    other = _other(told.asked)
    if told.message.cra is Cra.COMMAND:
        return f"Asks {told.device} to join with {other} by {_method(told.asked)}."
    if told.outcome.positive:
        return f"{told.subject} joined with {other}."
    return f"{told.subject} did not join with {other}: {reason(told.outcome)}"


def _unjoin(told: Told) -> str:
    other = _other(told.asked)
    if told.message.cra is Cra.COMMAND:
        return f"Asks {told.device} to unjoin from {other}."
    if told.outcome.positive:
        return f"{told.subject} unjoined from {other}."
    return f"{told.subject} did not unjoin from {other}: {reason(told.outcome)}"


def _channel(told: Told) -> str | None:
    if told.message.cra is not Cra.RESPONSE or not told.outcome.positive:
        return None
    return f"{told.subject} runs its sub-GHz HAN on {value_in_words(told.values[0], 'channels')}."


def _backup(devices: Value) -> str:
    """How many Devices an array holds, and which; the identifier is each entry's first member."""
    names = [str(_identifier(entry.members[0])) for entry in devices.members]
    return counted(len(names), "Device") + listed(names)


def _identifier(value: Value) -> EntityId:
    return EntityId(value.octets if value.tag == Tag.OCTET_STRING else b"")


def _entries(element: Element | None) -> str:
    entries = element.all("Device Log Entry") if element else ()
    names = [_typed(entry) for entry in entries]
    return counted(len(names), "Device") + listed(names)


def _typed(entry: Element) -> str:
    device, kind = entry.find("Device"), entry.find("Device Type")
    octets = device.value if device else b""
    name = str(EntityId(octets)) if isinstance(octets, bytes) else ""
    return f"{name} ({_spoken(kind)})" if kind else name


def _other(asked: Element | None) -> str:
    if asked is None:
        return "the other Device"
    return f"Device {_typed(asked)}"


def _method(asked: Element | None) -> str:
    method = asked.find("Join Method") if asked else None
    if method is None or not isinstance(method.value, JoinMethod):
        return "an unknown method"
    words = code_in_words(method.value).split()
    role = f", as {words[2]}" if len(words) > 2 else ""
    return f"method {words[1].upper()}{role}"


def _spoken(kind: Element) -> str:
    value = kind.value
    if isinstance(value, bytes):
        return "type out of range"
    return capital(code_in_words(value)) if isinstance(value, DeviceType) else str(value)


READERS: dict[int, Callable[[Told], str | None]] = {
    0x0001: _add_device,
    0x0002: _remove_device,
    0x0003: _restore_log,
    0x0004: _read_log,
    0x010F: _read_log,
    0x00FE: _back_up_logs,
    0x0018: _log_changed,
    0x00B2: _gpf_log_changed,
    0x0013: _join_details,
    0x008C: _restore_gpf_log,
    **dict.fromkeys((0x000D, 0x000E, 0x00AB, 0x00AF), _join),
    **dict.fromkeys((0x000F, 0x0010), _unjoin),
    0x010A: _channel,
}
"""By message code; each gives None where the general words do."""
