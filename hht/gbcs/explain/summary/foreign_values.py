"""Values by which a message is for another mode, clock, supply, balance or log than its use case.

Source: the message templates of GBCS, which fix these values for each use case.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from hht.gbcs import gbz
from hht.gbcs.dlms import AccessRequest, Spec, SpecKind, Tag, Value
from hht.gbcs.explain.dates import cosem_moment, gives_a_date
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.tree.gbz_values import payment_mode
from hht.gbcs.explain.value_formats import bits_in_words
from hht.gbcs.payload import Payload

_ACCOUNT, _MODE_AND_STATUS = 111, 2  # COSEM class, and attribute
_CLOCK, _BASE, _PRESET = 8, 9, 5  # COSEM class, attribute, and method
_ECS70, _RADIO = 0x0062, 5
"""ECS70 sets the clock over the HAN to what the hub has then, so that nothing is preset."""

_PAYMENT_MODES = {0x001A: 1, 0x001B: 2}
"""What ECS02 and ECS03 set the mode of the account to."""


class _Fixed(NamedTuple):
    """The one meaning that a field may have; `words` of a value say what it means."""

    field: str
    meant: str
    words: Callable[[int], str]


def foreign_values(payload: Payload | None, message_code: int) -> str:
    """Return what the payload is for where that is not its use case's own; empty where it is."""
    match payload:
        case AccessRequest():
            found = _in_request(payload, message_code)
        case gbz.GbzPayload():
            found = _in_components(payload, _FIXED.get(message_code, ()))
        case _:
            return ""
    return " and ".join(dict.fromkeys(found))


def _in_request(request: AccessRequest, message_code: int) -> Iterator[str]:
    for spec, value in zip(request.specs, request.data, strict=False):
        if (spec.class_id, spec.member) == (_ACCOUNT, _MODE_AND_STATUS):
            yield from _other_mode(value, message_code)
        elif spec.class_id == _CLOCK and message_code == _ECS70:
            yield from _other_clock(spec, value)


def _other_mode(value: Value, message_code: int) -> Iterator[str]:
    meant = _PAYMENT_MODES.get(message_code)
    if meant is None or value.tag != Tag.STRUCTURE or not value.members:
        return
    mode = value.members[0].content
    if isinstance(mode, int) and mode != meant:
        yield _ACCOUNT_MODE(mode)


def _other_clock(spec: Spec, value: Value) -> Iterator[str]:
    number = value.content
    if spec.kind == SpecKind.SET and spec.member == _BASE and number != _RADIO:
        yield _CLOCK_BASE(number) if isinstance(number, int) else "no clock base"
    if spec.kind == SpecKind.ACTION and spec.member == _PRESET and value.members:
        preset = cosem_moment(value.members[0].octets).text
        if gives_a_date(preset):
            yield f"the preset time {preset}"


def _in_components(payload: gbz.GbzPayload, fixed: Iterable[_Fixed]) -> Iterator[str]:
    for component in payload.components:
        if component.is_encrypted or component.frame.is_foundation:
            continue
        values = {f.name: f.value for f in gbz.decode_fields(component.cluster, component.frame)}
        for name, meant, words in fixed:
            value = values.get(name)
            if isinstance(value, int) and words(value) != meant:
                yield words(value)


def _named(name: str, words: str = "{}") -> Callable[[int], str]:
    """Return what says a value of an enumeration, in a few words."""
    kind = name.replace("_", " ")

    def said(number: int) -> str:
        meaning = enumeration(name, number)
        return words.format(meaning) if meaning else f"{kind} {number}, not defined"

    return said


def _mode(control: int) -> str:
    return payment_mode(control).partition(",")[0]


def _log(number: int) -> str:
    name = enumeration("log_id", number) or f"log {number}"
    return name if name.startswith("all ") else f"its {name}"


def _sample_log(number: int) -> str:
    names = ("profile log", "daily consumption log", "network data log")
    return f"the gas {names[number]}" if number < len(names) else f"sample log {number}"


def _snapshots(causes: int) -> str:
    return f"snapshots with the cause {bits_in_words(causes, 'snapshot_cause')}"


_ACCOUNT_MODE = _named("payment_mode", "{} mode")
_CLOCK_BASE = _named("clock_base", "a clock base of {}")
_SUPPLY = _named("supply_status", "supply {}")
_ADJUSTMENT = _named("credit_type")
_SAMPLES = _named("sample_type", "samples of {}")
_DEBT, _PAYMENT_BASED = _named("debt_type"), 2
_FIXED: dict[int, tuple[_Fixed, ...]] = {
    0x0015: (_Fixed("log id", "its general event log", _log),),
    0x006C: (_Fixed("payment control", "credit mode", _mode),),
    0x006D: (_Fixed("payment control", "prepayment mode", _mode),),
    0x0081: (_Fixed("proposed supply status", "supply off", _SUPPLY),),
    0x0085: (_Fixed("proposed supply status", "supply armed", _SUPPLY),),
    **{
        code: (_Fixed("adjustment type", _ADJUSTMENT(number), _ADJUSTMENT),)
        for code, number in {0x0086: 0, 0x00B4: 1, 0x00C0: 3, 0x00C2: 2}.items()
    },
    **{
        code: (
            _Fixed("sample id", _sample_log(number), _sample_log),
            _Fixed("sample type", _SAMPLES(0), _SAMPLES),
        )
        for code, number in {0x0078: 0, 0x00A0: 1, 0x0079: 2}.items()
    },
    **{
        code: (_Fixed("cause", _snapshots(causes), _snapshots),)
        for code, causes in {0x0077: 0x1, 0x0096: 0x1, 0x0076: 0x2, 0x00C3: 0x6008}.items()
    },
    0x00C4: (_Fixed("debt type", _DEBT(_PAYMENT_BASED), _DEBT),),
}
"""By message code: CS11, GCS02 and GCS03, GCS32 and GCS39, GCS40a to d, GCS17, GCS61 and GCS18,
GCS16a, GCS16b, GCS15c and GCS15b, GCS15d."""
