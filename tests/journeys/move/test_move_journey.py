"""The whole move against a simulated hub in the same loop: out, found again, watched, owed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from visit_stage import Scene, scene

from hht.clock import SYSTEM_CLOCK
from hht.journeys.events import ConnectionLost
from hht.journeys.link.not_heard import HubNotBackAgain, HubStillMoving
from hht.journeys.move import events
from hht.journeys.move.move_journey import MoveJourney, MoveRefused
from hht.journeys.move.standing import JOURNEY, move_view, open_items
from hht.journeys.move.states import Move, MoveState
from hht.journeys.move.ways_back import WayBack
from hht.journeys.plan.not_ready import NotReady
from hht.store import CommandEvent, CommandState

MASK = "DRAFT: allow channels 15, 20, 25"


def states(on: Scene) -> dict[str, WayBack]:
    return {way.label: way.state for way in on.visit.move.view.devices}


def published(on: Scene, kind: Any) -> Any:
    return on.of(kind)[-1]


async def move(on: Scene) -> None:
    """Deliver the mask: the HHT steps out by itself."""
    await on.connect()
    while on.named(MASK).state is CommandState.WAITING:
        await on.visit.deliver_next()


async def test_the_hub_is_found_again_on_its_new_channel_and_nothing_is_in_doubt(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await move(on)
        assert on.named(MASK).state is CommandState.ANSWERED
        assert (on.visit.connected, on.visit.move.move.state) == (False, MoveState.AWAY)
        await on.visit.connect(on.site.spec.hub.gpf)
        back = published(on, events.HubBack)
        assert (back.was, back.channel) == (11, on.hub.node.channel)
        assert back.channel in (15, 20, 25)
        assert on.of(ConnectionLost) == []


async def test_what_is_under_way_when_the_hht_steps_out_is_named_in_doubt_with_what_to_do(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await on.connect()
        await on.visit.deliver_next()
        with pytest.raises(NotReady, match="what the hub sends meanwhile would be missed"):
            await on.visit.survey()
        gsme = on.named("Read the firmware version of the GSME")
        on.store.commands.move(gsme.id, CommandEvent.SEND)
        on.store.commands.move(gsme.id, CommandEvent.DELIVERED)
        on.visit.refresh()
        with pytest.raises(NotReady, match="delivered: 5 Read the firmware version of the GSME"):
            await on.visit.survey()
        await on.visit.deliver(on.named(MASK).id)
        doubt = on.named(gsme.title)
        assert published(on, events.MoveAway).in_doubt == (f"{doubt.position + 1} {doubt.title}",)
        assert doubt.state is CommandState.UNKNOWN
        assert "find the hub again, then read it back" in doubt.reason


async def test_a_survey_leaves_the_han_and_connecting_goes_on_where_the_visit_was(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await on.connect()
        gsme = on.named("Read the firmware version of the GSME")
        on.store.commands.move(gsme.id, CommandEvent.SEND)
        on.store.commands.move(gsme.id, CommandEvent.DELIVERED)
        on.visit.refresh()
        await on.visit.step_out()
        assert (on.visit.connected, on.visit.move.move.state) == (False, MoveState.NONE)
        doubt = on.named(gsme.title)
        assert doubt.state is CommandState.UNKNOWN
        assert "left the HAN for a survey: connect again" in doubt.reason
        surveying = asyncio.create_task(on.visit.survey())
        await on.until_hub(lambda _: on.visit.surveying.picture)
        surveying.cancel()
        await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.connected


async def test_what_to_expect_is_said_before_the_command_leaves(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        before = on.arrive().view  # another Command comes first
        assert before.next_command != on.named(MASK)
        assert before.expected[on.named(MASK).id].seconds == 120
        await move(on)
        assert on.visit.view.expected == {}
        names = [event.name for event in on.published]
        assert names.index("move_expected") < len(names) - 1 - names[::-1].index("command_sent")
        assert "GSME: 60 minutes" in published(on, events.MoveExpected).devices


async def test_a_device_is_back_once_it_was_heard_and_not_because_the_hub_lists_it(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await move(on)
        await on.visit.connect(on.site.spec.hub.gpf)
        await on.visit.deliver(on.named("Read the CHF Device Log").id)
        assert states(on)["ESME"] is WayBack.MOVED
        await on.visit.deliver(on.named("Read the firmware version of the ESME").id)
        assert states(on)["ESME"] is WayBack.BACK


async def test_a_command_to_a_device_that_is_not_back_is_warned_of_before_it_goes(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await move(on)
        assert on.of(events.DeviceNotBack) == []
        await on.visit.connect(on.site.spec.hub.gpf)
        read = on.named("Read the firmware version of the ESME")
        await on.visit.deliver(read.id)
        warned = published(on, events.DeviceNotBack)
        assert (warned.command_id, warned.label, warned.state) == (read.id, "ESME", "unknown")
        names = [event.name for event in on.published]
        assert names.index("device_not_back") < len(names) - 1 - names[::-1].index("command_sent")
        assert on.visit.move.view.missing(read.device) is None


async def test_leaving_before_all_are_back_owes_a_second_look_until_it_is_settled(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await move(on)
        await on.visit.connect(on.site.spec.hub.gpf)
        await on.visit.leave()
        assert "GSME: unknown" in published(on, events.SecondLook).devices
        job = on.store.jobs.get(1)
        view = move_view(on.store, job)
        assert view is not None
        assert view.move.is_open
        journey: MoveJourney = on.arrive().move
        with pytest.raises(MoveRefused):
            journey.close(" ")
        for way in journey.view.not_back:
            journey.see(way.device, "looked at it")
        assert not journey.move.is_open


async def test_a_second_look_is_done_on_the_next_visit_by_hearing_the_device(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move-device-missing") as on:
        await move(on)
        await on.visit.connect(on.site.spec.hub.gpf)
        await on.visit.deliver(on.named("Read the firmware version of the ESME").id)
        await on.visit.leave()
        on.hub.premises.switch(on.site.device("PPMID").entity_id, on=False)
        on.hub.premises.switch(on.site.device("PPMID").entity_id, on=True)
        await on.connect()
        await on.visit.deliver(on.named("Read the firmware version of the PPMID").id)
        assert (on.visit.move.move.state, on.visit.view.move) == (MoveState.DONE, None)


async def test_a_hub_that_is_not_heard_while_it_moves_is_to_be_waited_for(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="hub-does-not-come-back") as on:
        await on.connect()
        await on.visit.deliver_next()
        await on.until_hub(lambda hub: not hub.node.powered)
        with pytest.raises(HubStillMoving):
            await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.move.move.state is MoveState.AWAY


async def test_a_hub_that_is_not_heard_in_its_time_is_lost_with_what_to_do_in_order(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="hub-does-not-come-back", hub_back_seconds=0) as on:
        await on.connect()
        await on.visit.deliver_next()
        await on.until_hub(lambda hub: not hub.node.powered)
        with pytest.raises(HubNotBackAgain) as lost:
            await on.visit.connect(on.site.spec.hub.gpf)
        steps = on.visit.move.view.steps
        assert (len(steps), lost.value.remedy) == (6, steps[0])
        assert published(on, events.HubNotBack).steps == steps
        on.hub.power_cut(0.05)
        await on.until_hub(lambda hub: hub.node.powered)
        await on.visit.connect(on.site.spec.hub.gpf)
        assert on.visit.move.move.state is MoveState.WATCHING


async def test_a_hub_that_is_still_to_move_is_not_back_and_the_hht_steps_out_again(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        asked = Move(MoveState.ASKED, since=SYSTEM_CLOCK.now(), channel=11, expects_leave=True)
        on.store.journeys.save(1, JOURNEY, asked.snapshot())  # killed before it stepped out
        journey: MoveJourney = on.arrive().move
        journey.came_back(11)
        assert (journey.wants_out, on.of(events.HubBack)) == (True, [])
        journey.stepped_out()
        journey.came_back(15)
        assert journey.move.state is MoveState.WATCHING


@pytest.mark.parametrize("channel", [11, 12], ids=["where it was", "elsewhere"])
async def test_a_hub_that_comes_back_on_a_channel_that_was_not_allowed_is_said_to(
    tmp_path: Path, channel: int
) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await move(on)
        on.visit.move.came_back(channel)
        assert published(on, events.HubBack).said.endswith(
            f"to 15 or 20 or 25, but it came back on {channel}, which is not allowed"
        )
        on.visit.move.came_back(channel)  # found again: it is said once
        assert on.visit.move.move.said.count("which is not allowed") == 1


async def test_a_mask_that_allows_the_channel_in_use_moves_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="channel-mask-refused") as on:
        await on.connect()
        assert set(on.visit.view.expected) == {on.rows()[1].id}  # 25, which the hub is not on
        for number in range(4):
            await on.visit.deliver(on.rows()[number].id)
            assert on.visit.connected
        assert [row.state.value for row in on.rows()[:4]] == [
            "refused",
            "refused",
            "answered",
            "answered",
        ]
        assert on.hub.node.channel == 11
        assert on.visit.move.move.said == "DRAFT: the mask is taken away; the hub stays"


async def test_a_hub_found_elsewhere_without_a_word_is_watched_too(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="channel-move") as on:
        await on.connect()
        on.hub.deliver_by_wan(on.named(MASK).raw)
        mask = on.hub.premises.chf.mask
        await on.until_hub(lambda hub: hub.node.channel != 11 and not mask.wanted)
        await on.visit.close()
        await on.connect()
        assert on.visit.move.move.state is MoveState.WATCHING


async def test_a_hub_outside_the_buildings_plan_is_flagged_until_it_is_inside(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, scenario="shared-han-building") as on:
        await on.connect()
        assert published(on, events.OutsidePlan).plan == (15, 20, 25)
        await on.visit.leave()
        assert len(on.of(events.OutsidePlan)) == 2
        (owed,) = open_items(on.store, on.store.jobs.get(1))
        assert "channel 11, outside the building's plan 15, 20, 25" in owed
        await move(on)
        await on.visit.connect(on.site.spec.hub.gpf)
        assert all("plan" not in each for each in open_items(on.store, on.store.jobs.get(1)))
