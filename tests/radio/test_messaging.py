"""Which answers a handheld believes, and from whom."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import bellows.types as t

from hht.clock import ManualClock
from hht.radio.cancel_scope import CancelScope
from hht.radio.ezsp.link import EzspLink
from hht.radio.membership import Membership
from hht.radio.messaging import Messenger, aps_frame
from hht.zse.frames import zdo

HUB, OTHER = 0x0000, 0x1234


class Answering:
    """A link on which every node that is named answers a Match_Desc_req with an endpoint."""

    url, version = "dongle", 8

    def __init__(self, endpoints: dict[int, int]) -> None:
        self.clock = ManualClock()
        self._endpoints = endpoints
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {}

    def listen(self, name: str, handler: Callable[[dict[str, Any]], None]) -> None:
        self._handlers[name] = handler

    async def command(self, name: str) -> list[int]:
        assert name == "maximumPayloadLength"
        return [82]

    async def insist(
        self, name: str, kind: Any, to: int, frame: Any, tag: int, piece: bytes
    ) -> Any:
        for sender, endpoint in self._endpoints.items():
            answer = piece[:1] + b"\x00" + sender.to_bytes(2, "little") + bytes((1, endpoint))
            self._handlers["incomingMessageHandler"](
                {
                    "apsFrame": aps_frame(zdo.PROFILE, zdo.MATCH_DESCRIPTOR | zdo.RESPONSE, 0, 0),
                    "sender": sender,
                    "messageContents": answer,
                    "lastHopLqi": 255,
                    "lastHopRssi": -40,
                }
            )
        self._handlers["messageSentHandler"]({"messageTag": tag, "status": t.EmberStatus.SUCCESS})
        return t.EmberStatus.SUCCESS, 1


async def test_only_the_node_that_was_asked_says_where_its_endpoint_is() -> None:
    link = Answering({OTHER: 7, HUB: 2})
    membership = cast(Membership, SimpleNamespace(scope=CancelScope(link.clock)))
    messenger = Messenger(cast(EzspLink, link), membership)
    assert await messenger.discover_endpoint(0x0109, 0x0704, HUB, timeout=5) == 2
