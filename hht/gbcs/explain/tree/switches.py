"""Removes the state of auxiliary switches that a meter cannot know: those of other Devices.

Source: GBCS, use case ECS61a, notes to its mapping table.
"""

from collections.abc import Sequence
from dataclasses import replace

from hht.gbcs.dlms import Tag, Value
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.object_names import Access
from hht.spans import Line, code

_TYPES = bytes((0, 0, 94, 44, 0))
"""The first five octets of the objects that say what switches; the sixth is 20 and the number."""
_BEFORE_FIRST = 20  # the sixth octet less the number of the switch
_IDENTIFIER = 8  # octets of an Entity Identifier
_SWITCHES = bytes((96, 3, 10, 255))
"""The last four octets of the switches; the second of all is the number."""
_STATE = (70, 2)  # class Disconnect control and its output state


def without_states_of_others(
    fields: Sequence[Field], accesses: Sequence[Access | None], data: Sequence[Value]
) -> list[Field]:
    """Return the fields with no state for a switch that is an HCALCS, by what is read beside it."""
    read = list(zip(fields, accesses, data, strict=True))
    others = {_other(access, value) for _, access, value in read}
    return [
        _without_state(field, value) if _switch(access) in others - {None} else field
        for field, access, value in read
    ]


def _other(access: Access | None, value: Value) -> int | None:
    """Return the number of a switch for which a Device's Entity Identifier is given."""
    if access is None or access.obis[:5] != _TYPES or value.tag != Tag.OCTET_STRING:
        return None
    is_device = len(value.octets) == _IDENTIFIER and any(value.octets)
    return access.obis[5] - _BEFORE_FIRST if is_device else None


def _switch(access: Access | None) -> int | None:
    """Return the number of the switch whose state was read."""
    is_state = access and access.obis[2:] == _SWITCHES and access[1::2] == _STATE
    return access.obis[1] if access and is_state else None


def _without_state(field: Field, value: Value) -> Field:
    if not isinstance(value.content, int):
        return field
    return replace(field, value=Line.of(code(f"{value.content}, no meaning for an HCALCS", 0)))
