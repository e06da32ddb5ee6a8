"""The sub-GHz leg on a visit: refused, kept, changed, and a message dropped by the duty cycle."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from visit_stage import Scene, scene

from hht.journeys.move import events
from hht.journeys.move.states import MoveState
from hht.store import CommandState


async def deliver_all(on: Scene) -> None:
    while await on.visit.deliver_next() is not None:
        pass


async def test_a_refusal_because_of_the_hht_wants_it_out_and_moves_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="sub-ghz-scan") as on:
        await on.connect()
        await on.visit.deliver_next()
        await on.visit.deliver_next()
        await on.until(lambda: on.visit.move.wants_out)
        assert "whether leaving is enough is unknown" in on.visit.move.move.said
        assert "up to 90 minutes" in on.of(events.MoveExpected)[0].why
        await on.visit.step_out()
        assert on.of(events.MoveAway)[0].seconds == 5400
        assert on.visit.move.move.due is not None


async def test_a_hub_that_keeps_its_channel_is_known_by_its_log(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="sub-ghz-scan-kept") as on:
        await on.connect()
        await deliver_all(on)
        await on.until(lambda: on.of(events.MoveEnded))
        assert on.visit.move.move.state is MoveState.DONE
        assert "kept its channel" in on.visit.move.move.said


async def test_a_change_is_watched_and_an_answer_of_before_proves_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="sub-ghz-scan-accepted") as on:
        radio = on.hub.premises.chf.radio
        radio.wake_up = lambda: timedelta(hours=1)
        await on.connect()
        await deliver_all(on)  # the GSME has answered before the hub changes its channel
        await on.until(lambda: on.visit.move.is_awaited)
        gas = on.named("Read the firmware version of the GSME").device
        assert on.visit.move.view.to_follow == {gas}
        radio.wake_up = timedelta
        radio.restore({**radio.state(), "due": datetime.now(UTC).isoformat()})
        on.hub.premises.tick()
        await on.until(lambda: on.of(events.HubBack))
        assert on.visit.move.view.to_follow == set()
        assert "channel 2, 863.65 MHz" in on.of(events.HubBack)[0].said
        (gsme,) = on.visit.move.view.devices  # the ESME is on 2.4 GHz
        assert (gsme.label, gsme.state.value) == ("GSME", "unknown")
        await on.visit.leave()
        assert on.of(events.SecondLook)[0].devices == ("GSME: unknown",)


async def test_what_the_hub_dropped_is_in_doubt_at_once_and_says_why(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="sub-ghz-duty-cycle") as on:
        await on.connect()
        on.hub.premises.use_sub_ghz(3)
        await deliver_all(on)
        row = on.named("Read the firmware version of the GSME")
        assert (row.state, row.reason[:26]) == (CommandState.UNKNOWN, "The hub dropped it (8F2C):")
        on.hub.premises.use_sub_ghz(0)
        await on.visit.doubts.settle(row.id, "retry")
        assert on.named(row.title).state is CommandState.ANSWERED
