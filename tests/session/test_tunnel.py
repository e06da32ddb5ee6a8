"""The tunnel: opened by either side, whole messages both ways, blocks, refusals, and its end."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hub_stage import copy_of, stage
from time_passing import while_passing

from hht.clock import ManualClock
from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.hub_profile import load_profile
from hht.radio.dongle import Beacon, Dongle, IncomingMessage
from hht.radio.errors import NetworkLost, NotDelivered
from hht.session.arrivals import MOST_MESSAGES
from hht.session.discovery import HubSeen
from hht.session.errors import HubSilent, MembershipEnded, TunnelClosed, TunnelRefused
from hht.session.han_membership import MOST_FRAMES, Han
from hht.session.membership import leave_han
from hht.session.presence import QUIET_SECONDS, HubGone
from hht.session.tunnel import OWN_TUNNEL, Tunnel
from hht.session.tunnel_opening import ANSWER_SECONDS, TRIES, open_tunnel
from hht.simulator.site.record import Site
from hht.zse import gbt
from hht.zse.gbt_reassembly import Reassembler
from hht.zse.tunneling import (
    CloseTunnel,
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TunnelClosure,
    TunnelData,
    TunnelStatus,
    decode_tunnel_command,
)
from hht.zse.zcl import KEY_ESTABLISHMENT, READ_ATTRIBUTES, TUNNELING, ZclFrame, default_response

GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
HUB = HubSeen(Beacon(15, 0x1A2B, GPF, True, 200, -50))
PROFILE = replace(load_profile(), gbt_timeout_seconds=1, gbt_retries=1)
NUMBER = 5


def message(size: int = 20, counter: int = 7) -> bytes:
    return Message(Cra.COMMAND, counter, ACB, CHF, 1, bytes(size), mac=bytes(12)).encode()


class HubBehindDongle:
    """A dongle whose far end is a test: `answers` makes the hub's frames of each of ours."""

    def __init__(self, answers: Callable[[Any], Any] = lambda command: None) -> None:
        self.answers = answers
        self.clock = ManualClock()
        self.sent: list[Any] = []
        self.fails: Exception | None = None
        self.ended = False
        self.inbox: asyncio.Queue[IncomingMessage] = asyncio.Queue()

    def says(self, *commands: Any, encrypted: bool = True, sender: int = 0) -> None:
        for command in commands:
            frame = command if isinstance(command, ZclFrame) else command.frame(9)
            self.inbox.put_nowait(
                IncomingMessage(TUNNELING, 0x109, 1, 1, sender, frame.encode(), encrypted, 200, -50)
            )

    async def discover_endpoint(self, cluster: int, destination: int) -> int:
        return 3

    async def send_unicast(self, cluster: int, payload: bytes, **options: Any) -> None:
        assert options["aps_encryption"]
        assert options["endpoint"] == 3
        if self.fails:
            raise self.fails
        frame = ZclFrame.decode(payload)
        command = decode_tunnel_command(frame) if frame.cluster_specific else frame
        self.sent.append(command)
        answer = self.answers(command)
        if answer is not None:
            self.says(*(answer if isinstance(answer, list) else [answer]))

    def received(self) -> list[IncomingMessage]:
        return [self.inbox.get_nowait() for _ in range(self.inbox.qsize())]

    async def receive(self, timeout: float | None) -> IncomingMessage:
        if self.inbox.empty() and self.ended:
            raise NetworkLost("dongle")
        return await self.inbox.get()

    @property
    def han(self) -> Han:
        return Han(cast(Dongle, self), HUB)


def grants(command: Any) -> Any:
    """A hub that gives tunnel 5 to anyone who asks."""
    asked = isinstance(command, RequestTunnel)
    return RequestTunnelResponse(NUMBER, TunnelStatus.SUCCESS) if asked else None


async def kept(tunnel: Tunnel) -> bytes:
    """The next message, confirmed as if it were on the disk."""
    arrived = await tunnel.receive()
    tunnel.confirm()
    return arrived


