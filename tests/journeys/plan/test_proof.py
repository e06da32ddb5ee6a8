"""What a read of a Device's log proves about a Local Command in doubt."""

from dataclasses import replace

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.journeys.plan.lost_response import LostResponse, WayBack, lost_of
from hht.journeys.plan.proof import proven_by, read_of
from hht.store import CommandEvent, CommandRow, CommandState

ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
PPMID = EntityId.parse("00-DB-12-34-56-78-90-A4")
DEVICES = (CHF, ESME, PPMID)


def unknown(code: int, device: EntityId, subject: EntityId) -> CommandRow:
    message = Message(Cra.COMMAND, 9, ACB, device, code, b"\x09\x08" + subject, mac=bytes(12))
    names = ("title", "request", "8.11", "8.11")
    return CommandRow(
        *(1, 1, 0, *names, device, ACB, 9, code, message.encode(), CommandState.UNKNOWN, (), 1, "")
    )


def response(code: int, device: EntityId, *listed: EntityId) -> Message:
    payload = b"".join(b"\x09\x08" + entity for entity in listed)
    return Message(Cra.RESPONSE, 10, device, ACB, code, payload, mac=bytes(12))


def test_a_device_in_the_chf_log_was_added() -> None:
    added = unknown(0x0001, CHF, ESME)
    assert proven_by(response(0x010F, CHF, PPMID, ESME), [added], DEVICES) == [added]


def test_a_device_that_is_not_in_the_log_proves_nothing() -> None:
    added = unknown(0x0001, CHF, ESME)
    assert proven_by(response(0x010F, CHF, PPMID), [added], DEVICES) == []


def test_a_join_is_proven_by_the_join_details_of_its_own_device() -> None:
    joined = unknown(0x000D, ESME, PPMID)
    assert proven_by(response(0x0013, ESME, PPMID), [joined], DEVICES) == [joined]
    assert proven_by(response(0x0013, PPMID, PPMID), [joined], DEVICES) == []


def test_a_read_of_another_kind_proves_nothing() -> None:
    joined = unknown(0x000D, ESME, PPMID)
    assert proven_by(response(0x010F, ESME, PPMID), [joined], DEVICES) == []
    clock = unknown(0x0062, ESME, PPMID)
    assert proven_by(response(0x0013, ESME, PPMID), [clock], DEVICES) == []


def test_the_read_that_can_prove_a_command_is_its_own_devices_first_that_waits() -> None:
    joined = unknown(0x000D, ESME, PPMID)
    answered, other, right, later = (
        replace(unknown(0x0013, device, PPMID), id=number, state=state)
        for number, device, state in (
            (2, ESME, CommandState.ANSWERED),
            (3, PPMID, CommandState.WAITING),
            (4, ESME, CommandState.WAITING),
            (5, ESME, CommandState.WAITING),
        )
    )
    assert read_of(joined, [joined, answered, other, right, later]) is right
    assert read_of(joined, [joined, answered, other]) is None


def test_only_what_is_in_doubt_is_settled() -> None:
    for state in set(CommandState) - {CommandState.UNKNOWN, CommandState.HEARD}:
        row = replace(unknown(0x0001, CHF, ESME), state=state)
        assert proven_by(response(0x010F, CHF, ESME), [row], DEVICES) == []


def test_a_command_about_nobody_known_is_not_proven_by_anything() -> None:
    added = unknown(0x0001, CHF, EntityId(bytes(8)))
    assert proven_by(response(0x010F, CHF, *DEVICES), [added], DEVICES) == []


def test_a_response_that_was_not_kept_cannot_be_had_from_a_hub_that_repeats_nothing() -> None:
    added = replace(
        unknown(0x0001, CHF, ESME),
        state=CommandState.ANSWERED,
        last_event=CommandEvent.READ_BACK,
    )
    read = replace(
        unknown(0x010F, CHF, ESME),
        id=2,
        position=4,
        state=CommandState.ANSWERED,
        captured=True,
    )
    rows = (added, read)
    assert lost_of(rows, hub_may_repeat=True) == {1: LostResponse(WayBack.CONNECT)}
    assert lost_of(rows, hub_may_repeat=False) == {1: LostResponse(WayBack.SHOWN, 5)}
    seen = replace(added, last_event=CommandEvent.SETTLED_DONE)
    assert lost_of((seen, read), hub_may_repeat=False) == {1: LostResponse(WayBack.SUPPLIER)}
    unkept = replace(read, captured=False)
    assert {way.way for way in lost_of((added, unkept), hub_may_repeat=False).values()} == {
        WayBack.SUPPLIER
    }
    assert lost_of((replace(added, captured=True),), hub_may_repeat=False) == {}
    assert "number 5" in LostResponse(WayBack.SHOWN, 5).words
