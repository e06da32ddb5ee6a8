"""bellows as this program uses it: the only module of the handheld that knows its private parts.

tests/radio/test_bellows_contract.py holds bellows to every one of them.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import bellows.types as t
import zigpy.serial
from bellows.ash import AshProtocol, DataFrame, NakFrame, RStackFrame
from bellows.exception import EzspError, InvalidCommandError
from bellows.ezsp import EZSP
from bellows.uart import Gateway

from hht.radio.ezsp.own_port import keep_others_out
from hht.radio.opening import trouble
from hht.radio.opening.lines import Flow, Line
from hht.radio.opening.trouble import Trouble

Fields = dict[str, Any]
Schema = dict[str, Any]

VERSIONS = frozenset(EZSP._BY_VERSION)
"""The versions of EZSP whose commands bellows knows."""

FIRST_VERSION = 4  # every version answers its version command in the format of this one
_HEADER_BEFORE_8 = 3  # octets: sequence, frame control, frame id
_HEADER = 5  # octets: sequence, frame control (2), frame id (2)
_IS_CALLBACK = 0x18  # bits of the frame control's low byte (UG100, 'Frame control')
_WIDER = 3  # bytes that a status from EZSP 14 on is longer than one before
_FIRST_BYTES = 1024  # enough to tell what speaks


class AnswerUnreadable(EzspError):
    """An answer came, but too short for what was asked."""


class Listener(Protocol):
    """The handler of what the dongle does unasked."""

    def callback(self, name: str, fields: Fields) -> None:
        """Handle a callback; its fields have the names of this EZSP version."""

    def failed(self, trouble: Trouble) -> None:
        """Handle that the dongle reset itself, failed or went away."""


@dataclass(frozen=True, slots=True)
class Firmware:
    """What the dongle says that it is; `stack` is EmberZNet's version, a hexadecimal digit each."""

    ezsp: int
    stack_type: int
    stack: int

    @property
    def stack_name(self) -> str:
        """Such as 7.4.3.0: four bits a part, as in 6.10.3.0."""
        return ".".join(str(int(part, 16)) for part in f"{self.stack:04x}")

    def __str__(self) -> str:
        return f"EmberZNet {self.stack_name}, EZSP {self.ezsp}"


class Ash(AshProtocol):
    """Our end of the line: keeps the first bytes, what went wrong, and how often it repeated.

    `heard` counts the bytes that came.
    """

    def __init__(self, upward: Gateway) -> None:
        super().__init__(upward)
        self.first = bytearray()
        self.heard = 0
        self.trouble: Trouble | None = None
        self.repeated = 0
        self._reset_is_new = False

    def data_received(self, data: bytes) -> None:
        self.first += data[: _FIRST_BYTES - len(self.first)]
        self.heard += len(data)
        super().data_received(data)

    def write(self, data: bytes) -> None:
        """Send bytes that are no ASH frame."""
        self.port.write(data)

    @property
    def port(self) -> Any:
        """The transport of the serial library."""
        return self._transport

    def send_reset(self) -> None:
        self._reset_is_new = False
        super().send_reset()

    def frame_received(self, frame: Any) -> None:
        if not isinstance(frame, RStackFrame):
            self._reset_is_new = False
        self.trouble = trouble.REJECTION if isinstance(frame, NakFrame) else None
        super().frame_received(frame)

    def rstack_frame_received(self, frame: RStackFrame) -> None:
        """Handle a reset once only: some dongles send their RSTACK several times."""
        if self._reset_is_new:
            return
        self._reset_is_new = True
        self.trouble = trouble.reset(int(frame.reset_code))
        super().rstack_frame_received(frame)
        self.trouble = None

    def error_frame_received(self, frame: Any) -> None:
        self.trouble = trouble.failure(int(frame.reset_code))
        super().error_frame_received(frame)

    def _write_frame(self, frame: Any, **framing: Any) -> None:
        if isinstance(frame, DataFrame) and frame.re_tx:
            self.repeated += 1
        super()._write_frame(frame, **framing)


