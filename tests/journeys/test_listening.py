"""What arrives from the hub while connected, and whatever ends that: nothing waits in vain."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from visit_stage import CLOCK, FIRST, Scene, scene

from hht.clock import Clock, ScaledClock
from hht.entity_id import EntityId
from hht.events import Event
from hht.gbcs import dlms
from hht.gbcs.message import Cra, Message
from hht.journeys.auto.play import play
from hht.journeys.events import (
    AlertCaptured,
    CommandChanged,
    CommandSent,
    ConnectionLost,
    Failed,
    HubFault,
    OtherCaptured,
    ResponseCaptured,
)
from hht.journeys.install.events import ReportReady
from hht.journeys.visit import Visit
from hht.outbox.capture import capture_message
from hht.radio.dongle import Dongle
from hht.session.errors import HubSilent, TunnelClosed
from hht.session.tunnel import Tunnel
from hht.store import Capture, CommandEvent, CommandRow, CommandState, StoreBusy, StoreFull


class Unforeseen(Exception):
    """A mistake in the program itself."""


def _fail_on(*kinds: type[Event]) -> Callable[[Event], None]:
    def fail(event: Event) -> None:
        if isinstance(event, kinds):
            raise Unforeseen

    return fail


def _send_nonsense(on: Scene) -> None:
    on.hub.tunnels.outbox.append(b"\x55nonsense")
    on.hub.tunnels.flush()


async def _a_delivery_that_waits(on: Scene) -> asyncio.Task[None]:
    """One to a Device that is switched off, acknowledged by the hub."""
    visit = await on.connect()
    await visit.deliver_next()
    on.hub.premises.switch(on.named(CLOCK).device, on=False)
    waiting = asyncio.create_task(visit.deliver(on.named(CLOCK).id))
    await on.until(lambda: on.named(CLOCK).state is CommandState.DELIVERED)
    return waiting


async def _an_alert(on: Scene) -> Message:
    """The one that comes with the first Local Command's Response."""
    await on.visit.deliver_next()
    await on.until(lambda: on.of(AlertCaptured))
    captures = on.store.captures.of_job(1)
    return Message.parse(next(each.raw for each in captures if each.cra is Cra.ALERT))


async def test_a_late_response_settles_an_unknown_command(tmp_path: Path) -> None:
    async with scene(tmp_path, response_seconds=30) as on:
        on.profile = replace(on.profile, response_seconds=0.3)  # type: ignore[arg-type]
        visit = await on.connect()
        await visit.deliver_next()
        on.hub.premises.switch(on.named(CLOCK).device, on=False)
        await visit.deliver(on.named(CLOCK).id)
        assert on.named(CLOCK).state is CommandState.UNKNOWN
        on.hub.premises.switch(on.named(CLOCK).device, on=True)
        await on.until(lambda: on.named(CLOCK).state is CommandState.ANSWERED)
        assert on.named(CLOCK).tries == 1


