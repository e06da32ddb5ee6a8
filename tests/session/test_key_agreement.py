"""CBKE with a hub: who is believed, what is repeated, and how silence is reported."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hht.clock import ManualClock
from hht.entity_id import EntityId
from hht.session.errors import CbkeFailed, CertificateUnfit, HubSilent, WindowClosed, WrongHub
from hht.session.key_agreement import ANSWER_SECONDS, TRIES, agree_key
from hht.zse.cbke.ecqv import SUITE_2, issue_certificate, new_private_key, public_key_of
from hht.zse.cbke.exchange import CbkeError, CbkeIdentity, CbkeResponder
from hht.zse.zcl import ZclFrame

HHT = EntityId.parse("00-DB-00-00-00-00-FF-01")
HUB = EntityId.parse("00-DB-12-34-56-78-90-A3")
OTHER = EntityId.parse("00-DB-12-34-56-78-90-B3")
ISSUER = EntityId(b"test-iss")
CLOSED = WindowClosed(HUB, 60)


class Authority:
    """An ECQV authority of a test's own."""

    def __init__(self) -> None:
        self.key = new_private_key(SUITE_2, os.urandom).to_bytes(36, "big")

    def identity(self, entity: EntityId, **unusual: Any) -> CbkeIdentity:
        certificate, private = issue_certificate(
            SUITE_2, self.key, ISSUER, entity, os.urandom, **unusual
        )
        return CbkeIdentity(entity, certificate, private, public_key_of(SUITE_2, self.key))


class HubAtHand:
    """A carrier with a responder behind it; `lose` names the frames (in order) that get lost.

    So much time passes after a loss that the next try begins.
    """

    def __init__(self, identity: CbkeIdentity, lose: Callable[[int], bool] = lambda _: False):
        self.responder = CbkeResponder(identity)
        self.lose = lose
        self.clock = ManualClock()
        self.sent: list[ZclFrame] = []
        self.answers: asyncio.Queue[ZclFrame] = asyncio.Queue()

    async def send(self, frame: ZclFrame) -> None:
        self.sent.append(frame)
        if self.lose(len(self.sent)):
            asyncio.get_running_loop().call_soon(self.clock.advance, ANSWER_SECONDS)
        elif answer := self.answer(frame):
            self.answers.put_nowait(answer)

    def answer(self, frame: ZclFrame) -> ZclFrame | None:
        try:
            return self.responder.receive(frame)
        except CbkeError as error:
            return error.answer

    async def receive(self) -> ZclFrame:
        return await self.answers.get()


async def test_both_sides_hold_the_same_key() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB))
    key = await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert key == hub.responder.link_key
    assert len(hub.sent) == 3


async def test_a_lost_frame_is_sent_again() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB), lose=lambda number: number in (1, 3, 5))
    key = await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert key == hub.responder.link_key
    assert hub.sent[0] == hub.sent[1]


async def test_an_answer_that_comes_twice_is_passed_over() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB))
    receive = hub.responder.receive

    def twice(frame: ZclFrame) -> ZclFrame | None:
        answer = receive(frame)
        if answer:
            hub.answers.put_nowait(answer)
        return answer

    hub.responder.receive = twice  # type: ignore[method-assign]
    key = await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert key == hub.responder.link_key


async def test_silence_from_the_start_is_reported_as_the_caller_says() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB), lose=lambda _: True)
    with pytest.raises(WindowClosed, match="open for 60 minutes from power-on"):
        await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert len(hub.sent) == TRIES


async def test_silence_in_the_middle_is_the_hub_gone_silent() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB), lose=lambda number: number > 1)
    with pytest.raises(HubSilent, match="did not answer"):
        await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)


async def test_a_certificate_of_another_device_is_not_the_confirmed_hub() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(OTHER))
    with pytest.raises(WrongHub, match="does not name the hub"):
        await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)


async def test_a_certificate_of_another_authority_fails_and_the_hub_is_informed() -> None:
    hub = HubAtHand(Authority().identity(HUB))
    with pytest.raises(CbkeFailed):
        await agree_key(hub, Authority().identity(HHT), HUB, CLOSED, hub.clock)


async def test_a_forged_confirmation_gives_no_key() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB))
    receive = hub.receive

    async def forged() -> ZclFrame:
        answer = await receive()
        return replace(answer, payload=bytes(16)) if answer.command == 2 else answer

    hub.receive = forged  # type: ignore[method-assign]
    with pytest.raises(CbkeFailed, match="key confirmation is wrong"):
        await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert hub.sent[-1].command == 3


DAY = 86_400
UNFIT = [
    ({"valid_from": 2_000 * DAY}, "is valid only from 1975-06-24"),
    ({"valid_from": 0xFF_FFFF_FFFF}, "is valid only from 9999-12-31"),
    ({"valid_from": 10 * DAY, "valid_for": 20 * DAY}, "was valid until 1970-01-31"),
    ({"key_usage": 0x81}, "is not for key agreement (key usage 81)"),
    ({"key_usage": 0x00}, "is not for key agreement (key usage 00)"),
]


@pytest.mark.parametrize(("unusual", "doubt"), UNFIT)
async def test_a_certificate_out_of_date_or_for_another_use_is_refused_and_the_hub_is_informed(
    unusual: dict[str, Any], doubt: str
) -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB, **unusual))
    hub.clock.set(datetime.fromtimestamp(1_000 * DAY, UTC))
    with pytest.raises(CertificateUnfit) as error:
        await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
    assert doubt in error.value.what
    assert hub.sent[-1].command == 3


@pytest.mark.parametrize(("unusual", "doubt"), UNFIT)
async def test_where_that_is_reported_and_taken_the_key_is_agreed(
    unusual: dict[str, Any], doubt: str
) -> None:
    authority, doubts = Authority(), list[str]()
    hub = HubAtHand(authority.identity(HUB, **unusual))
    hub.clock.set(datetime.fromtimestamp(1_000 * DAY, UTC))
    key = await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock, doubts.append)
    assert (key, doubts) == (hub.responder.link_key, [doubt])


async def test_a_handhelds_clock_may_be_a_day_off() -> None:
    authority = Authority()
    hub = HubAtHand(authority.identity(HUB, valid_from=0, valid_for=999 * DAY + 1))
    hub.clock.set(datetime.fromtimestamp(1_000 * DAY, UTC))
    assert await agree_key(hub, authority.identity(HHT), HUB, CLOSED, hub.clock)
