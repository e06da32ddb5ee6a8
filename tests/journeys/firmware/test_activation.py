"""Activate Firmware goes only after its hash was compared; a later outcome is waited for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pairing_bench import (
    MORNING,
    PairingBench,
    activation_report,
    captured_alert,
    pairing_bench,
)

from hht.entity_id import EntityId
from hht.journeys.events import ActivationConfirmed
from hht.journeys.firmware.firmware_journey import HashNotConfirmed
from hht.journeys.firmware.images import CS06, NOT_VERIFIED, VERIFIED, ImageSeen, activation_of
from hht.journeys.firmware.standing import Standing, standing_of
from hht.journeys.firmware.versions import firmware_of
from hht.store import Capture, CommandRow, CommandState


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PairingBench]:
    made = pairing_bench(tmp_path, "firmware-hcalcs")
    with made.store:
        yield made


def activation(bench: PairingBench) -> CommandRow:
    return next(row for row in bench.plan.rows if row.message_code == CS06)


def alert(bench: PairingBench, code: int, content: bytes, message_code: int = 0x00CF) -> Capture:
    """An Alert of the Device that is updated, with this in it."""
    assert bench.job.hub_gpf
    return captured_alert(activation(bench).device, bench.job.hub_gpf, content, message_code, code)


def test_an_activation_is_refused_until_its_hash_was_confirmed_and_then_goes(
    bench: PairingBench,
) -> None:
    row = activation(bench)
    with pytest.raises(HashNotConfirmed, match="Nobody has confirmed"):
        bench.firmware.check(row)
    ask = bench.firmware.ask(row)
    assert ask
    assert (ask.device, ask.at, ask.image) == (row.device, None, ImageSeen.UNHEARD)
    with pytest.raises(HashNotConfirmed, match="not the hash"):
        bench.firmware.confirm(row.id, ask.sha256[::-1])
    bench.firmware.confirm(row.id, ask.sha256)
    bench.firmware.check(row)
    assert bench.published == [ActivationConfirmed(row.id, row.device, ask.sha256)]


def test_what_was_confirmed_outlives_the_program(bench: PairingBench) -> None:
    row = activation(bench)
    ask = bench.firmware.ask(row)
    assert ask
    bench.firmware.confirm(row.id, ask.sha256)
    bench.restart()
    assert bench.firmware.ask(row) is None


def test_it_is_said_whether_the_device_has_verified_this_image_or_another(
    bench: PairingBench,
) -> None:
    row = activation(bench)
    sha = bytes.fromhex(bench.firmware.ask(row).sha256)  # type: ignore[union-attr]
    for code, content, seen in (
        (VERIFIED, sha[::-1], ImageSeen.ANOTHER),
        (NOT_VERIFIED, sha, ImageSeen.NOT_VERIFIED),
        (VERIFIED, sha, ImageSeen.VERIFIED),
    ):
        bench.restart()
        bench.firmware.note(alert(bench, code, content))
        assert bench.firmware.ask(row).image is seen  # type: ignore[union-attr]
    bench.restart()
    for code in (NOT_VERIFIED, VERIFIED):  # it was sent again, and is whole now
        bench.firmware.note(alert(bench, code, sha))
    assert bench.firmware.ask(row).image is ImageSeen.VERIFIED  # type: ignore[union-attr]


def test_an_image_that_is_sent_is_on_its_way_until_its_device_has_spoken_of_it(
    bench: PairingBench,
) -> None:
    row = activation(bench)
    sha = bytes.fromhex(bench.firmware.ask(row).sha256)  # type: ignore[union-attr]
    view = bench.firmware.view(None)
    assert view
    assert view.ask is None
    assert view.ask_of(row.id) == bench.firmware.ask(row)  # out of turn it is asked as well
    assert [each.entity_id for each in view.arriving] == [row.device]
    found = {each.device: each for each in firmware_of(bench.job, bench.plan.rows, [])}
    assert found[row.device].standing is Standing.ON_ITS_WAY
    bench.firmware.note(alert(bench, VERIFIED, sha))
    view = bench.firmware.view(None)
    assert view
    assert view.arriving == ()


def test_what_is_put_off_comes_last_until_the_device_says_more_of_its_image(
    bench: PairingBench,
) -> None:
    first, row, last = bench.plan.rows
    bench.bring(first, CommandState.ANSWERED)
    bench.firmware.put_off(row.id)
    assert bench.plan.next_ready(aside=bench.firmware.put_aside) == last
    bench.bring(last, CommandState.ANSWERED)
    assert bench.plan.next_ready(aside=bench.firmware.put_aside) == row
    assert bench.firmware.ask(row).again  # type: ignore[union-attr]
    bench.firmware.note(alert(bench, VERIFIED, bytes(32)))
    assert bench.firmware.put_aside == frozenset()


def test_nothing_else_needs_a_confirmation(bench: PairingBench) -> None:
    others = [row for row in bench.plan.rows if row.message_code != CS06]
    assert [bench.firmware.ask(row) for row in others] == [None] * len(others)
    for row in others:
        bench.firmware.check(row)


def test_a_future_dated_one_is_awaited_for_an_hour_and_until_it_is_reported(
    tmp_path: Path,
) -> None:
    bench = pairing_bench(tmp_path, "firmware-meters-future-dated")
    with bench.store:
        row = activation(bench)
        ask = bench.firmware.ask(row)
        assert ask
        assert ask.image is ImageSeen.VERIFIED_BEFORE  # the job lists it as verified
        at = ask.at
        assert at
        bench.bring(row, CommandState.ANSWERED)
        bench.gone = (at - timedelta(minutes=59) - MORNING).total_seconds()
        bench.restart()
        assert [each.id for each in awaited(bench)] == [row.id]
        assert bench.job.hub_gpf
        earlier, own = (
            activation_report(row.device, bench.job.hub_gpf, counter)
            for counter in (row.counter - 1, row.counter)
        )
        bench.firmware.note(earlier)
        assert [each.id for each in awaited(bench)] == [row.id]
        assert standing_of(row.device, "ESME", [bench.plan.row(row.id)], [earlier]) is (
            Standing.ACCEPTED
        )
        bench.firmware.note(own)
        assert awaited(bench) == ()
        bench.gone -= 120
        bench.restart()
        assert awaited(bench) == ()


def awaited(bench: PairingBench) -> tuple[CommandRow, ...]:
    view = bench.firmware.view(None)
    assert view
    return view.awaited


@pytest.mark.parametrize("died", [False, True], ids=["lost", "killed"])
def test_what_was_due_while_the_hht_was_out_may_be_lost(tmp_path: Path, died: bool) -> None:
    bench = pairing_bench(tmp_path, "firmware-meters-future-dated")
    with bench.store:
        first, second = (row for row in bench.plan.rows if row.message_code == CS06)
        for row in (first, second):
            bench.bring(row, CommandState.ANSWERED)
        bench.firmware.note_in()
        bench.gone = (due(bench, first) - MORNING).total_seconds() + 1
        assert missed(bench) == set()  # it was there all the time
        if died:
            bench.restart()
        bench.firmware.note_in()
        assert missed(bench) == {
            row.id for row in awaited(bench) if due(bench, row) < bench.clock.now()
        }
        assert first.id in missed(bench)
        bench.restart()
        assert first.id in missed(bench)


def test_an_image_on_its_way_may_have_been_reported_while_the_hht_was_out(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, "firmware-ppmid")
    with bench.store:
        bench.firmware.note_in()
        assert missed(bench) == set()  # it can only have come before the first visit
        bench.restart()
        bench.firmware.note_in()
        assert missed(bench) == {bench.id_of("PPMID")}


def due(bench: PairingBench, row: CommandRow) -> datetime:
    activation = activation_of(row.raw)
    assert activation
    assert activation.at
    return activation.at


def missed(bench: PairingBench) -> frozenset[int | EntityId]:
    view = bench.firmware.view(None)
    assert view
    return view.missed


def test_a_job_without_an_activation_has_nothing_to_confirm(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path)
    with bench.store:
        assert bench.firmware.view(bench.plan.next_ready()) is None
