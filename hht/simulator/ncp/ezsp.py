"""EZSP from the network co-processor's end: versions, commands in, answers and callbacks out.

The schemas are bellows', read backwards; tests/simulator/ncp pins real frames beside them, and
clients that share no code with bellows talk to it in tests/foreign, so that an error shared by
both ends cannot cancel out. Headers are those of Silicon Labs UG100.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bellows.types as t
from zigpy.types import Struct

from hht.simulator.ncp.faults.ezsp import EzspFaults
from hht.simulator.ncp.schemas import schemas
from hht.simulator.ncp.status import Status
from hht.simulator.ncp.versions import MESH_STACK, VERSIONS, stack_version

Fields = dict[str, Any]
Command = Callable[[Fields], Mapping[str, Any]]

_RESPONSE, _CALLBACK, _FORMAT_1 = 0x80, 0x90, 0x01
_CALLBACK_PENDING = 0x04  # of an answer's frame control, low byte
_CONTROL = 1  # where that byte is in a frame
_VERSION = 0x00
_VERSION_NOT_SET, _UNKNOWN_FRAME, _TRUNCATED = 0x30, 0x31, 0x33  # EzspStatus
_LONGEST_FRAME = bytes(256)  # of zeroes: what a field reads where an answer has no value for it
_ONLY_ANSWERS = ("invalidCommand", "noCallbacks")
_ANSWERED_AS = {"callback": "noCallbacks"}  # callbacks go out by themselves: none ever waits


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command's header: its sequence number, its id, and whether it is in the legacy format."""

    sequence: int
    number: int
    legacy: bool

    def answer_header(self, number: int) -> bytes:
        """Return the header of an answer, in the format of the question."""
        if self.legacy:
            return bytes([self.sequence, _RESPONSE, number])
        return bytes([self.sequence, _RESPONSE, _FORMAT_1]) + number.to_bytes(2, "little")