class Ncp(EZSP):
    """bellows' EZSP on a line that is opened step by step; no frame makes it fail.

    `unreadable` counts frames that are no whole answer or callback, `odd` is the last of them.
    """

    def __init__(self, url: str, listener: Listener) -> None:
        super().__init__({"path": url})
        self._gw: Any = None
        self._url = url
        self._listener = listener
        self.ash: Ash | None = None
        self.unreadable = 0
        self.odd = b""

    async def open_line(self, line: Line) -> None:
        """Open the port; OSError or ValueError when that fails."""
        gateway = Gateway(self)
        self.ash = ash = Ash(gateway)
        loop, settings = asyncio.get_running_loop(), _port_settings(line)
        await zigpy.serial.create_serial_connection(loop, lambda: ash, url=self._url, **settings)
        await gateway.wait_until_connected()
        if "://" not in self._url:
            keep_others_out(ash.port.get_extra_info("serial").fileno())
        self._gw = gateway
        self._switch_protocol_version(FIRST_VERSION)

    async def retune(self, line: Line) -> None:
        """Set the port to another line; OSError or ValueError when it cannot."""
        port = cast(Ash, self.ash).port
        if "://" in self._url:
            await port.reconfigure_port(**_port_settings(line))
            return
        # It drops what has been read. A read that was about to take that would then find nothing,
        # which the serial library mistakes for a port that was pulled out.
        port.pause_reading()
        try:
            await port.reconfigure_port(**_port_settings(line))
        finally:
            port.resume_reading()

    async def reset_of_its_own(self) -> None:
        """Wait for the reset that a dongle behind a server reports when it is connected to."""
        await self._gw.wait_for_startup_reset()
        cast(Any, self).start_ezsp()

    async def ask_firmware(self) -> Firmware:
        """Ask for the version, which every EZSP understands."""
        return Firmware(*await self.command("version", desiredProtocolVersion=FIRST_VERSION))

    async def agree(self, version: int) -> None:
        """Speak that version, one of VERSIONS, from now on."""
        self._switch_protocol_version(version)
        await self.command("version", desiredProtocolVersion=version)

    @property
    def schemas(self) -> Mapping[str, tuple[int, Schema, Schema]]:
        """Name -> number, fields of the command, fields of the answer or callback."""
        commands: Mapping[str, tuple[int, Schema, Schema]] = cast(Any, self._protocol).COMMANDS
        return commands

    async def command(self, name: str, *args: Any, **kwargs: Any) -> list[Any]:
        """Send a command and give the fields of its answer; EzspError, AshException, OSError."""
        return list(await self._command(name, *args, **kwargs))

    def give_up(self, name: str) -> None:
        """Wait no longer for the answer to a command that has been sent."""
        number = self.schemas[name][0]
        for asked, _, waiting in cast(Any, self._protocol)._awaiting.values():
            if asked == number and not waiting.done():
                waiting.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.failed(trouble.CLOSED)

    def enter_failed_state(self, code: Any) -> None:
        """Report a reset, an error, or that our own side has repeated a frame in vain."""
        known = self.ash.trouble if self.ash else None
        self._listener.failed(known or trouble.NO_ACKNOWLEDGEMENT)

    def frame_received(self, data: bytes) -> None:
        """Hand an answer to the command that asked, and a callback to the listener."""
        protocol = cast(Any, self._protocol)
        header = _HEADER_BEFORE_8 if protocol.VERSION < 8 else _HEADER
        if len(data) < header:
            self.note_unreadable(data)
            return
        sequence, number, rest = protocol._ezsp_frame_rx(data)
        name, _, schema = protocol.COMMANDS_BY_ID.get(number, ("", None, None))
        asked, _, waiting = protocol._awaiting.get(sequence, (None, None, None))
        answers = number == asked or (name == "invalidCommand" and asked is not None)
        if not isinstance(schema, dict):  # unknown, or one of the few that we never use
            self.note_unreadable(data)
        elif answers and not data[1] & _IS_CALLBACK:
            del protocol._awaiting[sequence]
            _settle(waiting, lambda: _answer(name, schema, rest))
        else:
            self._take_callback(name, schema, data, rest)

    def _take_callback(self, name: str, schema: Any, data: bytes, rest: bytes) -> None:
        try:
            fields = _fields(schema, rest)
        except ValueError:
            self.note_unreadable(data)
        else:
            self._listener.callback(name, fields)

    def note_unreadable(self, frame: bytes) -> None:
        """Count a frame that says nothing, and keep it as the last of them."""
        self.unreadable += 1
        self.odd = frame


def _port_settings(line: Line) -> dict[str, Any]:
    return {
        "baudrate": line.baud,
        "xonxoff": line.flow is Flow.SOFTWARE,
        "rtscts": line.flow is Flow.HARDWARE,
    }


def _settle(waiting: "asyncio.Future[list[Any]]", answer: Callable[[], list[Any]]) -> None:
    """Settle the future of a command with its answer, unless it was given up."""
    if waiting.done():
        return
    try:
        waiting.set_result(answer())
    except EzspError as error:
        waiting.set_exception(error)


def _answer(name: str, schema: Any, rest: bytes) -> list[Any]:
    try:
        values = list(_fields(schema, rest).values())
    except ValueError as error:
        raise AnswerUnreadable(f"{name} is cut short") from error
    if name == "invalidCommand":
        raise InvalidCommandError(values[0].name)
    return values


def _fields(schema: Schema, data: bytes) -> Fields:
    """Read fields one after another; bytes left over are ignored. ValueError when short."""
    fields, surplus = t.deserialize_dict(data, schema)
    fields = dict(fields)
    if len(surplus) == _WIDER and schema:
        fields.update(_wide_status(schema, data[-_WIDER - 1 :]))
    return fields


def _wide_status(schema: Schema, end: bytes) -> Fields:
    """Read the last field again as a status of four bytes, if it is a status and they are one.

    Firmware from 7.0 on ends startScan's answer, and some others, with the status of EZSP 14,
    though it speaks a version below; its first byte alone would be another status.
    """
    last = next(reversed(schema))
    status = t.sl_Status(int.from_bytes(end, "little"))
    is_status = schema[last] in (t.EmberStatus, t.EzspStatus) and status in set(t.sl_Status)
    return {last: status} if is_status else {}
