"""One secured request over inter-PAN, before anything of it is sent."""

from dataclasses import replace

import pytest

from hht.clock import SYSTEM_CLOCK
from hht.entity_id import EntityId
from hht.hub_profile import load_profile
from hht.session.errors import FitsNoFrame
from hht.session.secured_exchange import SecuredExchange
from hht.zse.interpan.frame import InterPanFrame

HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
HUB = EntityId.parse("00-DB-12-34-56-78-90-A3")


class Line:
    """A link that keeps what it is to send."""

    clock = SYSTEM_CLOCK

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def frame(self, cluster: int, payload: bytes, profile_id: int) -> InterPanFrame:
        return InterPanFrame(HHT, 0xFFFF, HUB, 0x1A62, 1, cluster, payload, profile_id)

    async def send(self, raw: bytes) -> None:
        self.sent.append(raw)


async def test_a_request_that_needs_fragments_the_profile_forbids_is_not_sent() -> None:
    profile = replace(load_profile(), name="our-hub", admission_fragmentation=False)
    line = Line()
    exchange = SecuredExchange(line, bytes(16), profile)  # type: ignore[arg-type]
    with pytest.raises(FitsNoFrame) as caught:
        await exchange.ask(bytes(150), lambda _: None)
    assert line.sent == []
    assert str(caught.value) == (
        "our-hub: The CCS01 of 189 bytes does not fit a frame, and the hub's profile has "
        "admission_fragmentation = false. "
        "Set admission_fragmentation = true in the profile our-hub."
    )