class EzspServer:
    """Answers the `commands` given to it by `add`; all that is sent goes through one queue.

    A command causes its callbacks later, from the loop, so that its answer goes first. A host
    that has not asked for the right version, or asks for an unknown command, gets invalidCommand.
    """

    def __init__(self, version: int, faults: EzspFaults | None = None) -> None:
        if version not in VERSIONS:
            raise ValueError(f"EZSP {version} is not one of {', '.join(map(str, VERSIONS))}")
        self.version = version
        self.faults = faults or EzspFaults()
        self._outgoing: asyncio.Queue[tuple[bool, bytes]] = asyncio.Queue()
        self._schemas = schemas(version)
        self._names = {schema[0]: name for name, schema in self._schemas.items()}
        self.commands: dict[str, Command] = {}
        self._callbacks_waiting = 0
        self._sequence = 0
        self._agreed = False

    @property
    def known(self) -> dict[str, int]:
        """The commands of this version, answered or not, with their numbers."""
        return {
            name: schema[0]
            for name, schema in self._schemas.items()
            if "Handler" not in name and name not in _ONLY_ANSWERS
        }

    @property
    def answered(self) -> set[str]:
        """The commands of this version that get an answer of their own."""
        return {"version", *self.commands} & set(self.known)

    def add(self, commands: Mapping[str, Command]) -> None:
        """Answer these commands; each is called with its fields and gives those of the answer."""
        self.commands.update(commands)

    def restart(self) -> None:
        """Forget the host: no version is agreed on and nothing waits to be sent."""
        self.faults.reset()
        self._agreed = False
        self._sequence = 0
        self._callbacks_waiting = 0
        while not self._outgoing.empty():
            self._outgoing.get_nowait()

    async def next_frame(self) -> bytes:
        """Return the next frame for the host; an answer says whether callbacks wait behind it."""
        is_callback, frame = await self._outgoing.get()
        if is_callback:
            self._callbacks_waiting -= 1
        elif self._callbacks_waiting:
            control = frame[_CONTROL] | _CALLBACK_PENDING
            frame = frame[:_CONTROL] + bytes([control]) + frame[_CONTROL + 1 :]
        return frame

    def take(self, frame: bytes) -> None:
        """Answer one EZSP frame from the host; what is no command is ignored."""
        if len(frame) < 3:
            return
        legacy = len(frame) == 4 and frame[2] == _VERSION
        if legacy:
            asked, rest = _Asked(frame[0], frame[2], True), frame[3:]
        else:
            number = int.from_bytes(frame[3:5], "little")
            asked, rest = _Asked(frame[0], number, False), frame[5:]
        self._sequence = asked.sequence
        if asked.number == _VERSION:
            self._negotiate(asked, rest)
        else:
            self._execute(asked, rest)

    def _negotiate(self, asked: _Asked, wanted: bytes) -> None:
        """Say which version this is; a host that then asks for it, in its format, has it."""
        version = self.faults.version or self.version
        if not asked.legacy:
            self._agreed = wanted[:1] == bytes([version])
        stack_type = MESH_STACK if self.faults.stack_type is None else self.faults.stack_type
        body = bytes([version, stack_type]) + stack_version(self.version).to_bytes(2, "little")
        self._put(asked.answer_header(_VERSION) + body)

    def _execute(self, asked: _Asked, rest: bytes) -> None:
        name = self._names.get(asked.number, "")
        command = self.commands.get(name)
        if command is None or not self._agreed or self.faults.nothing_known:
            self._refuse(asked, _UNKNOWN_FRAME if self._agreed else _VERSION_NOT_SET)
            return
        try:
            fields = self._fields(name, rest)
        except ValueError:
            self._refuse(asked, _TRUNCATED)
            return
        refusal = self.faults.refusal(name)
        values = command(fields) if refusal is None else {"status": refusal}
        header = asked.answer_header(self._schemas[_ANSWERED_AS.get(name, name)][0])
        if self.faults.answers(name):
            answer = self._encode(self._schemas[name][2], values)
            self._put(self.faults.spoil_answer(name, header, answer))
        for number, payload in self.faults.callbacks_after(name):
            self._put_callback(number, payload)

    def _fields(self, name: str, rest: bytes) -> Fields:
        """Read a command's fields; ValueError when it is truncated."""
        schema = self._schemas[name][1]
        fields, _surplus = t.deserialize_dict(rest, schema) if schema else ({}, b"")
        return dict(fields)

    def _refuse(self, asked: _Asked, error: int) -> None:
        """Answer invalidCommand: an EzspStatus, which EZSP 14 and later spread over four bytes."""
        number, _, schema = self._schemas["invalidCommand"]
        (kind,) = schema.values()
        self._put(asked.answer_header(number) + _serialize(kind, error))

    def callback(self, name: str, fields: Mapping[str, Any]) -> None:
        """Send the host a callback; `fields` may hold the names of several versions."""
        if not self._agreed or name not in self._schemas or self.faults.loses(name):
            return
        number, _, schema = self._schemas[name]
        self._put_callback(number, self.faults.spoil_callback(name, self._encode(schema, fields)))

    def _put_callback(self, number: int, payload: bytes) -> None:
        self._callbacks_waiting += 1
        header = bytes([self._sequence, _CALLBACK, _FORMAT_1]) + number.to_bytes(2, "little")
        self._outgoing.put_nowait((True, header + payload))

    def _put(self, frame: bytes) -> None:
        self._outgoing.put_nowait((False, frame))

    def _encode(self, schema: Any, fields: Mapping[str, Any]) -> bytes:
        return b"".join(
            _serialize(kind, fields[name] if name in fields else _nothing(kind))
            for name, kind in _kinds(schema, fields)
        )


def _kinds(schema: Any, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and type of each field; a structure ends where `fields` does, after a bad status."""
    if isinstance(schema, Mapping):
        yield from schema.items()
    elif schema:
        yield from ((each.name, each.type) for each in schema.fields if each.name in fields)


def _nothing(kind: Any) -> Any:
    """Return what a field is where there is nothing to say."""
    value, _ = kind.deserialize(_LONGEST_FRAME)
    return value


def _serialize(kind: Any, value: Any) -> bytes:
    if isinstance(value, Status):
        value = _status(value, kind)
    elif not isinstance(value, kind):
        same_fields = isinstance(value, Struct)  # of another version's structure
        value = kind(**value.as_dict()) if same_fields else kind(value)
    encoded: bytes = value.serialize()
    return encoded


def _status(status: Status, kind: Any) -> Any:
    """Return a status as the field type of one EZSP version has it."""
    ember, newer, ezsp = status.value
    if kind is t.sl_Status:
        return t.sl_Status(newer)
    return kind(ezsp if kind is t.EzspStatus else ember)