async def opened(hub: HubBehindDongle) -> Tunnel:
    tunnel = await open_tunnel(hub.han, PROFILE)
    hub.sent.clear()
    return tunnel


async def test_the_hht_asks_for_a_tunnel_with_the_values_of_gbcs() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE)
    assert hub.sent == [RequestTunnel(6, 0xFFFF, False, 1500)]
    assert tunnel.number == NUMBER


async def test_a_hub_that_asks_first_gets_its_tunnel() -> None:
    hub = HubBehindDongle()
    hub.says(RequestTunnel())
    tunnel = await open_tunnel(hub.han, replace(PROFILE, tunnel_hub_opens=True))
    assert hub.sent == [RequestTunnelResponse(OWN_TUNNEL, TunnelStatus.SUCCESS, 1500)]
    await tunnel.send(message())
    assert hub.sent[-1] == TransferData(OWN_TUNNEL, message(), from_server=True)


async def test_the_hht_asks_when_the_hub_has_not_within_the_profiles_wait() -> None:
    hub = HubBehindDongle(grants)
    profile = replace(PROFILE, tunnel_hub_opens=True, tunnel_wait_seconds=60)
    tunnel = await while_passing(hub.clock, 60, open_tunnel(hub.han, profile))
    assert tunnel.number == NUMBER


async def test_after_busy_the_hht_asks_again() -> None:
    statuses = iter([TunnelStatus.BUSY, TunnelStatus.SUCCESS])
    hub = HubBehindDongle(lambda _: RequestTunnelResponse(NUMBER, next(statuses)))
    profile = replace(PROFILE, busy_retry_seconds=180)
    await while_passing(hub.clock, 180, open_tunnel(hub.han, profile))
    assert len(hub.sent) == 2


async def test_a_hub_that_stays_busy_is_not_waited_for_after_the_last_request() -> None:
    hub = HubBehindDongle(lambda _: RequestTunnelResponse(NUMBER, TunnelStatus.BUSY))
    profile = replace(PROFILE, busy_retry_seconds=180)
    with pytest.raises(TunnelRefused, match="BUSY"):
        await while_passing(hub.clock, (TRIES - 1) * 180, open_tunnel(hub.han, profile))
    assert len(hub.sent) == TRIES


async def test_with_no_identifier_left_the_old_tunnel_is_closed_first() -> None:
    statuses = iter([TunnelStatus.NO_MORE_TUNNEL_IDS, TunnelStatus.SUCCESS])
    hub = HubBehindDongle(
        lambda command: (
            RequestTunnelResponse(NUMBER, next(statuses))
            if isinstance(command, RequestTunnel)
            else None
        )
    )
    await open_tunnel(hub.han, PROFILE, stale=2)
    assert hub.sent[1] == CloseTunnel(2)


async def test_a_refusal_for_good_is_one_line_with_its_status() -> None:
    hub = HubBehindDongle(
        lambda _: RequestTunnelResponse(0xFFFF, TunnelStatus.PROTOCOL_NOT_SUPPORTED)
    )
    with pytest.raises(TunnelRefused, match="PROTOCOL_NOT_SUPPORTED"):
        await open_tunnel(hub.han, PROFILE)
    assert len(hub.sent) == 1


async def test_a_hub_that_says_nothing_opened_no_tunnel() -> None:
    hub = HubBehindDongle()
    with pytest.raises(TunnelRefused, match="no answer"):
        await while_passing(hub.clock, TRIES * ANSWER_SECONDS, open_tunnel(hub.han, PROFILE))


async def test_a_message_travels_byte_for_byte_both_ways() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    await tunnel.send(message())
    assert hub.sent == [TransferData(NUMBER, message())]
    hub.says(TransferData(NUMBER, message(counter=8), from_server=True))
    assert await kept(tunnel) == message(counter=8)


async def test_a_header_byte_before_a_message_is_recognised_and_taken_off() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    for header in (Header.PUT, Header.GET_RESPONSE):
        data = TunnelData(header, message()).encode()
        hub.says(TransferData(NUMBER, data, from_server=True))
        assert await kept(tunnel) == message()


