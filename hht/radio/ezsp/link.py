"""The EZSP link to a dongle: commands that always end, callbacks by name, and whether it is gone.

Importing this module imports bellows (a quarter of a second): do so only to open a dongle.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Self, cast

import bellows.types as t
from bellows.ash import AshException
from bellows.exception import EzspError, InvalidCommandError
from bellows.ezsp import EZSP
from serialx import SerialException

from hht.clock import Clock
from hht.radio.cancel_scope import Lifeline
from hht.radio.errors import DongleLost, DongleRefused
from hht.radio.ezsp.open_errors import explain

Fields = dict[str, Any]
Handler = Callable[[Fields], None]

LEAST_VERSION = 8  # the first with sendRawMessageExtended
BAUD_RATE = 115200
CLOSE_SECONDS = 1.0
_END_SECONDS = 0.05
_SOCKET_GRACE = 2.5  # bellows waits 2 s on a socket for a reset that may not come
_INCOMING_MESSAGE = b"\x45\x00"


class _Ezsp(EZSP):
    """EZSP that hands on each APS fragment as it came.

    bellows puts fragments together itself, but from EZSP 14 on it takes the wrong fields
    for the sender and the payload, and the message is lost.
    """

    def frame_received(self, data: bytes) -> None:
        if self.ezsp_version < LEAST_VERSION or data[3:5] != _INCOMING_MESSAGE:
            super().frame_received(data)
            return
        bellows: Any = self  # it has no annotations
        schema = bellows._protocol.COMMANDS["incomingMessageHandler"][2]
        fields, _ = t.deserialize_dict(data[5:], schema)
        bellows.handle_callback("incomingMessageHandler", list(fields.values()))


class EzspLink:
    """An open dongle. Every wait ends: with an answer, or with DongleLost.

    `patience` is how many seconds the dongle may stay silent before it counts as lost.
    """

    def __init__(self, url: str, patience: float, clock: Clock) -> None:
        self.url = url
        self.patience = patience
        self.clock = clock
        self.lifeline = Lifeline(clock)
        self._opened = False
        self._heard = False
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._watch: asyncio.Task[None] | None = None
        self._calls: set[asyncio.Future[Any]] = set()
        settings = {"path": url, "baudrate": BAUD_RATE, "flow_control": None}
        self._ezsp = cast(Any, _Ezsp(settings, self))
        self._ezsp.add_callback(self._dispatch)

    @classmethod
    async def open(cls, url: str, patience: float, clock: Clock) -> Self:
        """Reset the dongle and agree on an EZSP version; DongleError when that fails."""
        _keep_secrets_out_of_logs()
        link = cls(url, patience, clock)
        try:
            await link._connect()
        except BaseException:
            await link.close()
            raise
        return link

    async def _connect(self) -> None:
        grace = _SOCKET_GRACE if self._ezsp.is_tcp_serial_port else 0.0
        try:
            await self._run(self._ezsp.connect(use_thread=False), self.patience + grace)
        except (OSError, ValueError, SerialException, EzspError, AshException) as error:
            raise explain(error, self.url) from error
        self._opened = True
        if self.version < LEAST_VERSION:
            raise DongleRefused(
                self.url,
                "to be used",
                f"its firmware speaks EZSP {self.version}, the least is {LEAST_VERSION}",
                "Update its firmware to EmberZNet 6.7 or later.",
            )
        self._watch = asyncio.create_task(self._watch_over())

    @property
    def version(self) -> int:
        """The EZSP version agreed on."""
        return int(self._ezsp.ezsp_version)

    @property
    def ezsp(self) -> Any:
        """bellows' own object, for its wrappers; always through `answer`."""
        return self._ezsp

    def has(self, name: str) -> bool:
        """Does this EZSP version have the command?"""
        return name in self._ezsp._protocol.COMMANDS

    async def close(self) -> None:
        """Let go of the port; never takes longer than a second and never fails."""
        if self._watch is not None:
            self._watch.cancel()
        self.lose("closed")
        with contextlib.suppress(OSError):  # a TimeoutError is one, too
            async with self.clock.timeout(CLOSE_SECONDS):
                await self._ezsp.disconnect()
        if self._calls:
            with contextlib.suppress(TimeoutError):
                async with self.clock.timeout(_END_SECONDS):
                    await asyncio.wait(self._calls)
            for call in tuple(self._calls):
                call.cancel()

    async def command(self, name: str, *args: Any, **kwargs: Any) -> list[Any]:
        """Send a command and give the fields of its answer, in their order.

        DongleLost when the dongle is gone or stays silent, DongleRefused when its firmware
        does not have the command.
        """
        return list(await self.answer(name, self._ezsp._command(name, *args, **kwargs)))

    async def answer(self, name: str, call: Coroutine[Any, Any, Any]) -> Any:
        """What a coroutine of bellows gives, its failures told as in `command`."""
        try:
            result = await self._run(call, self.patience)
        except InvalidCommandError as error:
            raise DongleRefused(self.url, name, "its firmware does not have it") from error
        except TimeoutError as error:
            raise self.lose(f"no answer to {name} within {self.patience:g} s") from error
        except (OSError, EzspError, AshException) as error:
            raise self.lose(f"{name} failed: {type(error).__name__}") from error
        self._heard = True
        return result

    async def _run(self, call: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """Wait for a coroutine of bellows', which when we give up is left to its own end.

        Cancelled while it sends, it would leave behind a task that fails unseen.
        """
        if self.lifeline.ended.is_set():
            call.close()
            self.lifeline.check()
        running = asyncio.ensure_future(call)
        self._calls.add(running)
        running.add_done_callback(self._call_ended)
        return await self.lifeline.hold(asyncio.shield(running), seconds)

    def _call_ended(self, call: asyncio.Future[Any]) -> None:
        """Nobody may be waiting for it any more: take note of its failure."""
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()

    async def order(self, name: str, *args: Any, **kwargs: Any) -> list[Any]:
        """A command whose answer begins with a status: DongleRefused unless it is success."""
        status, *rest = await self.command(name, *args, **kwargs)
        if not succeeded(status):
            raise DongleRefused(self.url, name, _named(name, status))
        return rest

    @contextlib.contextmanager
    def listening(self, name: str, handler: Handler) -> Iterator[None]:
        """Have `handler` called with the named fields of each such callback."""
        self.listen(name, handler)
        try:
            yield
        finally:
            self._handlers[name].remove(handler)

    def listen(self, name: str, handler: Handler) -> None:
        """As `listening`, for as long as the link is open."""
        self._handlers[name].append(handler)

    def lose(self, reason: str) -> DongleLost:
        """Count the dongle as gone; gives the error to raise."""
        self.lifeline.cut(lambda: DongleLost(self.url, reason))
        return DongleLost(self.url, reason)

    def connection_lost(self, error: Exception | None) -> None:
        """bellows reports that the port closed, or that the dongle reset or failed."""
        unasked_reset = isinstance(error, AshException)
        if unasked_reset and not self._opened:
            return  # bellows resets the dongle itself while it opens
        self.lose("it reset itself" if unasked_reset else "the connection was closed")

    def _dispatch(self, name: str, values: list[Any]) -> None:
        self._heard = True
        handlers = self._handlers.get(name)
        if handlers:
            fields = dict(zip(self._ezsp._protocol.COMMANDS[name][2], values, strict=True))
            for handler in tuple(handlers):
                handler(fields)

    async def _watch_over(self) -> None:
        """Ask now and then whether the dongle is still there, when it says nothing itself."""
        while not self.lifeline.ended.is_set():
            self._heard = False
            await self.clock.sleep(self.patience)
            if not self._heard:
                with contextlib.suppress(DongleLost):
                    await self.command("nop")


def succeeded(status: Any) -> bool:
    """Is this status of any of EZSP's three kinds success?"""
    return int(status) == 0


def _named(command: str, status: Any) -> str:
    """Name a status; that of a scan is of the newer kind in every version of EZSP."""
    return str(t.sl_Status(int(status)).name if command == "startScan" else status.name)


def _keep_secrets_out_of_logs() -> None:
    """bellows and its serial port log every command, keys included, at DEBUG."""
    for name in ("bellows", "zigpy", "serialx"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
