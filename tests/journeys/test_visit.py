"""The visit's promises: kept before shown, never sent twice, UNKNOWN until settled, resumable."""

import asyncio
import itertools
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from store_samples import bring
from visit_stage import CLOCK, FIRST, Scene, scene

from hht.clock import ManualClock, SystemClock
from hht.duis.job_pack import JobPack
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.auto.play import play
from hht.journeys.connect import ConnectState, Step, WindowCertainty
from hht.journeys.equipment import RadioKit
from hht.journeys.events import (
    AlertCaptured,
    CommandChanged,
    CommandSent,
    ConnectionLost,
    Failed,
    HubFound,
    ResponseCaptured,
    StepDone,
    StepStarted,
    WindowClock,
)
from hht.journeys.link.not_heard import HubNotHeard
from hht.journeys.link.repeats import hub_may_repeat
from hht.journeys.plan.kinds import may_sleep
from hht.journeys.plan.lost_response import LostResponse, WayBack
from hht.journeys.plan.not_ready import NotReady
from hht.journeys.visit import Visit
from hht.radio.errors import DongleLost, DongleRefused, NotDelivered
from hht.session import key_agreement, membership
from hht.session.errors import HubSilent, JoinRefused, WindowClosed
from hht.session.identity import IdentityUnusable, load_identity
from hht.session.tunnel import Tunnel
from hht.state_machine import OutOfStep
from hht.store import CommandState, StoreFull
from hht.zse.install_code import InstallCode