async def test_being_thrown_out_by_the_hub_is_reported_and_can_be_mended(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        on.hub.tunnels.end()
        await on.until(lambda: on.of(ConnectionLost))
        assert not visit.connected
        assert [event.what for event in on.of(ConnectionLost)] == ["The hub closed the tunnel"]
        await visit.connect(on.site.spec.hub.gpf)
        await visit.deliver_next()
        assert on.rows()[0].state is CommandState.ANSWERED


async def test_an_unforeseen_error_while_listening_ends_the_delivery_that_waits(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, response_seconds=30) as on:
        waiting = await _a_delivery_that_waits(on)
        on.on_event = _fail_on(OtherCaptured)
        _send_nonsense(on)
        with pytest.raises(Unforeseen):
            await asyncio.wait_for(waiting, 5)
        await on.until(lambda: on.of(ConnectionLost))
        assert "failed while listening to the hub (Unforeseen)" in on.of(ConnectionLost)[0].what
        assert on.captured()[-1] == b"\x55nonsense"
        assert on.named(CLOCK).state is CommandState.UNKNOWN
        on.on_event = lambda event: None
        await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.connected


@pytest.mark.parametrize("end", ["scan", "close", "leave"])
async def test_an_unforeseen_error_while_nobody_waits_is_raised_to_who_comes_next(
    tmp_path: Path, end: str
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        on.on_event = _fail_on(OtherCaptured)
        _send_nonsense(on)
        await on.until(lambda: on.of(ConnectionLost))
        with pytest.raises(Unforeseen):
            await getattr(visit, end)()
        assert not visit.connected
        await visit.connect(on.site.spec.hub.gpf)
        assert visit.connected


async def test_a_delivery_broken_off_says_why_the_connection_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()

        async def thrown_out_meanwhile(tunnel: Tunnel, message: bytes) -> None:
            on.hub.tunnels.end()
            await on.until(lambda: on.of(ConnectionLost))
            raise HubSilent(EntityId(bytes(8)), "acknowledgement of a block")

        monkeypatch.setattr(Tunnel, "send", thrown_out_meanwhile)
        with pytest.raises(TunnelClosed):
            await visit.deliver_next()
        assert on.named(FIRST).state is CommandState.UNKNOWN


class FailingDisk:
    """Keeps no message for as long as it is `full`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        monkeypatch.setattr("hht.journeys.keeper.capture_message", self._capture)

    def _capture(self, *message: Any, **options: Any) -> Capture:
        if self.full:
            raise StoreFull("The disk is full", remedy="Make room and try again.")
        return capture_message(*message, **options)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch)


async def _connect_by(on: Scene, clock: Clock) -> Visit:
    visit = on.arrive(clock)
    await visit.connect(on.site.spec.hub.gpf)
    return visit


async def _all_arrived(on: Scene) -> None:
    """Let a second of the loop's time pass, which it does only once nothing is under way."""
    await asyncio.sleep(1)


def _make_room(disk: FailingDisk, clock: ScaledClock) -> None:
    """Mend the disk, and let the seconds until the next try pass quickly."""
    disk.full = False
    clock.speed = 100.0


async def test_what_cannot_be_kept_waits_is_reported_once_and_is_tried_again(
    tmp_path: Path, disk: FailingDisk
) -> None:
    async with scene(tmp_path) as on:
        clock = ScaledClock()
        await _connect_by(on, clock)
        disk.full = True
        _send_nonsense(on)
        await on.until(lambda: on.of(Failed))
        assert b"\x55nonsense" not in on.captured()
        _make_room(disk, clock)
        await on.until(lambda: b"\x55nonsense" in on.captured())
        (found,) = on.of(Failed)
        assert (found.what, found.remedy) == ("The disk is full", "Make room and try again.")


async def test_while_something_waits_to_be_kept_nothing_is_delivered_and_nobody_leaves(
    tmp_path: Path, disk: FailingDisk
) -> None:
    async with scene(tmp_path) as on:
        clock = ScaledClock()
        visit = await _connect_by(on, clock)
        disk.full = True
        _send_nonsense(on)
        await on.until(lambda: on.of(Failed))
        for work in (visit.deliver_next, visit.leave):
            with pytest.raises(StoreFull, match="Make room"):
                await work()
        assert on.hub.tunnels.owner is not None  # it heard of no leaving
        assert on.named(FIRST).state is CommandState.WAITING
        _make_room(disk, clock)
        await on.until(lambda: b"\x55nonsense" in on.captured())
        clock.speed = 1.0
        assert (await visit.deliver_next()).state is CommandState.ANSWERED


async def test_a_store_that_another_program_holds_ends_no_connection_and_loses_no_event(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        clock = ScaledClock()
        visit = await _connect_by(on, clock)
        on.store.database.rows("PRAGMA busy_timeout = 0")  # else each try waits for real seconds
        other = sqlite3.connect(on.store.database.path, isolation_level=None)
        with contextlib.closing(other):
            other.execute("BEGIN IMMEDIATE")
            _send_nonsense(on)
            await on.until(lambda: on.of(Failed))
            with pytest.raises(StoreBusy):
                await visit.leave()
            assert visit.connected
        clock.speed = 100.0
        await on.until(lambda: b"\x55nonsense" in on.captured())
        clock.speed = 1.0
        assert (await visit.deliver_next()).state is CommandState.ANSWERED
        assert [record.event() for record in on.store.events.of_job(1)] == on.published


async def test_that_the_hub_has_a_command_is_kept_as_soon_as_the_store_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as on:
        visit = await _connect_by(on, ScaledClock())
        move, refused = on.store.commands.move, list[Any]()

        def busy(command_id: int, event: CommandEvent, reason: str = "") -> CommandRow:
            if event is CommandEvent.DELIVERED and not refused:
                refused.append(command_id)
                raise StoreBusy("Another program holds the database")
            return move(command_id, event, reason)

        monkeypatch.setattr(on.store.commands, "move", busy)
        row = await visit.deliver_next()
        assert refused == [row.id]
        assert row.state is CommandState.ANSWERED
        assert [found.what for found in on.of(Failed)] == ["Another program holds the database"]


async def test_the_last_block_of_what_cannot_be_kept_is_not_acknowledged(
    tmp_path: Path, disk: FailingDisk
) -> None:
    async with scene(tmp_path, gbt_block_size=1000, repeats_in_new_tunnel=False) as on:
        clock = ScaledClock()
        await _connect_by(on, clock)
        long = replace(await _an_alert(on), counter=99, payload=bytes(3000)).encode()
        await on.until_hub(lambda hub: not hub.tunnels.outbox)
        disk.full = True
        on.hub.tunnels.outbox.append(long)
        on.hub.tunnels.flush()
        await on.until(lambda: on.of(Failed))
        assert on.hub.tunnels.outbox == [long]
        _make_room(disk, clock)
        await on.until_hub(lambda hub: not hub.tunnels.outbox)
        assert long in on.captured()


async def test_what_could_not_be_kept_when_the_connection_ended_is_kept_as_soon_as_it_can(
    tmp_path: Path, disk: FailingDisk
) -> None:
    async with scene(tmp_path) as on:
        clock = ScaledClock()
        visit = await _connect_by(on, clock)
        disk.full = True
        _send_nonsense(on)
        await on.until(lambda: on.of(Failed))
        await _all_arrived(on)
        await visit.scan()
        assert not visit.connected
        _make_room(disk, clock)
        await on.until(lambda: b"\x55nonsense" in on.captured())


async def test_closing_with_something_that_cannot_be_kept_says_so(
    tmp_path: Path, disk: FailingDisk
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        disk.full = True
        _send_nonsense(on)
        await on.until(lambda: on.of(Failed))
        with pytest.raises(StoreFull):
            await visit.close()
        disk.full = False


async def test_leaving_waits_for_what_the_hub_still_sends(tmp_path: Path) -> None:
    """A hub that drops everything once it has heard that the HHT leaves."""
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        sent = [b"\x55%d" % number for number in range(20)]
        on.hub.tunnels.outbox += sent
        on.hub.tunnels.flush()
        await visit.leave()
        assert [raw for raw in on.captured() if raw in sent] == sent


async def test_what_the_hub_does_against_the_rules_is_reported_and_in_the_trail(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        on.hub.tunnels.outbox.append(b"\xdd\x09 no block")
        on.hub.tunnels.flush()
        await on.until(lambda: on.of(HubFault))
        assert "was dropped" in on.of(HubFault)[0].what
        assert on.store.audit.entries()[-1]["action"] == "hub broke a rule"


async def test_what_had_to_be_dropped_is_reported_and_in_the_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        monkeypatch.setattr(Dongle, "dropped", 7)
        _send_nonsense(on)
        await on.until(lambda: on.of(HubFault))
        assert on.of(HubFault)[0].what == "7 messages came too fast: dropped"
        assert on.store.audit.entries()[-1]["action"] == "hub broke a rule"


async def test_an_alert_is_taken_at_any_time(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        alert = replace(await _an_alert(on), counter=99).encode()
        on.hub.tunnels.outbox.append(alert)
        on.hub.tunnels.flush()
        await on.until(lambda: alert in on.captured())
        (capture,) = (each for each in on.store.captures.of_job(1) if each.raw == alert)
        assert on.of(AlertCaptured)[-1].capture_id == capture.id


async def test_what_cannot_be_read_is_kept_and_reported_all_the_same(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        garbled = replace(await _an_alert(on), counter=98, payload=b"\x99").encode()
        on.hub.tunnels.outbox += [b"\x55nonsense", garbled]
        on.hub.tunnels.flush()
        await on.until(lambda: garbled in on.captured())
        assert on.captured()[-2:] == [b"\x55nonsense", garbled]
        assert "no GBCS message" in str(on.of(OtherCaptured)[-1].reading)
        assert "cannot be read" in str(on.of(AlertCaptured)[-1].reading)
        assert on.of(AlertCaptured)[-1].mac == "invalid"


async def test_what_a_killed_program_had_kept_and_not_published_is_published_by_the_next(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        (response,) = on.of(ResponseCaptured)
        on.store.database.connection.execute(
            "DELETE FROM events WHERE capture_id >= ?", (response.capture_id,)
        )
        unpublished = [each.id for each in visit.captures() if each.id >= response.capture_id]
        await visit.close()
        on.published.clear()
        on.arrive()
        found = on.of(ResponseCaptured, AlertCaptured)
        assert [each.capture_id for each in found] == unpublished
        assert any(each.command_id == 1 for each in on.of(CommandChanged))
        on.published.clear()
        on.arrive()
        assert on.of(ResponseCaptured, AlertCaptured) == [], "it was published twice"


async def test_a_status_update_queued_by_a_killed_program_is_reported_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        install = on.arrive().install
        assert install is not None
        install.answer_from_job()
        number = install.queue_report()
        on.store.database.connection.execute("DELETE FROM events WHERE name = 'report_ready'")
        on.published.clear()
        on.arrive()
        on.arrive()
        assert [each.return_id for each in on.of(ReportReady)] == [number]


async def test_what_a_killed_program_left_in_doubt_is_tried_again_before_the_rest(
    tmp_path: Path,
) -> None:
    """A Device that has not joined answers nothing until its hub has had the CCS01."""
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        second = visit.next_ready
        assert second is not None
        on.store.commands.move(second.id, CommandEvent.SEND)
        await visit.close()
        on.published.clear()
        await play(on.arrive(), stop_after=2)
        assert [each.command_id for each in on.of(CommandSent)] == [second.id]


async def test_a_play_whose_simulated_hub_is_no_more_tries_nothing_again(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = on.arrive()
        visit.equip("socket://127.0.0.1:1")  # nothing listens on the first port
        summary = await play(visit, hub_ended=lambda: True)
        assert (summary.outcome, len(on.of(Failed))) == ("failed", 1)


async def test_cancelling_a_delivery_leaves_the_command_to_be_settled(tmp_path: Path) -> None:
    async with scene(tmp_path, response_seconds=30) as on:
        visit = await on.connect()
        await visit.deliver_next()
        on.hub.premises.switch(on.named(CLOCK).device, on=False)
        waiting = asyncio.create_task(visit.deliver(on.named(CLOCK).id))
        await on.until(lambda: on.named(CLOCK).state is CommandState.DELIVERED)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert on.named(CLOCK).state is CommandState.DELIVERED
        on.hub.premises.switch(on.named(CLOCK).device, on=True)
        await on.until(lambda: on.named(CLOCK).state is CommandState.ANSWERED)


@pytest.mark.parametrize("ending", ["leave", "close", "scan"])
async def test_what_had_arrived_when_the_tunnel_is_let_go_of_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """The listener is held up at its first message; the others wait in the tunnel meanwhile."""
    async with scene(tmp_path) as on:
        visit = await on.connect()
        monkeypatch.setattr(visit.connector, "note_quality", asyncio.Event().wait)
        tunnel = visit.connector.tunnel
        assert tunnel is not None
        sent = [b"\x55one", b"\x55two", b"\x55three"]
        on.hub.tunnels.outbox.extend(sent)
        on.hub.tunnels.flush()
        await _all_arrived(on)
        assert len([each for each in on.captured() if each in sent]) <= 1
        await getattr(visit, ending)()
        assert [each.raw for each in on.store.captures.of_job(1) if each.raw in sent] == sent


async def test_a_responses_payload_is_decoded_at_most_twice_on_its_way_to_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: Counter[bytes] = Counter()
    decode = dlms.decode_access_response

    def counting(raw: bytes) -> dlms.AccessResponse:
        decoded[raw] += 1
        return decode(raw)

    async with scene(tmp_path) as on:
        visit = await on.connect()
        monkeypatch.setattr(dlms, "decode_access_response", counting)
        on.on_event = lambda event: print(visit.view)  # as the app shows it after each
        await visit.deliver_next()
        capture = next(each for each in on.store.captures.of_job(1) if each.cra is Cra.RESPONSE)
        payload = Message.parse(capture.raw).payload
        assert 1 <= decoded[payload] <= 2


async def test_event_plan_and_kept_row_have_one_judgement_of_a_response(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        (event,) = on.of(ResponseCaptured)
        found = on.store.captures.get(event.capture_id).judgement
        assert found is not None
        assert (event.positive, event.mac, event.signature) == (
            found.positive,
            found.mac,
            found.signature,
        )
        assert visit.view.commands[0].reason == found.summary


async def test_what_an_older_hht_has_kept_is_judged_when_its_job_is_visited(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        await visit.close()
        before = on.store.captures.of_job(1)
        on.store.database.connection.execute("UPDATE captures SET mac = NULL")
        assert [each.judgement for each in on.store.captures.of_job(1)] == [None] * len(before)
        on.arrive()
        assert on.store.captures.of_job(1) == before
