"""A Device that is awaited no more, just when it was looked what may go, ends no delivery."""

from types import SimpleNamespace
from typing import Any

import pytest

from hht.clock import ManualClock
from hht.journeys.pairing.joining import Joining
from hht.journeys.visit import Visit

OPEN = SimpleNamespace(state=Joining.OPEN, device="PPMID", seconds_left=60)
OVER = SimpleNamespace(state=Joining.OVER, device="PPMID", seconds_left=0)
ROW, HASH_TO_CONFIRM = object(), object()


class Moments:
    """A visit of which only this is known: what is awaited, then what may go, look by look."""

    def __init__(self, *looks: tuple[object, object]) -> None:
        self.looks = list(looks)
        self.connected = True
        self.clock = ManualClock()
        self.clock.sleep = self.next_look  # type: ignore[assignment, method-assign]
        self.pairing = SimpleNamespace(
            awaited=looks[0][0],
            say_awaited=lambda time: None,
            may_join=lambda time: time.state is Joining.OPEN,
        )
        self.firmware = SimpleNamespace(ask=lambda row: row if row is HASH_TO_CONFIRM else None)

    @property
    def next_ready(self) -> object:
        return self.looks[0][1]

    async def next_look(self, seconds: float) -> None:
        self.looks.pop(0)
        self.pairing.awaited = self.looks[0][0]

    async def await_joining(self) -> bool:
        visit: Any = self
        return await Visit.await_joining(visit)


@pytest.mark.parametrize(
    ("looks", "may_go"),
    [
        ([(None, ROW)], True),
        ([(None, None)], False),
        ([(OVER, None)], False),
        ([(OPEN, None), (OPEN, None), (None, ROW)], True),
        ([(OPEN, None), (OVER, None)], False),
        ([(None, HASH_TO_CONFIRM)], False),
    ],
    ids=["ended meanwhile", "nothing", "over", "joined", "not in time", "a hash to confirm"],
)
async def test_it_says_whether_one_may_go_now(looks: list[tuple[object, object]], may_go) -> None:
    assert await Moments(*looks).await_joining() is may_go
