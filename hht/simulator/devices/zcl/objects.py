"""ZigBee clusters of a GSME or GPF: attributes, and commands that store or answer something.

A Command is of its use case's form when each of its frames is one of the row's tokens: `0702:g00`
is foundation command 00 to cluster 0702, `0708:c00` cluster command 00. `*` or `+` after a token
means that the Response is encrypted, `*` with the default response disabled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hht.gbcs.gbz import (
    DEFAULT_RESPONSE,
    READ_ATTRIBUTES,
    READ_ATTRIBUTES_RESPONSE,
    Component,
    GbzPayload,
    ZclFrame,
    decode_gbz,
    encode_gbz,
)
from hht.gbcs.gbz.payload import ENCRYPTED, LAST
from hht.gbcs.gbz.statuses import ZclStatus

_FROM_SERVER, _NO_DEFAULT_RESPONSE = 0x08, 0x10

Cipher = Callable[[bytes], bytes]
"""Makes ciphered information of plaintext."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command does: a frame of the cluster, or a status in a default response."""

    status: ZclStatus = ZclStatus.SUCCESS
    command: int | None = None
    payload: bytes = b""


Doer = Callable[[ZclFrame, datetime], Answer]


class ZclObjects:
    """The clusters of one Device; an attribute is its type octet and little-endian value."""

    def __init__(self) -> None:
        self.attributes: dict[tuple[int, int], bytes] = {}
        self.commands: dict[tuple[int, int], Doer] = {}
        self.kept: dict[tuple[int, int], bytes] = {}

    def keep(self, cluster: int, command: int) -> None:
        """Keep the last payload of a command, and answer the command with success."""

        def doer(frame: ZclFrame, now: datetime) -> Answer:
            self.kept[cluster, command] = frame.payload
            return Answer()

        self.commands[cluster, command] = doer

    def state(self) -> dict[str, str]:
        """Return what Commands brought, for JSON."""
        return {f"{cluster:04X}:{c:02X}": value.hex() for (cluster, c), value in self.kept.items()}

    def restore(self, state: dict[str, str]) -> None:
        """Keep it again."""
        for text, value in state.items():
            cluster, command = text.split(":")
            self.kept[int(cluster, 16), int(command, 16)] = bytes.fromhex(value)

    def respond(
        self, payload: bytes, form: tuple[str, ...], now: datetime, cipher: Cipher
    ) -> bytes | None:
        """Build the Response payload; None when the Command is not of the use case's form."""
        request = decode_gbz(payload)
        tokens = {token.rstrip("*+"): token for token in form}
        asked = [token_of(component) for component in request.components]
        if not asked or not set(asked) <= tokens.keys():
            return None
        answers: list[Component] = []
        ciphered = 0
        for token, component in zip(asked, request.components, strict=True):
            answer = Component(0, component.cluster, self._answer(component, now))
            mark = tokens[token][len(token) :]
            if mark and answer.frame.command != DEFAULT_RESPONSE:
                answer = _encrypt(answer, mark, ciphered, cipher)
                ciphered += 1
            answers.append(answer)
        last = answers[-1]
        answers[-1] = Component(
            last.control | LAST, last.cluster, last.frame, None, last.additional
        )
        return encode_gbz(GbzPayload(tuple(answers)))

    def _answer(self, component: Component, now: datetime) -> ZclFrame:
        """Build the frame that answers one frame, in the other direction with its sequence."""
        asked = component.frame
        direction = 0 if asked.from_server else _FROM_SERVER
        if asked.is_foundation and asked.command == READ_ATTRIBUTES:
            records = self._read(component.cluster, asked.payload)
            return ZclFrame(direction, asked.sequence, READ_ATTRIBUTES_RESPONSE, records)
        doer = (
            None if asked.is_foundation else self.commands.get((component.cluster, asked.command))
        )
        unsupported = Answer(ZclStatus.UNSUPPORTED_CLUSTER_COMMAND)
        answer = doer(asked, now) if doer else unsupported
        if answer.command is None:
            status = bytes([asked.command, answer.status])
            return ZclFrame(direction, asked.sequence, DEFAULT_RESPONSE, status)
        return ZclFrame(direction | 1, asked.sequence, answer.command, answer.payload)

    def _read(self, cluster: int, wanted: bytes) -> bytes:
        """Build attribute records: identifier, status, and on success type and value."""
        records = b""
        for position in range(0, len(wanted) - 1, 2):
            name = wanted[position : position + 2]
            value = self.attributes.get((cluster, int.from_bytes(name, "little")))
            found = ZclStatus.UNSUPPORTED_ATTRIBUTE if value is None else ZclStatus.SUCCESS
            records += name + bytes([found]) + (value or b"")
        return records


def token_of(component: Component) -> str:
    """Write a frame as the use case table does."""
    kind = "g" if component.frame.is_foundation else "c"
    return f"{component.cluster:04X}:{kind}{component.frame.command:02X}"


def _encrypt(answer: Component, mark: str, index: int, cipher: Cipher) -> Component:
    """Return the component with its frame's payload encrypted, numbered among those that are."""
    ciphered = cipher(answer.frame.payload)
    control = answer.frame.control | (_NO_DEFAULT_RESPONSE if mark == "*" else 0)
    length = len(ciphered).to_bytes(2, "big")
    frame = answer.frame._replace(control=control, payload=length + ciphered)
    return Component(ENCRYPTED, answer.cluster, frame, None, index.to_bytes(2, "big"))