async def test_a_profile_with_header_bytes_sends_put() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, replace(PROFILE, tunnel_header=True))
    await tunnel.send(message())
    assert hub.sent[-1] == TransferData(NUMBER, b"\x03" + message())


async def test_what_is_no_gbcs_message_is_given_all_the_same() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(TransferData(NUMBER, b"\x55nonsense", from_server=True))
    assert await kept(tunnel) == b"\x55nonsense"


async def test_what_is_not_encrypted_or_not_the_hubs_is_passed_over() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(TransferData(NUMBER, message(counter=1), from_server=True), encrypted=False)
    hub.says(TransferData(NUMBER, message(counter=2), from_server=True), sender=0x1234)
    hub.says(TransferData(NUMBER + 1, message(counter=3), from_server=True))
    hub.says(TransferData(NUMBER, message(counter=4), from_server=True))
    assert await kept(tunnel) == message(counter=4)


def acknowledges(command: Any) -> Any:
    """A hub that gives a tunnel and acknowledges each block."""
    if isinstance(command, TransferData) and gbt.is_block(command.data):
        block = gbt.decode_block(command.data)
        data = gbt.acknowledgement(block, block.number)
        return TransferData(NUMBER, data, from_server=True)
    return grants(command)


async def test_a_message_over_the_tunnels_size_goes_in_acknowledged_blocks() -> None:
    hub = HubBehindDongle(acknowledges)
    tunnel = await opened(hub)
    await tunnel.send(message(4000))
    reassembler = Reassembler()
    wholes = [reassembler.feed(command.data) for command in hub.sent]
    assert len(wholes) == 4
    assert wholes[-1] == message(4000)


async def test_blocks_that_nobody_acknowledges_are_sent_again_and_then_given_up() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE)
    hub.sent.clear()
    with pytest.raises(HubSilent, match="acknowledgement of a block"):
        await while_passing(hub.clock, 2, tunnel.send(message(4000)))
    assert len(hub.sent) == 2
    assert hub.sent[0].data == hub.sent[1].data


def acknowledged(hub: HubBehindDongle) -> list[int]:
    """The blocks that the HHT has acknowledged, as it did."""
    return [gbt.decode_block(command.data).acknowledged for command in hub.sent]


def in_blocks(*numbers: int) -> list[TransferData]:
    """A message of 3,000 bytes from the hub: those of its three blocks."""
    blocks = gbt.split(message(3000), 1200)
    return [TransferData(NUMBER, blocks[number - 1], from_server=True) for number in numbers]


async def test_the_last_block_of_a_message_is_acknowledged_once_the_message_is_kept() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(*in_blocks(1, 2, 3))
    assert await tunnel.receive() == message(3000)
    await tunnel.flush()
    assert acknowledged(hub) == [1, 2]
    tunnel.confirm()
    await tunnel.flush()
    assert acknowledged(hub) == [1, 2, 3]


async def test_a_last_block_that_comes_again_is_not_acknowledged_before_the_message_is_kept() -> (
    None
):
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(*in_blocks(1, 2, 3, 3))
    hub.says(TransferData(NUMBER, message(counter=9), from_server=True))
    assert await kept(tunnel) == message(3000)
    assert await kept(tunnel) == message(counter=9)
    await tunnel.flush()
    assert acknowledged(hub) == [1, 2, 3]
    hub.says(*in_blocks(3), TransferData(NUMBER, message(counter=10), from_server=True))
    assert await kept(tunnel) == message(counter=10)
    await tunnel.flush()
    assert acknowledged(hub) == [1, 2, 3, 3]


async def test_a_message_is_given_again_until_it_is_confirmed() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(TransferData(NUMBER, message(), from_server=True))
    assert [await tunnel.receive() for _ in range(3)] == [message()] * 3
    tunnel.confirm()
    hub.says(TransferData(NUMBER, message(counter=8), from_server=True))
    assert await tunnel.receive() == message(counter=8)


