"""From a port to an agreed version of EZSP; or to what it is that answers instead."""

import errno
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, cast

from bellows.ash import AshException
from bellows.exception import EzspError, InvalidCommandError
from serialx import SerialException

from hht.clock import Clock
from hht.radio.errors import DongleAbsent, DongleError, DongleSilent, FirmwareUnfit, WrongDevice
from hht.radio.ezsp.bellows_adapter import VERSIONS, Firmware, Ncp
from hht.radio.opening import on_the_network
from hht.radio.opening.address import RadioAddress
from hht.radio.opening.answer import LIKELY, NCP_FIRMWARE, NOISE, SILENT, SURE, Answer
from hht.radio.opening.answers import comes_back, recognise, unasked
from hht.radio.opening.lines import Line
from hht.radio.opening.questions import QUESTIONS, TEXT

LEAST_VERSION = 8  # the first with sendRawMessageExtended
MESH_STACK = 2  # EZSP_STACK_TYPE_MESH

_PORT_SECONDS = 5.0  # a thread opens it, which a busy machine is slow to run
_BOOT_SECONDS = 2.0  # for the reset that zigbeed and the virtual NCP report when connected to
_FIRST_SECONDS = 2.5  # from RST to RSTACK; an EFR32 takes up to 1 s, some servers longer
_NEXT_SECONDS = 1.2  # on each line that is less likely
# For all lines together, the opening of the port included, so that with the questions after them
# the search ends within 19 s; on a busy machine the last ones have less than their share.
LINES_SECONDS = 15.8
_TRIES_AT_SERVER = 3  # a serial server may still hold the last connection
_QUESTION_SECONDS = 0.3  # firmware answers such questions within milliseconds
_TEXT_SECONDS = 1.0  # a login starts a program before it answers a line
_LINE_ERRORS = (OSError, ValueError, SerialException)
_REFUSALS = {errno.EINVAL, errno.ENOTSUP}  # of a speed or flow control, not of the port
_QUESTION_LINES = 2  # the likeliest two: each more costs 1.5 s; the others have text alone

Hold = Callable[[Coroutine[Any, Any, Any], float | None], Awaitable[Any]]
Run = Callable[[Coroutine[Any, Any, Any], float], Awaitable[Any]]


