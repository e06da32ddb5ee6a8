"""EZSP from the network co-processor's end: versions, commands in, answers and callbacks out.

The schemas are bellows', read backwards; tests/training pins real frames beside them, so that
an error shared by both ends cannot cancel out. Headers are those of Silicon Labs UG100.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import bellows.types as t
from bellows.ezsp import EZSP

from hht.simulator.ncp.status import Status

Fields = dict[str, Any]
Command = Callable[[Fields], Mapping[str, Any]]

VERSIONS = tuple(version for version in EZSP._BY_VERSION if version >= 8)
MESH_STACK = 2
_STACK_VERSIONS = {8: 0x6700, 13: 0x7430}  # EmberZNet 6.7, 7.4.3; newer ones 8.x
_NEWER_STACK = 0x8020
_RESPONSE, _CALLBACK, _FORMAT_1 = 0x80, 0x90, 0x01
_VERSION = 0x00
_VERSION_NOT_SET, _UNKNOWN_FRAME, _TRUNCATED = 0x30, 0x31, 0x33  # EzspStatus


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command's header: its sequence number, its id, and whether it is in the legacy format."""

    sequence: int
    number: int
    legacy: bool

    def answer_header(self, number: int) -> bytes:
        """The header of an answer, in the format of the question."""
        if self.legacy:
            return bytes([self.sequence, _RESPONSE, number])
        return bytes([self.sequence, _RESPONSE, _FORMAT_1]) + number.to_bytes(2, "little")


class EzspServer:
    """Answers the commands given to it by `add`; everything sent goes through one queue, in order.

    A command causes its callbacks later, from the loop, so that its answer goes first. A host
    that has not asked for the right version, or asks for an unknown command, gets invalidCommand.
    """

    def __init__(self, version: int) -> None:
        if version not in VERSIONS:
            raise ValueError(f"EZSP {version} is not one of {', '.join(map(str, VERSIONS))}")
        self.version = version
        self.outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._schemas = EZSP._BY_VERSION[version].COMMANDS
        self._names = {schema[0]: name for name, schema in self._schemas.items()}
        self._commands: dict[str, Command] = {}
        self._sequence = 0
        self._agreed = False

    def add(self, commands: Mapping[str, Command]) -> None:
        """Answer these commands; each is called with its fields and gives those of the answer."""
        self._commands.update(commands)

    def restart(self) -> None:
        """Forget the host: no version is agreed on and nothing waits to be sent."""
        self._agreed = False
        self._sequence = 0
        while not self.outgoing.empty():
            self.outgoing.get_nowait()

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
        if not asked.legacy:
            self._agreed = wanted[:1] == bytes([self.version])
        stack = _STACK_VERSIONS.get(self.version, _NEWER_STACK)
        body = bytes([self.version, MESH_STACK]) + stack.to_bytes(2, "little")
        self.outgoing.put_nowait(asked.answer_header(_VERSION) + body)

    def _execute(self, asked: _Asked, rest: bytes) -> None:
        name = self._names.get(asked.number, "")
        command = self._commands.get(name)
        if command is None or not self._agreed:
            self._refuse(asked, _UNKNOWN_FRAME if self._agreed else _VERSION_NOT_SET)
            return
        try:
            fields, _ = t.deserialize_dict(rest, self._schemas[name][1])
        except ValueError:
            self._refuse(asked, _TRUNCATED)
            return
        answer = self._encode(self._schemas[name][2], command(fields))
        self.outgoing.put_nowait(asked.answer_header(asked.number) + answer)

    def _refuse(self, asked: _Asked, error: int) -> None:
        """invalidCommand: an EzspStatus, which from EZSP 14 on is spread over four bytes."""
        number, _, schema = self._schemas["invalidCommand"]
        (kind,) = schema.values()
        self.outgoing.put_nowait(asked.answer_header(number) + _serialize(kind, error))

    def callback(self, name: str, fields: Mapping[str, Any]) -> None:
        """Tell the host something; `fields` may hold the names of several versions."""
        if not self._agreed:
            return
        number, _, schema = self._schemas[name]
        header = bytes([self._sequence, _CALLBACK, _FORMAT_1]) + number.to_bytes(2, "little")
        self.outgoing.put_nowait(header + self._encode(schema, fields))

    def _encode(self, schema: Mapping[str, Any], fields: Mapping[str, Any]) -> bytes:
        return b"".join(_serialize(kind, fields[name]) for name, kind in schema.items())


def _serialize(kind: Any, value: Any) -> bytes:
    encoded: bytes = (value.of_type(kind) if isinstance(value, Status) else kind(value)).serialize()
    return encoded