async def test_what_arrives_up_to_the_close_and_during_it_is_held() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    late = TransferData(NUMBER, message(counter=2), from_server=True)
    hub.answers = lambda command: late
    await tunnel.stop()
    hub.says(TransferData(NUMBER, message(counter=1), from_server=True))
    await tunnel.close()
    held: list[bytes] = []
    tunnel.hand_over(held.append)
    assert held == [message(counter=1), message(counter=2)]


async def test_what_cannot_be_kept_stays_in_the_tunnel() -> None:
    def fails(raw: bytes) -> None:
        raise OSError("no room")

    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(TransferData(NUMBER, message(), from_server=True))
    await tunnel.stop()
    with pytest.raises(OSError, match="no room"):
        tunnel.hand_over(fails)
    held: list[bytes] = []
    tunnel.hand_over(held.append)
    assert held == [message()]


async def test_a_hub_that_floods_what_nobody_keeps_fills_no_memory() -> None:
    faults: list[str] = []
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE, on_fault=faults.append)
    flood = [TransferData(NUMBER, message(1000, n), from_server=True) for n in range(2000)]
    hub.says(*flood)
    await tunnel.stop()
    held: list[bytes] = []
    tunnel.hand_over(held.append)
    assert len(held) == MOST_MESSAGES
    assert set(faults) == {"What comes is not taken: too much waits to be kept"}


@pytest.mark.parametrize("most", [60, 150, 300, 1499])
async def test_nothing_sent_is_larger_than_the_hub_grants_blocks_included(most: int) -> None:
    """A hub may grant less than the profile says, and less than a block of the profile has."""
    peer = Reassembler()

    def answers(command: Any) -> Any:
        if isinstance(command, RequestTunnel):
            return RequestTunnelResponse(NUMBER, TunnelStatus.SUCCESS, most)
        assert len(command.data) <= most
        got.append(peer.feed(command.data))
        return TransferData(NUMBER, peer.answer, from_server=True) if peer.answer else None

    got: list[bytes | None] = []
    hub = HubBehindDongle(answers)
    await (await opened(hub)).send(message(2000))
    assert got[-1] == message(2000)


async def test_a_hub_that_asks_faster_than_the_radio_sends_fills_no_memory() -> None:
    faults: list[str] = []
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE, on_fault=faults.append)
    hub.says(TransferData(NUMBER, message(), from_server=True), *[RequestTunnel()] * 400)
    await tunnel.stop()
    assert set(faults) == {"An answer to the hub was dropped: it asks faster than the radio sends"}
    held: list[bytes] = []
    tunnel.hand_over(held.append)
    assert held == [message()]


async def test_frames_of_a_cluster_that_nobody_reads_fill_no_memory() -> None:
    hub = HubBehindDongle()
    han = hub.han
    frame = ZclFrame(0x09, 1, 0, bytes(20)).encode()
    for _ in range(MOST_FRAMES + 3):
        hub.inbox.put_nowait(
            IncomingMessage(KEY_ESTABLISHMENT, 0x109, 1, 1, 0, frame, False, 200, -50)
        )
    assert han.received(TUNNELING) == []
    assert han.dropped == 3
    assert len(han.received(KEY_ESTABLISHMENT)) == MOST_FRAMES


async def test_what_is_no_tunnel_command_is_dropped_and_it_is_said() -> None:
    faults: list[str] = []
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE, on_fault=faults.append)
    hub.says(replace(TransferData(NUMBER, b"", from_server=True).frame(1), payload=b"\x05"))
    hub.says(TransferData(NUMBER, message(), from_server=True))
    assert await kept(tunnel) == message()
    assert "was dropped" in faults[0]


async def test_messages_are_taken_while_a_long_one_is_being_sent() -> None:
    def interrupts(command: Any) -> Any:
        answer = acknowledges(command)
        if isinstance(command, TransferData):
            alert = TransferData(NUMBER, message(counter=len(hub.sent)), from_server=True)
            return [alert, answer]
        return answer

    hub = HubBehindDongle(interrupts)
    tunnel = await opened(hub)
    await tunnel.send(message(4000))
    assert [await kept(tunnel) for _ in range(4)] == [
        message(counter=number) for number in range(1, 5)
    ]


