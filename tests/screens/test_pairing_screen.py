"""Pairing on the screen: the label, the joining time that runs, each partner in one line."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pairing_bench import pairing_pack
from screen_bench import BOTH, SMALLEST, Bench, OpenBench
from screen_job import ONTO_THE_HAN, begin_with, enter_each
from screen_visit import Script
from textual.widgets import Input

from hht.duis.job_pack import JobPack
from hht.gbcs.device_commands import AddDevice, device_command
from hht.journeys.premises.devices import HanState, Proof
from hht.session.errors import HubSilent
from hht.store import CommandEvent, CommandState
from screens.base import HhtScreen
from screens.context import HhtContext
from screens.forms.typed import TypedScreen


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> JobPack:
    return pairing_pack(tmp_path_factory.mktemp("pairing"))


@pytest.fixture
def job(context: HhtContext, script: Script, pack: JobPack, tmp_path: Path) -> HhtContext:
    return begin_with(pack, context, script, tmp_path)


async def at_the_pairing(bench: Bench) -> None:
    await enter_each(bench, *ONTO_THE_HAN)
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "commission")
    await bench.press("p")
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "pairing")
    await bench.until_offered("scan_label")


def label_of(pack: JobPack, *, code: bytes = b"") -> str:
    commands = (device_command(each.local_command.message) for each in pack.commands)
    add = next(each for each in commands if isinstance(each, AddDevice))
    return f"Z:{add.device.hex()}$I:{(code or add.install_code).hex()}"


def scan(bench: Bench, label: str) -> None:
    """Give a label to the screen on show, as the scanner's gate does."""
    screen = bench.app.screen
    assert isinstance(screen, HhtScreen | TypedScreen)
    screen.scanned(label)


async def added(bench: Bench, script: Script, ago: float) -> None:
    """Let the hub have answered the CCS01 so many seconds ago, and no Device have joined since."""
    assert script.visit
    visit = script.visit
    device = visit.pairing.tasks[0].device

    def happen() -> None:
        for event in (CommandEvent.SEND, CommandEvent.POSITIVE):
            visit.store.commands.move(1, event)
        now = visit.clock.now()
        visit.premises.place(device, HanState.IN_LOG, Proof.LOG_ALERT, now)
        visit.pairing.opened(device, now - timedelta(seconds=ago))

    await bench.app.service.worker_loop.run(happen)
    await bench.app.service.look()


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_label_that_fits_is_done_and_the_add_is_next(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack, size: tuple[int, int]
) -> None:
    async with open_bench(size, job) as bench:
        await at_the_pairing(bench)
        assert "Enter  Scan the label of the PPMID" in bench.text
        scan(bench, label_of(pack))
        await bench.until_offered("deliver_next")
        await bench.until("✓  1 Label", "●  2 Into the hub's log (CCS01)")
        assert "Deliver 1  Let the PPMID join" in bench.text


