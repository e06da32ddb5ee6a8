"""A firmware that its Device accepted and did not run later is an open item, with what to do."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pairing_bench import PairingBench, activation_report, pairing_bench
from store_samples import hear

from hht.gbcs.asn1.codes import ActivationResult
from hht.journeys.auto.outcome import outcome_of
from hht.journeys.firmware.images import CS06
from hht.journeys.firmware.versions import firmware_of
from hht.journeys.plan.later_outcomes import failed_later, failed_later_of
from hht.journeys.summary.owed import open_items, owed
from hht.store import CommandRow, CommandState

LATE_FAILURE, LATE_SUCCESS = 0x8F67, 0x8F66


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairingBench]:
    folder = tmp_path_factory.mktemp("later")
    made = pairing_bench(folder, "firmware-meters-future-dated")
    with made.store:
        for row in made.plan.rows:
            made.bring(row, CommandState.ANSWERED)
        yield made


def later(bench: PairingBench) -> CommandRow:
    return next(row for row in bench.plan.rows if row.message_code == CS06)


@pytest.mark.parametrize(
    ("code", "result", "why"),
    [
        (LATE_FAILURE, ActivationResult.NO_IMAGE_HELD, "holds no image"),
        (LATE_FAILURE, ActivationResult.HASH_MISMATCH, "another hash"),
        (LATE_FAILURE, ActivationResult.ACTIVATION_FAILURE, "did not start"),
        (LATE_FAILURE, ActivationResult.SUCCESS, "not carried out"),
        (LATE_SUCCESS, ActivationResult.HASH_MISMATCH, "another hash"),
        (LATE_SUCCESS, ActivationResult.SUCCESS, ""),
    ],
)
def test_why_it_failed_is_what_the_report_says(
    bench: PairingBench, code: int, result: int, why: str
) -> None:
    row = later(bench)
    assert bench.job.hub_gpf
    report = activation_report(row.device, bench.job.hub_gpf, row.counter, code, result)
    assert why in failed_later(bench.plan.rows, [report]).get(row.id, "")
    assert bool(failed_later(bench.plan.rows, [report])) is bool(why)


def test_a_report_on_another_activation_says_nothing_of_this_one(bench: PairingBench) -> None:
    row = later(bench)
    assert bench.job.hub_gpf
    other = activation_report(row.device, bench.job.hub_gpf, row.counter - 1, LATE_FAILURE, 2)
    assert failed_later(bench.plan.rows, [other]) == {}


def test_a_job_with_one_that_failed_later_is_not_complete_and_says_what_to_do(
    bench: PairingBench,
) -> None:
    row = later(bench)
    assert open_items(bench.store, bench.job, bench.clock) == []
    assert bench.job.hub_gpf
    report = activation_report(row.device, bench.job.hub_gpf, row.counter, LATE_FAILURE, 2)
    hear(bench.store, report.raw, bench.job.id)
    (item,) = open_items(bench.store, bench.job, bench.clock)
    ((about, words),) = owed(bench.store, bench.job)
    assert item == f"{about}: {words}"
    assert about == f"{row.position + 1} {row.title}"
    assert words == "failed later: its image has another hash; the supplier sends what fits"
    found = firmware_of(bench.job, bench.plan.rows, bench.store.captures.of_job(bench.job.id))
    assert "could not run the image: its image has another hash" in found[0].said
    rows = [replace(each, captured=True) for each in bench.plan.rows]
    assert outcome_of(rows) == "complete"
    assert outcome_of(rows, failed_later_of(bench.store, bench.job)) == "incomplete"