@pytest.mark.parametrize(
    "end",
    [
        TunnelClosure(NUMBER),
        TransferDataError(NUMBER, 0, from_server=True),
        default_response(TransferData(NUMBER, b"").frame(3), 0x8B),
    ],
)
async def test_what_arrived_is_given_before_the_end_of_the_tunnel_is_reported(end: Any) -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.says(TransferData(NUMBER, message(), from_server=True), end)
    assert await kept(tunnel) == message()
    for _ in range(2):
        with pytest.raises(TunnelClosed):
            await kept(tunnel)


async def test_the_end_of_the_membership_is_being_thrown_out() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.ended = True
    hub.says(TransferData(NUMBER, message(), from_server=True))
    assert await kept(tunnel) == message()
    with pytest.raises(MembershipEnded, match="18 hours"):
        await kept(tunnel)
    hub.fails = NetworkLost("dongle")
    with pytest.raises(MembershipEnded):
        await tunnel.send(message())


async def test_an_unforeseen_error_is_raised_to_whoever_receives() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.inbox.put_nowait(cast(IncomingMessage, "no such thing"))
    with pytest.raises(AttributeError):
        await asyncio.wait_for(kept(tunnel), 5)
    await tunnel.stop()


async def test_a_message_without_acknowledgement_may_have_arrived() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.fails = NotDelivered("dongle", "DELIVERY_FAILED")
    with pytest.raises(NotDelivered):
        await tunnel.send(message())


async def test_closing_tells_the_hub() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    await tunnel.close()
    assert hub.sent == [CloseTunnel(NUMBER)]


async def test_leaving_ends_in_order_where_the_dongle_is_off_the_han_already(
    site: Site, tmp_path: Path
) -> None:
    async with stage(copy_of(site, tmp_path)) as at:
        tunnel = await at.connect()
        await at.dongle.leave()
        await leave_han(at.dongle, tunnel, lambda raw: None)


async def test_a_quiet_hub_is_asked_and_its_answer_is_no_fault_whatever_it_says() -> None:
    faults: list[str] = []
    hub = HubBehindDongle(grants)
    tunnel = await open_tunnel(hub.han, PROFILE, on_fault=faults.append)
    hub.sent.clear()
    hub.answers = lambda frame: default_response(frame, 0x81)
    await hub.clock.run(3 * QUIET_SECONDS)
    assert [(each.command, each.payload) for each in hub.sent] == 3 * [(READ_ATTRIBUTES, bytes(2))]
    hub.says(TransferData(NUMBER, message(), from_server=True))
    assert await kept(tunnel) == message()
    assert not faults


async def test_a_hub_that_is_heard_is_not_asked() -> None:
    hub = HubBehindDongle(grants)
    await opened(hub)
    for _ in range(4):
        await hub.clock.run(QUIET_SECONDS - 1)
        hub.says(TransferData(NUMBER, message(), from_server=True))
    assert not hub.sent


async def test_a_hub_that_acknowledges_no_question_ends_the_tunnel_by_itself() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)
    hub.fails = NotDelivered("dongle", "DELIVERY_FAILED")
    with pytest.raises(HubGone, match="is not there any more"):
        await while_passing(hub.clock, QUIET_SECONDS, tunnel.receive())


async def test_one_question_that_is_lost_does_not_end_the_tunnel() -> None:
    hub = HubBehindDongle(grants)
    tunnel = await opened(hub)

    def lose_the_first(frame: Any) -> None:
        if len(hub.sent) == 1:
            raise NotDelivered("dongle", "DELIVERY_FAILED")

    hub.answers = lose_the_first
    await hub.clock.run(QUIET_SECONDS)
    assert len(hub.sent) == 2
    hub.says(TransferData(NUMBER, message(), from_server=True))
    assert await kept(tunnel) == message()
