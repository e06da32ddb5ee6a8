"""COSEM objects of a Device: attributes and methods, reached by access-requests in their order.

Every specification of a request is tried and has its own result, as the access service of the
DLMS Green Book has it; one that fails does not stop the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from hht.gbcs.dlms import (
    NULL,
    AccessRequest,
    AccessResponse,
    CompactArray,
    Result,
    Spec,
    SpecKind,
    Tag,
    Value,
    decode_access_request,
    decode_only_value,
    encode_access_response,
    encode_value,
)
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.message import Message

_T = TypeVar("_T")
_BY_RANGE = 1  # selector of selective access to a Profile generic (Blue Book)

LogicalName = bytes
Member = tuple[int, LogicalName, int]
"""Class, 6-byte logical name, attribute or method number."""


class AccessFailed(Exception):
    """A reader, writer or method of an object did not succeed."""

    def __init__(self, code: AccessResult) -> None:
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """What a method, reader or writer is given: the spec, its data, the Command and the time."""

    spec: Spec
    data: Value
    command: Message
    now: datetime


Reader = Callable[[Call], Value]
Doer = Callable[[Call], Value | None]


class CosemObjects:
    """The objects of one Device. `values` are plain attributes; the others run when reached."""

    def __init__(self) -> None:
        self.values: dict[Member, Value] = {}
        self.readers: dict[Member, Reader] = {}
        self.writers: dict[Member, Doer] = {}
        self.methods: dict[Member, Doer] = {}
        self._changed: set[Member] = set()

    def respond(self, command: Message, form: tuple[str, ...], now: datetime) -> bytes | None:
        """Build the access-response payload; None for a request of another form."""
        request = decode_access_request(command.payload)
        if form_of(request.specs) != form or len(request.specs) != len(request.data):
            return None
        return encode_access_response(self._access(request, command, now))

    def read(self, member: Member, call: Call) -> Value:
        """Return an attribute's value; AccessFailed where it has none to read."""
        if member in self.readers:
            return self.readers[member](call)
        return self._known(self.values, member)

    def state(self) -> dict[str, str]:
        """Return the attributes that Commands have set, for JSON."""
        return {
            f"{class_id}/{obis_text(name)}/{attribute}": encode_value(
                self.values[class_id, name, attribute]
            ).hex()
            for class_id, name, attribute in self._changed
        }

    def restore(self, state: dict[str, str]) -> None:
        """Set them again."""
        for text, value in state.items():
            class_id, name, attribute = text.split("/")
            member = (int(class_id), obis(name), int(attribute))
            self.store(member, decode_only_value(bytes.fromhex(value)))

    def store(self, member: Member, value: Value) -> None:
        """Set an attribute, to be kept over a power cut."""
        self.values[member] = value
        self._changed.add(member)

    def _access(self, request: AccessRequest, command: Message, now: datetime) -> AccessResponse:
        """Try every specification; data and results are in their order."""
        data, results = [], []
        for spec, value in zip(request.specs, request.data, strict=True):
            try:
                data.append(self._one(Call(spec, value, command, now)) or NULL)
                code = AccessResult.SUCCESS
            except AccessFailed as failure:
                data.append(NULL)
                code = failure.code
            results.append(Result(_result_kind(spec.kind), code))
        return AccessResponse(request.invoke, tuple(data), tuple(results))

    def _one(self, call: Call) -> Value | None:
        member = (call.spec.class_id, call.spec.obis, call.spec.member)
        if call.spec.kind is SpecKind.ACTION:
            return self._known(self.methods, member)(call)
        if call.spec.kind in (SpecKind.SET, SpecKind.SET_SELECTED):
            return self._set(member, call)
        value = self.read(member, call)
        return _selected(value, call.spec) if call.spec.selector is not None else value

    def _set(self, member: Member, call: Call) -> Value | None:
        if member in self.writers:
            return self.writers[member](call)
        if not _same_type(self._known(self.values, member), call.data):
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        self.store(member, call.data)
        return None

    def _known(self, table: dict[Member, _T], member: Member) -> _T:
        """Return the entry; AccessFailed says why there is none."""
        if member in table:
            return table[member]
        everything = (self.values, self.readers, self.writers, self.methods)
        classes = {m[0] for entries in everything for m in entries if m[1] == member[1]}
        if not classes:
            raise AccessFailed(AccessResult.OBJECT_UNDEFINED)
        if member[0] not in classes:
            raise AccessFailed(AccessResult.OBJECT_CLASS_INCONSISTENT)
        raise AccessFailed(AccessResult.READ_WRITE_DENIED)


def form_of(specs: tuple[Spec, ...]) -> tuple[str, ...]:
    """Write the specifications as the use case table does: `A/104/0-0:30.3.0.255/1`."""
    return tuple(
        f"{'GSARW'[s.kind - 1]}/{s.class_id}/{obis_text(s.obis)}/{s.member}" for s in specs
    )


def specs_of(form: tuple[str, ...]) -> tuple[Spec, ...]:
    """Read the specifications of a form; selections are left for the caller to fill."""
    return tuple(map(_spec, form))


def obis_text(name: bytes) -> str:
    """Write a 6-byte logical name as `0-0:30.3.0.255`."""
    a, b, c, d, e, f = name
    return f"{a}-{b}:{c}.{d}.{e}.{f}"


def obis(text: str) -> bytes:
    """Read `0-0:30.3.0.255` as a 6-byte logical name."""
    return bytes(int(part) for part in text.replace("-", ".").replace(":", ".").split("."))


def _spec(text: str) -> Spec:
    letter, class_id, name, member = text.split("/")
    return Spec(SpecKind("GSARW".index(letter) + 1), int(class_id), obis(name), int(member))


def _result_kind(kind: SpecKind) -> int:
    """Return get, set or action, selective or not: a Response differs by it."""
    return {SpecKind.GET_SELECTED: SpecKind.GET, SpecKind.SET_SELECTED: SpecKind.SET}.get(
        kind, kind
    )


def _same_type(held: Value, given: Value) -> bool:
    """Compare types: an unset attribute accepts anything, arrays and structures by tag alone."""
    return held.tag in (given.tag, Tag.NULL)


def _selected(value: Value, spec: Spec) -> Value:
    """Select the entries of a log whose first field is between two bounds.

    The selection is {column, from, to, columns wanted}; all columns are given.
    """
    compact = value.content
    if spec.selector != _BY_RANGE or not isinstance(compact, CompactArray):
        raise AccessFailed(AccessResult.OTHER_REASON)
    _, low, high, *_ = (*spec.selection.members, NULL, NULL, NULL)
    bounds = range(low.number, high.number + 1)
    kept = tuple(e for e in compact.elements if e.members[0].number in bounds)
    return value._replace(content=compact._replace(elements=kept))
