"""What comes to nothing while a Device is not on the HAN, or once one was left out."""

from pathlib import Path

from pairing_bench import pairing_bench

from hht.journeys.plan.needing import following, needing
from hht.journeys.plan.plan import Plan
from hht.store import CommandEvent


def job(folder: Path) -> Plan:
    """The job of `wrong-install-code`: ESME, GSME and PPMID added, set and joined, a log read."""
    bench = pairing_bench(folder, "wrong-install-code")
    return Plan(bench.store.commands.of_job(bench.job.id))


def test_a_device_that_is_not_there_takes_its_own_commands_and_both_halves_of_its_joins(
    tmp_path: Path,
) -> None:
    plan = job(tmp_path)
    esme = plan.rows[3].device
    assert [row.position + 1 for row in needing(plan, esme)] == [4, 6, 7]


def test_a_ccs01_that_cannot_let_it_in_goes_with_them_and_reads_of_the_hub_do_not(
    tmp_path: Path,
) -> None:
    plan = job(tmp_path)
    esme, add = plan.rows[3].device, plan.rows[0].id
    assert [row.position + 1 for row in needing(plan, esme, {add})] == [1, 4, 6, 7]


def test_a_join_that_was_left_out_takes_its_second_half_and_a_ccs01_all_of_its_device(
    tmp_path: Path,
) -> None:
    plan = job(tmp_path)
    assert [row.position + 1 for row in following(plan, plan.rows[5])] == [7]
    assert [row.position + 1 for row in following(plan, plan.rows[0])] == [4, 6, 7]
    assert not following(plan, plan.rows[9])


def test_what_has_been_answered_already_is_none_of_them(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, "wrong-install-code")
    for event in (CommandEvent.SEND, CommandEvent.POSITIVE):
        bench.store.commands.move(bench.store.commands.of_job(bench.job.id)[3].id, event)
    plan = Plan(bench.store.commands.of_job(bench.job.id))
    assert [row.position + 1 for row in following(plan, plan.rows[0])] == [6, 7]