async def test_the_whole_visit_from_scan_to_leaving(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        summary = await play(on.arrive(), scenario="no-wan-install")
        assert summary.outcome == "complete"
        assert summary.delivered == summary.answered == len(on.rows()) == 17
        assert (summary.failed, summary.unknown) == (0, 0)
        assert summary.captures == len(on.store.captures.of_job(1)) > 17
        assert [event.step for event in on.of(StepStarted)] == [str(step) for step in Step]
        limits = {event.step: event.silence for event in on.of(StepStarted)}
        assert (limits["scan"], limits["confirm"], limits["ccs01"]) == (20, None, 60)
        assert limits["inter-pan-cbke"] == key_agreement.TRIES * key_agreement.ANSWER_SECONDS
        assert [event.step for event in on.of(StepDone)] == [str(step) for step in Step]
        assert on.store.journeys.load(1, "connect") is None


async def test_leaving_takes_the_hht_out_of_the_han_and_its_keys_out_of_the_dongle(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        assert on.handheld.link_keys
        assert on.handheld.joined
        await visit.leave()
        assert not on.handheld.joined
        assert not on.handheld.link_keys
        assert on.hub.tunnels.owner is None


async def test_the_jobs_hub_is_marked_among_those_heard(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.arrive().scan()
        (found,) = on.of(HubFound)
        assert found.gpf == on.site.spec.hub.gpf
        assert found.is_jobs_hub
        assert [hub.gpf for hub in on.visit.view.hubs] == [found.gpf]


async def test_a_capture_is_on_the_disk_before_it_is_reported(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        kept: list[bool] = []

        def look(event: Any) -> None:
            if isinstance(event, ResponseCaptured | AlertCaptured):
                row = on.on_disk(f"SELECT id FROM captures WHERE id = {event.capture_id}")
                kept.append(bool(row))
            if isinstance(event, CommandChanged):
                row = on.on_disk(f"SELECT state FROM commands WHERE id = {event.command_id}")
                kept.append(row == [(event.state,)])

        on.on_event = look
        visit = await on.connect()
        await visit.deliver_all()
        assert len(kept) > 60
        assert all(kept)


async def test_sending_is_on_the_disk_before_the_first_byte_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as on:
        states: list[Any] = []
        send = Tunnel.send

        async def watched(tunnel: Tunnel, message: bytes) -> None:
            states.extend(on.on_disk("SELECT position FROM commands WHERE state = 'sending'"))
            await send(tunnel, message)

        monkeypatch.setattr(Tunnel, "send", watched)
        visit = await on.connect()
        await visit.deliver_next()
        await visit.deliver_next()
        assert states == [(0,), (1,)]


async def test_an_answered_command_is_never_sent_again(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        with pytest.raises(NotReady, match="answered and is not sent again"):
            await visit.deliver(on.named(FIRST).id)
        with pytest.raises(OutOfStep):
            await visit.doubts.settle(on.named(FIRST).id, "retry")
        assert len(on.of(CommandSent)) == 1


async def test_a_command_goes_only_after_what_it_depends_on(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        with pytest.raises(NotReady, match=f"'{FIRST}' must be answered first"):
            await visit.deliver(on.named(CLOCK).id)
        assert not on.of(CommandSent)


async def test_without_a_response_in_time_a_command_is_unknown(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        on.hub.premises.switch(on.named(CLOCK).device, on=False)
        await visit.deliver(on.named(CLOCK).id)
        row = on.named(CLOCK)
        assert (row.state, row.reason) == (CommandState.UNKNOWN, "No Response came within 0.5 s")


async def test_a_device_that_answers_after_a_silence_seems_to_sleep_where_its_type_may(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="firmware-hcalcs") as on:
        visit, hub = await on.connect(), on.hub.premises
        read, activate = on.rows()[:2]
        hub.switch(read.device, on=False)
        await visit.deliver(read.id)
        assert on.rows()[0].state is CommandState.UNKNOWN
        for answer in hub.execute(read.device, read.raw):
            hub.receive(answer)
        await on.until(lambda: on.rows()[0].state is CommandState.ANSWERED)
        ask = visit.firmware.ask(activate)
        assert ask is not None
        visit.firmware.confirm(activate.id, ask.sha256)
        await visit.deliver(activate.id)
        assert on.rows()[1].state is CommandState.DELIVERED
        assert visit.doubts.outlook(activate.id).why == may_sleep()["HCALCS"].why
        await visit.close()
        again = on.arrive()
        assert again.doubts.outlook(activate.id).why == may_sleep()["HCALCS"].why
        (late,) = (each for each in again.premises.devices(again.clock.now()) if each.late)
        assert (late.type, late.asleep_until) == ("HCALCS", None)
        assert again.power.power_cycle_cost.asleep == (late,)


async def test_a_command_that_never_arrived_is_answered_when_delivered_again(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        on.hub.premises.switch(on.named(CLOCK).device, on=False)
        await visit.deliver(on.named(CLOCK).id)
        on.hub.premises.switch(on.named(CLOCK).device, on=True)
        await visit.doubts.settle(on.named(CLOCK).id, "retry")
        assert on.named(CLOCK).state is CommandState.ANSWERED
        assert on.named(CLOCK).tries == 2


async def test_a_lost_dongle_leaves_unknown_and_a_new_connection_brings_the_response(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()

        def pull_out(event: Any) -> None:
            if isinstance(event, CommandSent):
                on.ncp.hang_up()

        on.on_event = pull_out
        with pytest.raises(DongleLost):
            await visit.deliver_next()
        await on.until(lambda: on.of(ConnectionLost))
        assert on.named(FIRST).state is CommandState.UNKNOWN
        assert not visit.connected
        on.on_event = lambda event: None
        summary = await play(visit)
        assert summary.outcome == "complete"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (DongleRefused("dongle", "sendUnicast", "MAX_MESSAGE_LIMIT_REACHED"), "waiting"),
        (NotDelivered("dongle", "DELIVERY_FAILED"), "unknown"),
        (HubSilent(EntityId(bytes(8)), "acknowledgement of a block"), "unknown"),
    ],
)
async def test_only_what_certainly_never_left_waits_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()

        async def fails(tunnel: Tunnel, message: bytes) -> None:
            raise error

        monkeypatch.setattr(Tunnel, "send", fails)
        with pytest.raises(type(error)):
            await visit.deliver_next()
        row = on.rows()[0]
        assert row.state == state
        assert "_" not in row.reason, "a word of the stack, in a row of the plan"


@pytest.mark.parametrize("state", ["sending", "delivered"])
async def test_what_a_dead_program_left_under_way_is_unknown(tmp_path: Path, state: str) -> None:
    async with scene(tmp_path) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState(state))
        on.arrive()
        row = on.rows()[0]
        why = "The program ended before its Response came"
        assert (row.state, row.reason) == (CommandState.UNKNOWN, why)


async def test_a_response_kept_by_the_hub_settles_what_a_dead_program_left(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        on.hub.premises.deliver(row.raw)  # it arrived; the program died before the Response came
        await visit.close()
        await on.until_hub(lambda hub: hub.tunnels.outbox)
        on.published.clear()
        await on.connect()
        assert on.rows()[0].state is CommandState.ANSWERED
        assert not on.of(CommandSent)


async def test_a_response_that_was_not_kept_can_be_had_again_from_a_hub_that_was_not_left(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        on.hub.premises.deliver(row.raw)  # it arrived; the program died before the Response came
        await visit.close()
        await on.until_hub(lambda hub: hub.tunnels.outbox)
        await on.arrive().doubts.settle(row.id, "answered-not-seen")
        assert on.visit.view.lost == {row.id: LostResponse(WayBack.CONNECT)}
        assert hub_may_repeat(on.store, visit.job)
        visit = await on.connect()
        await on.until(lambda: not on.rows()[0].is_uncaptured)
        assert visit.view.lost == {}
        await visit.leave()
        assert not hub_may_repeat(on.store, visit.job), "what was sent is forgotten now"


async def test_patience_with_a_lost_connection_begins_at_the_last_delivery(tmp_path: Path) -> None:
    async with scene(tmp_path, late_seconds=3, response_seconds=60) as on:
        sent = itertools.count(1)

        def pull_out(event: Any) -> None:
            if isinstance(event, CommandSent) and next(sent) == 8:
                on.ncp.hang_up()

        on.on_event = pull_out
        summary = await play(on.arrive(), patience=15.0)
        assert summary.outcome == "complete"


async def test_a_read_back_settles_what_neither_side_remembers(tmp_path: Path) -> None:
    """The Response is lost for good; the Device refuses the repeat; its log has the truth."""
    async with scene(tmp_path, repeats_in_new_tunnel=False) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        on.hub.premises.deliver(row.raw)
        on.hub.tunnels.outbox.clear()
        summary = await play(on.arrive())
        assert (summary.outcome, summary.uncaptured) == ("incomplete", 1)
        row = on.rows()[0]
        assert (row.state, row.reason) == (
            CommandState.ANSWERED,
            "Seen by 'Read the CHF Device Log'",
        )
        assert row.tries == 2
        (lost,) = on.visit.view.lost.values()
        assert lost.way is WayBack.SHOWN
        read = on.rows()[(lost.number or 0) - 1]
        assert (read.title, read.captured) == ("Read the CHF Device Log", True)


async def test_the_device_is_asked_for_what_is_in_doubt_once_nothing_else_would_be_lost(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, repeats_in_new_tunnel=False) as on:
        first, second, third = (row for row in on.rows() if row.message_code == 0x0001)
        visit = await on.connect()
        await visit.deliver(first.id)
        assert (
            visit.doubts.read_back_of(first.id) is None
        )  # the Device would refuse the second from then
        with pytest.raises(NotReady, match="no read that could show it"):
            await visit.doubts.read_back(first.id)
        await visit.deliver(second.id)
        await visit.close()
        bring(on.store, third.id, CommandState.SENDING)
        on.hub.premises.deliver(third.raw)
        on.hub.tunnels.outbox.clear()
        visit = await on.connect()
        await visit.doubts.read_back(third.id)
        row = on.store.commands.get(third.id)
        assert (row.state, row.reason) == (
            CommandState.ANSWERED,
            "Seen by 'Read the CHF Device Log'",
        )
        assert row.tries == 1


@pytest.mark.parametrize(
    ("how", "state", "may_go"),
    [
        ("answered-not-seen", CommandState.ANSWERED, False),
        ("not-delivered", CommandState.WAITING, True),
        ("retry", CommandState.WAITING, True),
        ("skip", CommandState.SKIPPED, False),
    ],
)
async def test_the_engineers_word_settles_an_unknown_command(
    tmp_path: Path, how: str, state: CommandState, may_go: bool
) -> None:
    async with scene(tmp_path) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        visit = on.arrive()
        await visit.doubts.settle(row.id, how, "there is no meter")
        settled = on.rows()[0]
        assert settled.state is state
        assert settled.reason.endswith(": there is no meter")
        upcoming = visit.view.next_command
        assert (upcoming is not None and upcoming.id == row.id) is may_go


@pytest.mark.parametrize("how", ["answered-not-seen", "not-delivered", "skip"])
async def test_the_engineers_word_is_taken_back_and_the_command_is_in_doubt_again(
    tmp_path: Path, how: str
) -> None:
    async with scene(tmp_path) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        visit = on.arrive()
        await visit.doubts.settle(row.id, how, "seen from here")
        visit.doubts.take_back(row.id)
        assert on.rows()[0].state is CommandState.UNKNOWN
        assert on.of(CommandChanged)[-1].state == CommandState.UNKNOWN
        upcoming = visit.view.next_command
        assert upcoming is None or upcoming.id != row.id
        with pytest.raises(OutOfStep, match="does not rest on your word"):
            visit.doubts.take_back(row.id)


async def test_nothing_is_skipped_without_a_reason(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        visit = on.arrive()
        with pytest.raises(NotReady, match="takes a reason"):
            await visit.doubts.settle(row.id, "skip", " ")
        assert on.rows()[0].state is CommandState.UNKNOWN


async def test_a_response_is_not_taken_back_also_where_the_engineer_had_said_it_was_done(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        row = on.rows()[0]
        bring(on.store, row.id, CommandState.SENDING)
        visit = await on.connect()
        await visit.doubts.settle(row.id, "not-delivered")
        await visit.deliver(row.id)
        with pytest.raises(OutOfStep, match="does not rest on your word"):
            visit.doubts.take_back(row.id)
        assert on.rows()[0].state is CommandState.ANSWERED


async def test_a_command_is_not_delivered_to_another_hub(tmp_path: Path) -> None:
    other = EntityId.parse("00-DB-00-00-00-00-20-A3")

    def for_another_hub(pack: JobPack) -> JobPack:
        return replace(pack, hub_gpf=other)

    async with scene(tmp_path, for_another_hub) as on:
        visit = await on.connect()
        with pytest.raises(NotReady, match=f"is for hub {other}, not for"):
            await visit.deliver_next()
        assert not on.of(CommandSent)


async def test_nothing_is_delivered_before_connecting(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        with pytest.raises(NotReady, match="Connect to the hub first"):
            await on.arrive().deliver_next()


async def test_a_closed_window_says_to_power_cycle_the_hub(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        on.hub.close_window()
        with pytest.raises(WindowClosed, match="open for 60 minutes from power-on"):
            await on.connect()
        assert on.visit.view.state is ConnectState.CONFIRMED
        assert on.visit.view.window_certainty is WindowCertainty.CLOSED
        on.hub.power_cut(0)
        await on.until_hub(lambda hub: hub.node.powered)
        await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.connected


async def test_a_member_comes_back_after_the_window_has_closed(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        on.hub.close_window()
        await visit.scan()  # a scan leaves the HAN
        await visit.connect(on.site.spec.hub.gpf)
        assert visit.connected


async def test_a_restarted_program_goes_on_as_the_member_that_the_dongle_still_is(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_next()
        await visit.close()
        on.published.clear()
        visit = await on.connect()
        assert [event.step for event in on.of(StepStarted)] == [Step.HAN_KEY, Step.TUNNEL]
        await visit.deliver_all()
        assert {row.state for row in on.rows()} == {CommandState.ANSWERED}


async def test_a_hub_that_lets_nobody_join_is_one_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        on.hub.node.find_join_key = None
        on.hub.permit_joining = lambda: None  # type: ignore[method-assign]
        with pytest.raises(JoinRefused, match="did not let the HHT join"):
            await on.connect()
        assert not on.visit.connected


async def test_a_wrong_install_code_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "InstallCode", lambda code: InstallCode(bytes(16)))
    async with scene(tmp_path) as on:
        with pytest.raises(JoinRefused, match=r"key opens.*Install Code is right"):
            await on.connect()


async def test_a_dongle_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.ncp.close()
        summary = await play(on.arrive())
        assert summary.outcome == "failed"
        assert [event.what for event in on.of(Failed)] == ["Nothing listens here"]


async def test_a_dongle_of_another_hht_is_one_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        on.handheld.eui64 = EntityId(bytes(7) + b"\x01")
        with pytest.raises(HhtError, match="the HHT's certificate is for"):
            await on.connect()


async def test_a_visit_without_an_identity_scans_and_has_the_one_that_comes_to_connect(
    tmp_path: Path,
) -> None:
    path = tmp_path / "site" / "hht-identity.json"
    async with scene(tmp_path) as on:
        path.rename(tmp_path / "elsewhere")
        kit = RadioKit(on.ncp.address, None, on.profile, identify=partial(load_identity, path))
        visit = on.visit = Visit(on.store, 1, kit, on.published.append)
        assert await visit.scan()
        with pytest.raises(IdentityUnusable, match="is not there"):
            await visit.connect(on.site.spec.hub.gpf)
        assert [event.step for event in on.of(StepStarted)] == ["scan"], "nothing was sent"
        (tmp_path / "elsewhere").rename(path)
        await visit.connect(on.site.spec.hub.gpf)
        assert visit.connected


async def test_a_dongle_that_was_opened_without_an_identity_is_refused_where_it_is_anothers(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        on.handheld.eui64 = EntityId(bytes(7) + b"\x01")
        path = on.site.run_dir / "hht-identity.json"
        kit = RadioKit(on.ncp.address, None, on.profile, identify=partial(load_identity, path))
        on.visit = Visit(on.store, 1, kit, on.published.append)
        assert await on.visit.scan()
        with pytest.raises(HhtError, match="the HHT's certificate is for"):
            await on.visit.connect(on.site.spec.hub.gpf)


async def test_a_hub_that_asks_for_the_tunnel_itself_gets_it(tmp_path: Path) -> None:
    async with scene(tmp_path, tunnel_hub_opens=True) as on:
        summary = await play(on.arrive())
        assert summary.outcome == "complete"


async def test_a_hub_that_is_not_heard_is_one_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        with pytest.raises(HubNotHeard, match="does not answer the scan"):
            await on.arrive().connect(EntityId.parse("00-DB-00-00-00-00-99-A3"))


async def test_the_clocks_are_shown_and_the_window_can_be_restarted(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        premises = ManualClock()
        visit = on.arrive(clock=SystemClock(wall=premises.time))
        await visit.connect(on.site.spec.hub.gpf)
        premises.advance(600)
        assert visit.view.window_seconds_left == 50 * 60
        assert visit.view.window_certainty is WindowCertainty.ABOUT
        assert visit.view.residency_seconds_left == 18 * 3600 - 600
        visit.power.restart_window_clock(minutes_ago=5)
        assert visit.view.window_seconds_left == 55 * 60
        assert visit.view.window_certainty is WindowCertainty.ABOUT
        visit.power.restart_window_clock(seen=True)
        assert visit.view.window_seconds_left == 3600
        assert visit.view.window_certainty is WindowCertainty.KNOWN
        assert [event.seconds_left for event in on.of(WindowClock)] == [3600, 3300, 3600]


async def test_the_link_is_as_old_as_the_last_thing_that_was_heard(tmp_path: Path) -> None:
    class Ahead(SystemClock):
        seconds = 0.0

        def elapsed(self) -> float:
            return super().elapsed() + self.seconds

    async with scene(tmp_path) as on:
        clock = Ahead()
        visit = on.arrive(clock=clock)
        assert visit.view.heard_seconds_ago is None
        await visit.connect(on.site.spec.hub.gpf)
        heard = visit.view.heard_seconds_ago
        clock.seconds += 40
        assert heard is not None
        later = visit.view.heard_seconds_ago
        assert later is not None
        assert later - heard > 39.9


async def test_everything_that_is_published_is_in_the_journal_before(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        kept: list[int] = []
        on.on_event = lambda event: kept.append(len(on.store.events.of_job(1)))
        visit = await on.connect()
        await visit.deliver_next()
        await visit.leave()
        records = on.store.events.of_job(1)
        assert [record.event() for record in records] == on.published
        assert kept == list(range(1, len(on.published) + 1))
        assert {record.sitting for record in records} == {1}
        assert [record.seconds for record in records] == sorted(each.seconds for each in records)


async def test_a_journal_without_room_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreFull("No room is left")

    async with scene(tmp_path) as on:
        monkeypatch.setattr(on.store.events, "add", full)
        visit = await on.connect()
        assert await visit.deliver_next() is not None
        assert on.of(StepDone, ResponseCaptured)
    assert "No room is left" in caplog.text


async def test_a_hub_without_the_limit_shows_no_window_clock(tmp_path: Path) -> None:
    async with scene(tmp_path, window_minutes=None) as on:
        visit = await on.connect()
        assert visit.view.window_seconds_left is None
        assert not visit.view.has_window
        assert not on.of(WindowClock)


async def test_cancelling_a_connection_leaves_nothing_open(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        han_key = asyncio.Event()

        def watch(event: Any) -> None:
            if isinstance(event, StepStarted) and event.step == Step.HAN_KEY:
                han_key.set()

        on.on_event = watch
        connecting = asyncio.create_task(on.connect())
        await han_key.wait()
        connecting.cancel()
        await asyncio.wait([connecting])
        assert on.visit.view.state is ConnectState.CONFIRMED
        assert not on.visit.connected
        await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.connected


async def test_the_next_command_and_the_counts_are_in_the_view(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        assert visit.view.next_command == on.rows()[0]
        await visit.deliver_next()
        view = visit.view
        assert view.next_command == on.rows()[1]
        assert (view.counts.answered, view.counts.waiting) == (1, 16)
        assert view.connected
        assert view.hub == view.job_hub == on.site.spec.hub.gpf
        assert view.lqi is not None
        assert view.returns_waiting == on.store.returns.waiting_count() > 0


def scene_is_silent(on: Scene, secret: bytes) -> bool:
    return secret.hex() not in repr(on.published) and repr(secret) not in repr(on.published)


async def test_no_event_and_no_snapshot_holds_a_secret(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await visit.deliver_all()
        snapshot = str(on.store.journeys.load(1, "connect"))
        for secret in (on.site.hht_install_code, on.site.network_key):
            assert scene_is_silent(on, secret)
            assert secret.hex() not in snapshot
