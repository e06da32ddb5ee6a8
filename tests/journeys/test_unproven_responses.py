"""What a Response counts for that anybody in reach of the hub could have made up."""

from pathlib import Path

from visit_stage import CLOCK, Scene, scene

from hht.gbcs import dlms
from hht.gbcs.dlms import AccessResponse, Result
from hht.gbcs.message import Cra, Message
from hht.journeys.auto.play import play
from hht.journeys.events import CommandChanged
from hht.journeys.plan.plan import Plan
from hht.store import CommandRow, CommandState


def made_up(row: CommandRow, mac: bytes = b"") -> bytes:
    """A Response that reports success, by somebody without the Device's keys."""
    asked = dlms.decode_access_request(Message.parse(row.raw).payload).specs
    results = tuple(Result(spec.kind, 0) for spec in asked)
    found = AccessResponse(dlms.invoke_of(row.counter), (dlms.NULL,) * len(asked), results)
    payload = dlms.encode_access_response(found)
    parties = (row.device, row.party, row.message_code)
    return Message(Cra.RESPONSE, row.counter, *parties, payload, mac=mac or None).encode()


async def hear(on: Scene, raw: bytes) -> None:
    on.hub.tunnels.outbox.append(raw)
    on.hub.tunnels.flush()
    await on.until(lambda: raw in on.captured())


async def test_one_to_what_was_never_sent_is_heard_and_proves_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        first, second = on.rows()[:2]
        await hear(on, made_up(first))
        assert on.rows()[0].state is CommandState.HEARD
        assert on.of(CommandChanged)[-1].state == "heard"
        assert visit.view.next_command == second
        assert (visit.view.counts.answered, visit.view.counts.unknown) == (0, 1)


async def test_what_was_only_heard_of_can_be_delivered_and_is_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await hear(on, made_up(on.rows()[0]))
        await visit.deliver(on.rows()[0].id)
        assert (on.rows()[0].state, on.rows()[0].captured) == (CommandState.ANSWERED, True)


async def test_a_job_with_something_only_heard_of_is_not_complete(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        await hear(on, made_up(on.rows()[0]))
        await visit.close()
        assert (await play(on.arrive())).outcome == "incomplete"


async def test_one_whose_mac_is_the_devices_settles_what_was_never_sent(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        on.hub.deliver_by_wan(on.rows()[0].raw)
        await on.until(lambda: on.rows()[0].state is CommandState.ANSWERED)


async def test_one_that_its_device_certainly_did_not_make_settles_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, response_seconds=0.3) as on:
        visit = await on.connect()
        await visit.deliver_next()
        row = on.named(CLOCK)
        on.hub.premises.switch(row.device, on=False)
        on.hub.tunnels.outbox.append(made_up(row, mac=bytes(12)))
        await visit.deliver(row.id)
        await on.until(lambda: made_up(row, mac=bytes(12)) in on.captured())
        assert (on.named(CLOCK).state, on.named(CLOCK).captured) == (CommandState.UNKNOWN, False)


async def test_the_same_bytes_count_once_what_they_answer_was_sent(tmp_path: Path) -> None:
    """Another handheld had delivered it, and the hub gives the Device's one Response again."""
    async with scene(tmp_path, response_seconds=0.3) as on:
        visit = await on.connect()
        await visit.deliver_next()
        row, raw = on.named(CLOCK), made_up(on.named(CLOCK))
        await hear(on, raw)
        assert on.named(CLOCK).state is CommandState.HEARD
        on.hub.premises.switch(row.device, on=False)
        await visit.deliver(row.id)
        assert on.named(CLOCK).state is CommandState.UNKNOWN
        on.hub.tunnels.outbox.append(raw)
        on.hub.tunnels.flush()
        await on.until(lambda: on.named(CLOCK).state is CommandState.ANSWERED)


def test_a_state_is_known_of_this_jobs_commands_alone() -> None:
    assert Plan([]).state_of(7) is Plan([]).state_of(None) is None
