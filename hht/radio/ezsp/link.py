"""The EZSP link to a dongle: commands that always end, callbacks by name, and whether it is gone.

Importing this module imports bellows (a quarter of a second): do so only to open a dongle.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, Self, cast

from bellows.ash import AshException
from bellows.exception import EzspError, InvalidCommandError
from serialx import SerialException

from hht.clock import Clock, Timer
from hht.radio.cancel_scope import CancelScope
from hht.radio.errors import DongleLost, DongleRefused, DongleSlow
from hht.radio.ezsp.bellows_adapter import AnswerUnreadable, Fields, Firmware, Ncp
from hht.radio.ezsp.opening import Opening
from hht.radio.opening.address import RadioAddress
from hht.radio.opening.lines import Line
from hht.radio.opening.open_errors import explain
from hht.radio.opening.trouble import CLOSED, CLOSED_BY_US, Trouble, silence
from hht.radio.types import Table

__all__ = ["EzspLink", "Fields", "succeeded"]

Handler = Callable[[Fields], None]

# From the first attempt to open the port until the dongle is set up: 19 s for the search of its
# line, and 3 s for a dozen questions, each answered within milliseconds.
OPENING_SECONDS = 22.0
CLOSE_SECONDS = 1.0  # a serial driver that hangs must not hold up the program's end
_END_SECONDS = 0.05  # for calls that end by themselves when the port closes
_OPTIONAL_SECONDS = 2.0  # firmware answers within milliseconds, and within 1 s when it erases flash
# Statuses that pass, by versions before and from 14; a queue empties within a few MAC frames.
_BUSY = {
    *("MAC_SCANNING", "NO_BUFFERS", "MAC_TRANSMIT_QUEUE_FULL", "NETWORK_BUSY", "PHY_TX_BUSY"),
    *("MAX_MESSAGE_LIMIT_REACHED", "ZIGBEE_MAX_MESSAGE_LIMIT_REACHED", "BUSY", "TRANSMIT_BUSY"),
    *("ALLOCATION_FAILED", "NO_MORE_RESOURCE", "WOULD_BLOCK"),
}
_BUSY_TRIES = 4
_BUSY_SECONDS = 0.1


class EzspLink:
    """An open dongle. Every wait ends: with an answer, or with DongleLost.

    `patience` is how many seconds the dongle may stay silent before it counts as lost. `line`
    is that on which it answered, None where a server sets it; `tables` what it was asked to have
    room for, and has.
    """

    firmware: Firmware
    line: Line | None = None

    def __init__(self, address: RadioAddress, patience: float, clock: Clock) -> None:
        self.url = address.url
        self.patience = patience
        self.clock = clock
        self.scope = CancelScope(clock)
        self._address = address
        self._heard = False
        self._is_awake = False
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._watch: asyncio.Task[None] | None = None
        self._limit: Timer | None = None
        self._calls: set[asyncio.Future[Any]] = set()
        self.tables: dict[str, Table] = {}
        self.ncp = Ncp(address.url, self)

    @classmethod
    async def open(
        cls, address: RadioAddress, lines: tuple[Line, ...], patience: float, clock: Clock
    ) -> Self:
        """Reset the dongle on the first of the lines on which it answers, and agree on EZSP.

        DongleError when that fails. The link ends after OPENING_SECONDS unless `limit` is called.
        """
        _keep_secrets_out_of_logs()
        link = cls(address, patience, clock)
        link.limit(OPENING_SECONDS)
        try:
            await link._connect(lines)
        except BaseException:
            await link.close()
            raise
        return link

    async def _connect(self, lines: tuple[Line, ...]) -> None:
        hold = self.scope.hold
        opening = Opening(self.ncp, self._address, hold, self._run, self.patience, self.clock)
        try:
            line = await opening.wake(await opening.open_port(lines))
            self._is_awake = True
            self.firmware = await opening.agree()
        except (OSError, ValueError, SerialException, AshException, DongleLost) as error:
            if self.scope.ended.is_set() and self._address.at_server and not self._is_awake:
                raise await opening.hung_up() from error
            self.scope.check()
            raise explain(error, self.url) from error
        self.line = None if self._address.at_server else line
        self._watch = asyncio.create_task(self._watch_over())

    def limit(self, seconds: float | None) -> None:
        """End the link as too slow in so many seconds, None for no end, whatever was set before."""
        if self._limit is not None:
            self._limit.cancel()
        cut = partial(self.scope.cut, partial(DongleSlow, self.url))
        self._limit = None if seconds is None else self.clock.call_later(seconds, cut)

    @property
    def version(self) -> int:
        """The EZSP version agreed on."""
        return self.firmware.ezsp

    def has(self, name: str) -> bool:
        """Return whether this EZSP version has the command."""
        return name in self.ncp.schemas

    @property
    def repeated(self) -> int:
        """How many frames had to be sent to the dongle again."""
        return self.ncp.ash.repeated if self.ncp.ash else 0

    @property
    def unreadable(self) -> tuple[int, bytes]:
        """How many frames from the dongle could not be read, and the last of them."""
        return self.ncp.unreadable, self.ncp.odd

    def note_nonsense(self, callback: str) -> None:
        """Count a callback whose fields can be read and cannot be true."""
        self.ncp.note_unreadable(self.ncp.schemas[callback][0].to_bytes(2, "little"))

    async def close(self) -> None:
        """Close the port, within a second and without an error."""
        self.limit(None)
        if self._watch is not None:
            self._watch.cancel()
        self.lose(CLOSED_BY_US)
        with contextlib.suppress(OSError):  # a TimeoutError is one, too
            async with self.clock.timeout(CLOSE_SECONDS):
                await cast(Any, self.ncp).disconnect()
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
        try:
            answer = await self._ask(name, args, kwargs, self.patience)
        except TimeoutError as error:
            raise self.lose(silence(name, self.patience)) from error
        return answer

    async def optional(self, name: str, *args: Any, **kwargs: Any) -> list[Any] | None:
        """Send a command that can be done without; None where it is refused or unanswered."""
        try:
            return await self._ask(name, args, kwargs, min(_OPTIONAL_SECONDS, self.patience))
        except TimeoutError:
            self.ncp.give_up(name)
        except DongleRefused:
            pass
        return None

    async def _ask(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float
    ) -> list[Any]:
        """Send a command; TimeoutError when no answer comes in time."""
        try:
            answer: list[Any] = await self._run(self.ncp.command(name, *args, **kwargs), seconds)
        except InvalidCommandError as error:
            raise DongleRefused(self.url, name, "its firmware does not have it") from error
        except AnswerUnreadable as error:
            raise DongleRefused(self.url, name, "its answer is cut short") from error
        except TimeoutError:
            raise
        except (OSError, EzspError, AshException) as error:
            raise self.lose(CLOSED) from error
        self._heard = True
        return answer

    async def _run(self, call: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """Wait for a coroutine of bellows', which when we give up is left to its own end.

        Cancelled while it sends, it would leave behind a task that fails unseen.
        """
        if self.scope.ended.is_set():
            call.close()
            self.scope.check()
        running = asyncio.ensure_future(call)
        self._calls.add(running)
        running.add_done_callback(self._call_ended)
        return await self.scope.hold(asyncio.shield(running), seconds)

    def _call_ended(self, call: asyncio.Future[Any]) -> None:
        """Retrieve the failure of a call: it may not be waited for any more."""
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()

    async def order(self, name: str, *args: Any, **kwargs: Any) -> list[Any]:
        """Send a command whose answer begins with a status; DongleRefused unless it is success."""
        status, *rest = await self.insist(name, *args, **kwargs)
        if not succeeded(status):
            raise DongleRefused(self.url, name, status_name(status))
        return rest

    async def insist(self, name: str, *args: Any, **kwargs: Any) -> list[Any]:
        """Send a command, again while the dongle is only busy, and return its last answer."""
        for _ in range(_BUSY_TRIES):
            answer = await self.command(name, *args, **kwargs)
            if answer[0].name not in _BUSY:
                break
            await self.scope.hold(self.clock.sleep(_BUSY_SECONDS))
        return answer

    @contextlib.contextmanager
    def listening(self, name: str, handler: Handler) -> Iterator[None]:
        """Have `handler` called with the named fields of each such callback."""
        self.listen(name, handler)
        try:
            yield
        finally:
            self.ignore(name, handler)

    def listen(self, name: str, handler: Handler) -> None:
        """Have `handler` called as in `listening`, until `ignore`."""
        if handler not in self._handlers[name]:
            self._handlers[name].append(handler)

    def ignore(self, name: str, handler: Handler) -> None:
        """Call it no more."""
        if handler in self._handlers[name]:
            self._handlers[name].remove(handler)

    def lose(self, trouble: Trouble) -> DongleLost:
        """Count the dongle as gone, and return the error to raise."""

        def lost() -> DongleLost:
            remedy = trouble.remedy_for(at_server=self._address.at_server)
            return DongleLost(self.url, trouble.reason, remedy)

        self.scope.cut(lost)
        return lost()

    def failed(self, trouble: Trouble) -> None:
        """Count the dongle as gone, but for resets and errors while it is being reset."""
        if self._is_awake or trouble == CLOSED:
            self.lose(trouble)

    def callback(self, name: str, fields: Fields) -> None:
        """Call the handlers of a callback."""
        self._heard = True
        for handler in tuple(self._handlers.get(name, ())):
            handler(fields)

    async def _watch_over(self) -> None:
        """Ask now and then whether the dongle is still there, when it says nothing itself."""
        while not self.scope.ended.is_set():
            self._heard = False
            await self.clock.sleep(self.patience)
            if not self._heard:
                with contextlib.suppress(DongleLost, DongleRefused):
                    # Not nop: some firmware leaves that unanswered.
                    await self.command("getEui64")


def succeeded(status: Any) -> bool:
    """Return whether a status, of any of EZSP's three kinds, is success."""
    return int(status) == 0


def status_name(status: Any) -> str:
    """Return the name that its kind of status has for it, or its number."""
    name: str = status.name
    unnamed = name.startswith(("undefined", "NO_ERROR"))  # the latter is 0xFF, a failure
    return f"status 0x{int(status):02X}" if unnamed else name


def _keep_secrets_out_of_logs() -> None:
    """Silence bellows and its serial port, which log every command, keys included, at DEBUG."""
    for name in ("bellows", "zigpy", "serialx"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