class Opening:
    """The search for the line on which an NCP answers, and for a version of EZSP with it.

    `hold` cancels what has not ended after so many seconds; `run` leaves a command to its own
    end, for it cannot be called back. Both fail when the connection does. `patience` shortens
    every wait for the NCP that is longer.
    """

    def __init__(
        self, ncp: Ncp, address: RadioAddress, hold: Hold, run: Run, patience: float, clock: Clock
    ) -> None:
        self._ncp = ncp
        self._address = address
        self._hold = hold
        self._run = run
        self._patience = patience
        self._clock = clock
        self._best = Answer("", "", -1)
        self._tuned: Line | None = None
        self._looked_at = 0
        self._lines_end = clock.elapsed() + LINES_SECONDS

    async def open_port(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Open the port on the first line that it does not refuse; return this and the later ones.

        The serial library's error when it does not open on any.
        """
        first, *later = lines
        try:
            await self._hold(self._ncp.open_line(first), max(self._patience, _PORT_SECONDS))
        except _LINE_ERRORS as error:
            if _is_refusal(error) and later:
                return await self.open_port(later)
            if _is_refusal(error) and self._address.named_line:
                raise self._refused_line() from error
            raise
        self._tuned = first
        return lines

    def _refused_line(self) -> DongleAbsent:
        what = f"The port cannot be set to {self._address.named_line}"
        remedy = "Leave that out, or write what the dongle's maker says."
        return DongleAbsent(what, where=self._address.url, remedy=remedy)

    async def wake(self, lines: Sequence[Line]) -> Line:
        """Reset the NCP on the first line on which it answers; the port is open on lines[0].

        DongleSilent or WrongDevice when it answers on none.
        """
        if self._address.at_server:
            lines = [lines[0]] * _TRIES_AT_SERVER
            if await self._resets(self._ncp.reset_of_its_own(), _BOOT_SECONDS):
                return lines[0]
        for number, line in enumerate(lines):
            usual = _NEXT_SECONDS if number else _FIRST_SECONDS
            share = self._share(usual, len(lines) - number - 1)
            says_text = number >= _QUESTION_LINES and not self._address.at_server
            if await self._answers_on(line, share, says_text=says_text):
                return line
        await self._ask_around(lines[:_QUESTION_LINES])
        if self._best.rank == NOISE and await self._talks_unasked():
            self._best = unasked(bytes(self._ash.first), at_server=self._address.at_server)
        raise self._no_ncp(self._best)

    def _share(self, usual: float, later: int) -> float:
        """Return how many of its usual seconds a line has: all, if those after it have theirs."""
        left = max(0.0, self._lines_end - self._clock.elapsed())
        return usual * min(1.0, left / (usual + later * _NEXT_SECONDS))

    async def _answers_on(self, line: Line, seconds: float, *, says_text: bool) -> bool:
        if not await self._tune(line):
            return False
        if says_text:
            self._ash.write(TEXT)  # an NCP drops it: the first byte of a reset cancels what came
        if await self._resets(cast(Any, self._ncp).reset(), seconds):
            return True
        if comes_back(bytes(self._ash.first)):
            await self._ask(TEXT, _TEXT_SECONDS)  # a command line answers, a mere echo does not
        self._look()
        return False

    async def _ask(self, question: bytes, seconds: float) -> None:
        self._ash.write(question)
        await self._hold(self._clock.sleep(min(seconds, self._patience)), None)

    async def _tune(self, line: Line) -> bool:
        """Set the port, unless it is set so; False when it does not know such a line."""
        if line != self._tuned:
            self._ash.first.clear()
            self._tuned = None  # a port that refuses may have taken half of it
            try:
                await self._hold(self._ncp.retune(line), self._patience)
            except _LINE_ERRORS:
                return False
            self._tuned = line
        self._looked_at = len(self._ash.first)
        return True

    @property
    def _ash(self) -> Any:
        return self._ncp.ash

    async def _resets(self, reset: Coroutine[Any, Any, None], seconds: float) -> bool:
        try:
            await self._hold(reset, min(seconds, self._patience))
        except (TimeoutError, AshException):
            return False
        return True

    def _look(self) -> None:
        """Note what answers on this line; WrongDevice when its last bytes leave no doubt.

        What came before may only be a server's greeting, or left over.
        """
        heard, address = bytes(self._ash.first), self._address
        answer = recognise(heard, at_server=address.at_server, named=address.named_line)
        if answer.rank > self._best.rank:
            self._best = answer
        just_now = recognise(heard[self._looked_at :], at_server=address.at_server)
        if just_now.rank >= SURE:
            raise self._no_ncp(answer if answer.rank >= SURE else just_now)

    async def _ask_around(self, lines: Sequence[Line]) -> None:
        """Ask in other languages: some firmware says nothing to a reset of ASH."""
        for line in dict.fromkeys(lines):
            for question in QUESTIONS:
                if await self._tune(line):
                    await self._ask(question, _QUESTION_SECONDS)
                    self._look()

    async def _talks_unasked(self) -> bool:
        """Return whether bytes come though nothing was asked for a while, as no NCP sends them."""
        before = self._ash.heard
        await self._hold(self._clock.sleep(min(_QUESTION_SECONDS, self._patience)), None)
        return bool(self._ash.heard > before)

    async def hung_up(self) -> DongleError:
        """Find out what a server is that closed the connection before a dongle answered."""
        url = self._address.url
        answer = recognise(bytes(self._ash.first), at_server=True)
        for question in on_the_network.QUESTIONS:
            if answer.rank < SURE:
                heard = await on_the_network.ask_again(url, question, self._clock)
                answer = recognise(heard, at_server=True)
        if answer.rank >= SURE:
            return self._no_ncp(answer)
        what = f"The server closes the connection at once{on_the_network.usual_at(url)}"
        remedy = "Close the program that uses the dongle through it, or start it again."
        return DongleAbsent(what, where=url, remedy=remedy)

    def _no_ncp(self, answer: Answer) -> DongleError:
        if answer.rank == SILENT and self._address.at_server:
            answer = replace(answer, what=answer.what + on_the_network.usual_at(self._address.url))
        if answer.rank < LIKELY:
            return DongleSilent(self._address.url, answer.what, answer.remedy)
        return WrongDevice(answer.what, where=self._address.url, remedy=answer.remedy)

    async def agree(self) -> Firmware:
        """Agree on a version of EZSP; FirmwareUnfit or DongleSilent when there is none."""
        try:
            firmware: Firmware = await self._run(self._ncp.ask_firmware(), self._patience)
            check_firmware(firmware, self._address.url)
            await self._run(self._ncp.agree(firmware.ezsp), self._patience)
        except TimeoutError as error:
            raise DongleSilent(
                self._address.url,
                "The dongle answers a reset, but not the question for its EZSP version",
                f"Unplug it and plug it in again; if it stays so, write {NCP_FIRMWARE}, to it.",
            ) from error
        except InvalidCommandError as error:
            raise self._unfit(
                f"The dongle's firmware refuses every command ({error})",
                f"Write {NCP_FIRMWARE}, to it.",
            ) from error
        except EzspError as error:
            raise self._unfit(
                f"The dongle's answer cannot be read ({error})", f"Write {NCP_FIRMWARE}, to it."
            ) from error
        return firmware

    def _unfit(self, what: str, remedy: str) -> FirmwareUnfit:
        return FirmwareUnfit(what, where=self._address.url, remedy=remedy)


def _is_refusal(error: Exception) -> bool:
    """Return whether a port refuses a line, which it may not do with another."""
    return not isinstance(error, OSError) or error.errno in _REFUSALS


def check_firmware(firmware: Firmware, where: str) -> None:
    """Raise FirmwareUnfit where a dongle's firmware cannot do what a visit needs."""
    version = firmware.ezsp
    if firmware.stack_type != MESH_STACK:
        raise FirmwareUnfit(
            f"The dongle's firmware is no ZigBee mesh stack (type {firmware.stack_type})",
            where=where,
            remedy=f"Write {NCP_FIRMWARE}, to it.",
        )
    if version < LEAST_VERSION:
        raise FirmwareUnfit(
            f"The dongle's firmware is too old: it speaks EZSP {version}, "
            f"the least is {LEAST_VERSION}",
            where=where,
            remedy=f"Update its firmware to {NCP_FIRMWARE}.",
        )
    if version not in VERSIONS:
        remedy = f"Update hht, or write firmware with EZSP {_known_versions()} to the dongle."
        what = f"The dongle's firmware speaks EZSP {version}, which hht does not know"
        raise FirmwareUnfit(what, where=where, remedy=remedy)


def _known_versions() -> str:
    known = sorted(version for version in VERSIONS if version >= LEAST_VERSION)
    return f"{known[0]} to {known[-1]}"
