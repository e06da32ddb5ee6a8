"""The order of a plan: counters and the job pack decide, then what usually comes first."""

import random
from dataclasses import replace
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.journeys.plan.kinds import kind_of, kinds, sleepers
from hht.journeys.plan.order import delivery_order
from hht.journeys.plan.outlook import outlook
from hht.journeys.plan.plan import Plan
from hht.simulator.head_end.compose import payloads
from hht.store import CommandRow, CommandState

ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
GSME = EntityId.parse("00-DB-12-34-56-78-90-A1")
PPMID = EntityId.parse("00-DB-12-34-56-78-90-A4")
ADD, CLOCK, READ_JOINS, READ_LOG, JOIN = 0x0001, 0x0062, 0x0013, 0x010F, 0x000D


def row(position: int, code: int, device: EntityId, **changes: Any) -> CommandRow:
    party = ACB if device == CHF else SUPPLIER
    message = Message(Cra.COMMAND, 100 + position, party, device, code, b"\x00", mac=bytes(12))
    made = CommandRow(
        *(position + 1, 1, position, f"step {position}", "request", "8.11", "8.11", device, party),
        *(100 + position, code, message.encode(), CommandState.WAITING, (), 0, ""),
    )
    return replace(made, **changes)


def add(position: int, device: EntityId) -> CommandRow:
    """A CCS01 that adds this Device."""
    payload = payloads.add_device(100 + position, device, bytes(16), 3600, 0)
    message = Message(Cra.COMMAND, 100 + position, ACB, CHF, ADD, payload, mac=bytes(12))
    return row(position, ADD, CHF, raw=message.encode())


def test_a_command_to_a_device_waits_for_the_ccs01_of_that_device_alone() -> None:
    rows = [row(0, CLOCK, ESME), add(1, GSME), add(2, ESME), row(3, CLOCK, PPMID)]
    plan = Plan(rows)
    assert [each.position for each in plan.in_order] == [1, 2, 0, 3]
    assert plan.needed_by(rows[0]) == (rows[2],)
    assert plan.blocked_by(rows[0]) == "'step 2' comes first: this needs its Device"
    assert plan.blocked_by(rows[3]) is None
    assert plan.about(ESME) == (rows[2], rows[0])


def test_a_ccs01_that_was_refused_or_left_out_holds_nothing_back() -> None:
    """The Device may be on the HAN already: only the job pack can say that nothing may go on."""
    for state in (CommandState.REFUSED, CommandState.SKIPPED):
        rows = [replace(add(0, ESME), state=state), row(1, CLOCK, ESME)]
        assert Plan(rows).next_ready() == rows[1]


def test_every_kind_names_only_kinds_that_there_are() -> None:
    known = {kind.id for kind in kinds()}
    assert len(known) == len(kinds())
    assert all({*kind.needs, *kind.proof} <= known for kind in kinds())


def test_a_use_case_is_of_the_kind_of_its_code_or_of_its_service_reference() -> None:
    wanted = {
        0x0001: "add", 0x0002: "remove", 0x000D: "join", 0x00AF: "join", 0x0010: "unjoin",
        0x0062: "clock", 0x007F: "clock", 0x0013: "read-joins", 0x010F: "read-log",
        0x0027: "read", 0x0074: "read", 0x0012: "firmware", 0x010D: "channel",
        0x0102: "credentials", 0x0019: "configure", 0xFFFF: "configure",
    }  # fmt: skip
    assert {code: kind_of(code).id for code in wanted} == wanted


def test_loose_commands_are_put_into_the_usual_order() -> None:
    rows = [row(0, READ_LOG, CHF, counter=903), row(1, CLOCK, ESME), row(2, ADD, CHF, counter=5)]
    rows.append(row(3, 0x0027, ESME, counter=200))
    loose = Plan(rows, is_ordered=False)
    assert [each.position for each in loose.in_order] == [2, 1, 0, 3]
    assert [each.position for each in Plan(rows).in_order] == [1, 2, 0, 3]


def test_counters_win_over_what_usually_comes_first() -> None:
    rows = [row(0, 0x0027, ESME, counter=5), row(1, CLOCK, ESME, counter=6)]
    assert [each.position for each in Plan(rows, is_ordered=False).in_order] == [0, 1]


def test_the_job_pack_wins_over_what_usually_comes_first() -> None:
    rows = [row(0, READ_LOG, CHF), row(1, CLOCK, ESME, after=(0,))]
    assert [each.position for each in Plan(rows, is_ordered=False).in_order] == [0, 1]


def test_no_counter_of_one_party_to_one_device_ever_comes_before_a_lower_one() -> None:
    chance = random.Random(20261126)
    codes = [ADD, CLOCK, READ_JOINS, READ_LOG, JOIN, 0x0027, 0x0019]
    for _ in range(200):
        rows = [
            row(n, chance.choice(codes), chance.choice([CHF, ESME, GSME]), counter=c)
            for n, c in enumerate(chance.sample(range(1000), 20))
        ]
        plan = Plan(rows, is_ordered=chance.random() < 0.5)
        assert sorted(each.id for each in plan.in_order) == sorted(each.id for each in rows)
        for device in (CHF, ESME, GSME):
            counters = [each.counter for each in plan.in_order if each.device == device]
            assert counters == sorted(counters)


def test_a_plan_whose_responses_are_positive_always_comes_to_its_end_in_its_order() -> None:
    chance = random.Random(11)
    for _ in range(100):
        rows = [
            row(n, chance.choice([ADD, CLOCK, READ_LOG, JOIN]), chance.choice([CHF, ESME]))
            for n in range(12)
        ]
        chance.shuffle(rows)
        plan = Plan(rows, is_ordered=False)
        wanted, delivered = [each.id for each in plan.in_order], []
        while (following := plan.next_ready()) is not None:
            delivered.append(following.id)
            plan.update(replace(following, state=CommandState.ANSWERED))
        assert delivered == wanted


def test_what_waits_for_itself_comes_last_and_loses_nobody() -> None:
    order = delivery_order({1: (0, 1), 2: (0, 2), 3: (0, 3)}, {1: [2], 2: [1]}, {3: [1]})
    assert order.ids == (3, 1, 2)
    assert order.tangled == {1, 2}


def test_an_outlook_says_how_long_why_and_what_proves_it() -> None:
    rows = [row(0, JOIN, GSME, state=CommandState.UNKNOWN), row(1, READ_JOINS, GSME)]
    plan = Plan(rows)
    seen = outlook(plan, rows[0], {GSME: "GSME"})
    assert seen.proofs == (rows[1],)
    assert seen.seconds == sleepers()["GSME"].seconds
    assert seen.remedies[0] == "read-back"
    assert outlook(Plan(rows[:1]), rows[0], {}).remedies[0] == "again"
    assert outlook(plan, rows[1], {}).remedies == ()
    refused = replace(rows[0], state=CommandState.REFUSED)
    assert outlook(Plan([refused]), refused, {}).remedies == kind_of(JOIN).refused