async def test_in_live_work_enter_asks_for_the_label_and_typing_it_is_as_good(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await bench.press("enter")
        await bench.until("Scan the label of the PPMID, or type it")
        scan(bench, label_of(pack))
        field = bench.app.screen.query_one(Input)
        await bench.until_it_holds(lambda: field.value)
        await bench.press("enter")
        await bench.until("✓  1 Label")


async def test_another_code_than_the_ccs01s_is_asked_about_before_it_is_delivered(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        scan(bench, label_of(pack, code=bytes(range(16))))
        await bench.until("✗  1 Label", "another code than is delivered")
        await bench.until_offered("go_on_without")
        await bench.press("escape")
        await bench.until("Plan", "Enter  PPMID's label has another code…", "L Leave")
        await bench.press("a")
        assert not [call for call in script.calls if call[0].startswith("deliver")]
        await bench.press("enter")
        await bench.until_offered("go_on_without")
        await bench.press("enter")
        await bench.until("Another code than on the PPMID's label", "▌1 Leave it for now")
        await bench.until("4 Deliver the CCS01 all the same")
        await bench.press("4")
        await bench.until_it_holds(lambda: [c for c in script.calls if c[0] == "deliver"])


async def test_what_was_left_for_now_is_not_the_main_action_again_and_is_asked_by_its_key(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        scan(bench, label_of(pack, code=bytes(range(16))))
        await bench.until_offered("go_on_without")
        await bench.press("enter")
        await bench.until("▌1 Leave it for now")
        await bench.press("enter")
        await bench.until("Enter  Leave the HAN: 11 not done…", "O Without it")
        await bench.press("escape")
        await bench.until("Plan", "Enter  Leave the HAN: 11 not done…", "P Pairing")
        await bench.press("p")
        await bench.until_offered("leave")
        await bench.press("o")
        await bench.until("▌1 Leave it for now")
        await bench.press("enter")
        await bench.until_offered("leave")
        scan(bench, label_of(pack))
        await bench.until("✓  1 Label", "Enter  Deliver 1  Let the PPMID join")


async def test_a_ccs01_that_cannot_let_its_device_in_is_skipped_with_all_that_needs_the_device(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        scan(bench, label_of(pack, code=bytes(range(16))))
        await bench.until_offered("go_on_without")
        await bench.press("enter")
        await bench.until("3 Skip the CCS01, and the", "Without the PPMID no. 2, 3, 4")
        await bench.press("3")
        await bench.until("!  2 Into the hub's log", "left out", "!  3 On the HAN", "Proof (CS07)")
        assert "●" not in bench.text.partition("Pairing")[2], "nothing is to be done now"
        view = bench.app.view
        assert view
        skipped = [row for row in view.commands if row.state is CommandState.SKIPPED]
        assert len(skipped) > 1
        why = "Skipped: The label of the PPMID has another Install Code than its CCS01"
        assert {row.reason for row in skipped} == {why}


async def test_another_units_label_is_refused_and_nothing_changes(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        scan(bench, "00-DB-99-99-99-99-99-99")
        await bench.until("HHT-09", "another unit")
        await bench.press("escape")
        await bench.until_offered("scan_label")


async def test_a_device_that_has_to_join_is_waited_for_with_its_time_and_gone_on_without(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await bench.press("s")
        await bench.until("!  1 Label")
        await added(bench, script, ago=60)
        await bench.until("Switch on the PPMID: the HAN is open for 5", "open 5")
        assert "Enter  Wait for the PPMID to join, then go on" in bench.text
        await bench.press("enter")
        await bench.until_it_holds(lambda: ("await_joining",) in script.calls)
        await bench.press("o")
        await bench.until("Go on without the PPMID", "▌1 Wait, and look at the Device")
        await bench.until("2 Skip the 7 that need it", "Without the PPMID no. 2, 3")
        await bench.press("3")
        await bench.until("Enter  Deliver 2  Join the ESME with the PPMID")


async def test_a_device_whose_label_differs_is_not_waited_for_though_its_ccs01_has_gone(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await added(bench, script, ago=60)
        scan(bench, label_of(pack, code=bytes(range(16))))
        await bench.until("✗  1 Label", "Enter  The PPMID cannot join: code differs…")
        await bench.until("✗  3 On the HAN", "it cannot join: its label has another code")
        assert "open 5" not in bench.text
        await bench.until_it_holds(lambda: "A All" not in bench.text)  # it would wait in vain
        await bench.press("enter")
        await bench.until("Go on without the PPMID", "Its label has another", "▌1 Leave it for now")
        await bench.press("3")
        await bench.until("Enter  Deliver 2  Join the ESME with the PPMID")


async def test_enter_leaves_the_han_from_the_pairing_too_and_asks_first_while_work_is_left(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await bench.press("l")
        await bench.until("Leave the HAN with", "▌1 Stay")
        await bench.press("2")
        await bench.until_it_holds(lambda: ("leave",) in script.calls)


async def test_leaving_while_a_device_has_not_joined_leads_to_going_on_without_it(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await enter_each(bench, *ONTO_THE_HAN)
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "commission")
        await added(bench, script, ago=60)
        await bench.until("Enter  Wait for the PPMID to join, then go on")
        await bench.press("l")
        await bench.until("▌1 Stay", "3 Stay, and go on without what has not joined…")
        await bench.press("3")
        await bench.until("Go on without the PPMID", "▌1 Wait", "2 Skip the 7 that need it")
        await bench.press("3")
        await bench.until("Enter  Deliver 2  Join the ESME with the PPMID")
        assert ("leave",) not in script.calls


async def test_leaving_while_a_label_differs_leads_to_what_can_be_done_about_it(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        scan(bench, label_of(pack, code=bytes(range(16))))
        await bench.until_offered("go_on_without")
        await bench.press("escape")
        await bench.until("Plan", "L Leave")
        await bench.press("l")
        await bench.until("3 Stay, and go on without what has not joined…")
        await bench.press("3")
        await bench.until("Another code than on the PPMID's label", "2 Scan the label again")
        await bench.press("2")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "pairing")


async def test_a_device_that_did_not_join_in_time_is_said_and_asked_about(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await bench.press("s")
        await added(bench, script, ago=7200)
        await bench.until("✗  3 On the HAN", "The PPMID did not join while the HAN was open")
        await bench.press("enter")
        await bench.until("Go on without the PPMID", "▌1 Leave it for now")
        await bench.press("escape")
        await bench.until_offered("leave")
        await bench.press("escape")
        await bench.until("Plan", "Enter  Leave the HAN")
        await bench.app.run_action("screen.pairing")
        await bench.press("o")
        await bench.until("2 Skip the ")
        await bench.press("2")
        await bench.until("!  4 Joined with the ESME", "left out")


async def test_the_way_to_the_pairing_is_among_the_plans_keys_in_the_smallest_terminal_too(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(SMALLEST, job) as bench:
        await enter_each(bench, *ONTO_THE_HAN, "deliver_next", "settle")
        await bench.until("▌1 ")
        await bench.press("escape")
        await bench.until("S Did it arrive?", "P Pairing")


async def test_a_lost_connection_leads_back_to_the_pairing_and_the_way_back_from_there_to_the_plan(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_pairing(bench)
        await bench.press("s")
        await bench.until_offered("deliver_next")
        assert script.visit
        script.lose(HubSilent(script.visit.pairing.tasks[0].device, "tunnel"))
        await bench.until_offered("reconnect")
        script.failures["connect"] = HubSilent(script.visit.pairing.tasks[0].device, "tunnel")
        await bench.press("enter")
        await bench.until("HUB-0", "1 ")
        await bench.press("escape")
        await bench.until_offered("again")
        await bench.press("enter")
        await bench.until_offered("go_on")
        await bench.press("enter")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "pairing")
        await bench.press("escape")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "commission")


@pytest.mark.parametrize("size", BOTH)
async def test_while_the_hub_is_not_heard_who_is_on_the_han_is_as_last_seen(
    open_bench: OpenBench, script: Script, job: HhtContext, size: tuple[int, int]
) -> None:
    async with open_bench(size, job) as bench:
        await at_the_pairing(bench)
        assert script.visit
        visit = script.visit
        device = visit.pairing.tasks[0].device
        joined = partial(visit.premises.place, device, HanState.ON_HAN, Proof.ALERT)
        await bench.app.service.worker_loop.run(lambda: joined(visit.clock.now()))
        await bench.app.service.look()
        await bench.until("✓  3 On the HAN")
        assert "as last seen" not in bench.text
        script.lose(HubSilent(device, "tunnel"))
        await bench.until("as last seen")


@pytest.fixture
def meters(
    context: HhtContext, script: Script, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> HhtContext:
    """The job of `wrong-install-code`, which adds meters, too."""
    pack = pairing_pack(tmp_path_factory.mktemp("meters"), "wrong-install-code")
    return begin_with(pack, context, script, tmp_path)


async def at_the_meter_that_stays_away(bench: Bench, script: Script) -> None:
    """Deliver all that can be: the ESME was added and has not joined, and is not on the HAN."""
    await enter_each(bench, *ONTO_THE_HAN)
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "commission")
    assert script.visit
    visit = script.visit
    esme = visit.plan.rows[3].device
    in_log = partial(visit.premises.place, esme, HanState.IN_LOG, Proof.LOG_ALERT)
    await bench.app.service.worker_loop.run(lambda: in_log(visit.clock.now()))
    await bench.press("a")
    await bench.until("Enter  4 needs a Device that has not joined…")


async def test_a_meter_that_has_not_joined_lets_the_others_go_first_and_is_asked_about_then(
    open_bench: OpenBench, script: Script, meters: HhtContext
) -> None:
    async with open_bench(given=meters) as bench:
        await at_the_meter_that_stays_away(bench, script)
        sent = [call[1] for call in script.calls if call[0] == "deliver"]
        assert sent == [1, 2, 3, 5, 8, 9, 10]
        assert "A All" not in bench.text
        await bench.press("enter")
        await bench.until("Go on without the ESME", "no. 4, 6, 7 are refused", "▌1 Wait")
        await bench.press("enter")
        await bench.until("Enter  Leave the HAN: 3 not done…")
        await bench.press("enter")
        await bench.until("3 Stay, and go on without what has not joined…")
        await bench.press("3")
        await bench.until("2 Skip the 3 that need it")
        await bench.press("2")
        await bench.until("–  6 Join the ESME", "Skipped: The ESME is not on the HAN")
        assert [call[1] for call in script.calls if call[0] == "skip"] == [4, 6, 7]


async def test_what_needs_an_absent_meter_is_delivered_all_the_same_where_that_is_chosen(
    open_bench: OpenBench, script: Script, meters: HhtContext
) -> None:
    async with open_bench(given=meters) as bench:
        await at_the_meter_that_stays_away(bench, script)
        await bench.press("enter")
        await bench.until("3 Deliver all the same")
        await bench.press("3")
        await bench.until_it_holds(lambda: ("deliver", 4) in script.calls)


async def test_after_one_was_skipped_it_is_asked_about_those_that_cannot_go_without_it(
    open_bench: OpenBench, script: Script, meters: HhtContext
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(given=meters) as bench:
        await enter_each(bench, *ONTO_THE_HAN, "deliver_next", "settle")
        for choice in ("5 Skip, with a reason…", "2 The Device is not there"):
            await bench.until(choice)
            await bench.press(choice[0])
        await bench.until("Skip 3 more", "Without no. 1, no. 4, 6, 7", "▌1 Leave them open")
        await bench.press("2")
        await bench.until("Skipped: The Device is not there")
        assert [call[1] for call in script.calls if call[0] == "skip"] == [4, 6, 7]
