"""The commission journey: which Local Command goes next, and what holds another back."""

from dataclasses import replace

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.journeys.plan.plan import Counts, Plan
from hht.store import CommandRow, CommandState

SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
OPERATOR = EntityId.parse("90-B3-D5-1F-30-02-00-00")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")


def command(
    position: int,
    *after: int,
    counter: int | None = None,
    state: CommandState = CommandState.WAITING,
    device: EntityId = ESME,
    party: EntityId = SUPPLIER,
) -> CommandRow:
    counter = 100 + position if counter is None else counter
    message = Message(Cra.COMMAND, counter, party, device, 0x0062, b"\x00", mac=bytes(12))
    names = (f"step {position}", f"request {position}", "6.11", "6.11")
    return CommandRow(
        *(position + 1, 1, position, *names, device, party, counter, 0x0062, message.encode()),
        *(state, after, 0, ""),
    )


def states(rows: list[CommandRow]) -> list[int]:
    """The order in which a plan is delivered when each Response is positive."""
    order = []
    while (row := Plan(rows).next_ready()) is not None:
        order.append(row.position)
        rows = [replace(r, state=CommandState.ANSWERED) if r == row else r for r in rows]
    return order


def test_a_command_waits_until_what_it_depends_on_is_answered() -> None:
    rows = [command(0, state=CommandState.DELIVERED), command(1, 0, device=CHF)]
    assert Plan(rows).next_ready() is None
    assert Plan(rows).blocked_by(rows[1]) == "'step 0' must be answered first"


def test_commands_of_one_party_to_one_device_go_in_the_order_of_their_counters() -> None:
    assert states([command(0, counter=7), command(1, counter=5), command(2, counter=6)]) == [
        1,
        2,
        0,
    ]


def test_counters_of_different_parties_or_devices_do_not_order_each_other() -> None:
    rows = [command(0, counter=9), command(1, counter=5, party=OPERATOR)]
    rows.append(command(2, counter=1, device=CHF))
    assert states(rows) == [0, 1, 2]


def test_an_unknown_command_holds_back_higher_counters_to_its_device() -> None:
    rows = [command(0, state=CommandState.UNKNOWN), command(1), command(2, device=CHF)]
    assert (
        Plan(rows).blocked_by(rows[1]) == "'step 0' must be delivered first: its counter is lower"
    )
    assert Plan(rows).next_ready() == rows[2]


def test_what_was_delivered_again_in_vain_holds_back_only_what_depends_on_it() -> None:
    rows = [command(0, state=CommandState.UNKNOWN), command(1, 0), command(2)]
    assert Plan(rows).next_ready() is None
    assert Plan(rows[:1] + rows[2:]).next_ready({rows[0].id}) == rows[2]
    assert Plan(rows).blocked_by(rows[1], {rows[0].id}) == "'step 0' must be answered first"


def test_a_delivered_command_does_not_hold_back_the_next_one_to_a_sleeping_device() -> None:
    rows = [command(0, state=CommandState.DELIVERED), command(1)]
    assert Plan(rows).next_ready() == rows[1]


def test_what_depends_on_a_refused_command_is_dead_and_holds_nothing_back() -> None:
    rows = [command(0, state=CommandState.REFUSED, device=CHF), command(1, 0), command(2, 1)]
    rows.append(command(3, counter=900))
    assert [Plan(rows).is_dead(row) for row in rows] == [False, True, True, False]
    assert Plan(rows).next_ready() == rows[3]


def test_an_answered_command_says_that_it_is_not_sent_again() -> None:
    row = command(0, state=CommandState.ANSWERED)
    assert Plan([row]).blocked_by(row) == "It is answered and is not sent again"


def test_an_unknown_command_is_settled_before_it_is_sent_again() -> None:
    row = command(0, state=CommandState.UNKNOWN)
    assert Plan([row]).blocked_by(row) == "Nobody knows whether it arrived: settle it first"


def test_what_was_only_heard_of_holds_nothing_up_and_may_be_sent_all_the_same() -> None:
    rows = [command(0, state=CommandState.HEARD), command(1, 0), command(2)]
    assert Plan(rows).next_ready() == rows[1]
    assert Plan(rows).blocked_by(rows[0]) is None


def test_counts_tell_delivered_answered_failed_and_unknown_apart() -> None:
    rows = [command(n, state=state) for n, state in enumerate(CommandState)]
    assert Plan(rows).counts() == Counts(
        waiting=1, delivered=3, answered=2, failed=2, unknown=3, uncaptured=2
    )


def test_a_plan_that_is_changed_row_by_row_is_like_one_that_is_made_new() -> None:
    rows = [command(0), command(1, 0), command(2, counter=5), command(3, 1, device=CHF)]
    plan = Plan(rows)
    for position, state in [(2, "answered"), (0, "refused"), (2, "answered"), (0, "answered")]:
        rows[position] = replace(rows[position], state=CommandState(state))
        plan.update(rows[position])
        again = Plan(rows)
        assert (plan.rows, plan.counts()) == (again.rows, again.counts())
        assert plan.next_ready() == again.next_ready()
        assert [plan.is_dead(row) for row in rows] == [again.is_dead(row) for row in rows]


def test_a_chain_of_three_thousand_commands_ends_with_its_first() -> None:
    rows = [command(0, state=CommandState.SKIPPED)]
    rows += [command(position, position - 1, device=CHF) for position in range(1, 3000)]
    plan = Plan(rows)
    assert plan.is_dead(rows[-1])
    assert plan.next_ready() is None


def test_what_waits_for_a_refused_command_is_not_open_any_more() -> None:
    refused = command(0, state=CommandState.REFUSED)
    rows = [refused, command(1, 0, device=CHF), command(2, 1, device=CHF), command(3, device=CHF)]
    assert [row.position for row in Plan(rows).still_open] == [3]
