"""A speed or flow control that a port refuses is passed over, and nothing is asked on it."""

import errno
from collections.abc import Sequence
from typing import Any, cast

import pytest
from line_doubles import NcpByHand, Thing, on_pty
from serialx import UnsupportedSetting

from hht.clock import SYSTEM_CLOCK
from hht.radio.cancel_scope import CancelScope
from hht.radio.errors import DongleAbsent, DongleSilent
from hht.radio.ezsp.bellows_adapter import Fields, Ncp
from hht.radio.ezsp.opening import Opening
from hht.radio.opening.address import parse_address
from hht.radio.opening.lines import Flow, Line
from hht.radio.opening.questions import ZNP_PING
from hht.radio.opening.trouble import Trouble

PATIENCE = 0.2


class Deaf:
    """Hears of nothing that the dongle does unasked."""

    def callback(self, name: str, fields: Fields) -> None: ...

    def failed(self, trouble: Trouble) -> None: ...


class PickyNcp(Ncp):
    """The adapter on a port whose driver refuses these lines, as some chips do fast ones."""

    def __init__(self, address: str, refused: Sequence[Line], error: Exception) -> None:
        super().__init__(address, Deaf())
        self.refused = refused
        self.error = error

    async def open_line(self, line: Line) -> None:
        self._check(line)
        await super().open_line(line)

    async def retune(self, line: Line) -> None:
        self._check(line)
        await super().retune(line)

    def _check(self, line: Line) -> None:
        if line in self.refused:
            raise self.error


async def found_by(ncp: PickyNcp, address: str, lines: Sequence[Line]) -> Line:
    hold = CancelScope().hold
    opening = Opening(ncp, parse_address(address), hold, hold, PATIENCE, SYSTEM_CLOCK)
    try:
        return await opening.wake(await opening.open_port(lines))
    finally:
        await cast(Any, ncp).disconnect()


REFUSALS = [
    OSError(errno.EINVAL, "Invalid argument"),
    ValueError("no such speed"),
    UnsupportedSetting("no RTS/CTS here"),
]


@pytest.mark.parametrize("error", REFUSALS, ids=("system", "value", "setting"))
async def test_a_line_that_the_port_refuses_is_passed_over(error: Exception) -> None:
    fast, usual, slow = Line(3_000_000, Flow.HARDWARE), Line(115200), Line(57600)
    other = NcpByHand()
    other.at_speed = slow.baud
    async with on_pty(other) as address:
        ncp = PickyNcp(address, [fast], error)  # as remembered of the stick at another port
        assert await found_by(ncp, address, [fast, usual, slow]) == slow
        ncp = PickyNcp(address, [fast], error)
        assert await found_by(ncp, address, [usual, fast, slow]) == slow


async def test_nothing_is_asked_on_a_line_that_the_port_refuses() -> None:
    usual, fast = Line(115200), Line(3_000_000)
    thing = Thing()
    async with on_pty(thing) as address:
        with pytest.raises(DongleSilent):
            await found_by(PickyNcp(address, [fast], REFUSALS[0]), address, [usual, fast])
    assert thing.heard_in_all.count(ZNP_PING) == 1


async def test_a_port_that_refuses_the_one_line_of_its_address_says_so() -> None:
    async with on_pty(Thing()) as address:
        ncp = PickyNcp(address, [Line(3_000_000)], REFUSALS[0])
        with pytest.raises(DongleAbsent, match=r"cannot be set to baud=3000000\. Leave that out"):
            await found_by(ncp, f"{address}?baud=3000000", [Line(3_000_000)])
