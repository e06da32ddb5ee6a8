"""A Device's label is compared with what is delivered for it, before anything is."""

from collections.abc import Iterator

import pytest
from pairing_bench import PairingBench, pairing_bench

from hht.journeys.pairing.label_state import LabelState, PairingRefused
from hht.journeys.pairing.steps import Stage, StepState
from hht.state_machine import OutOfStep
from hht.zse.install_code import crc


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairingBench]:
    bench = pairing_bench(tmp_path_factory.mktemp("labels"))
    with bench.store:
        yield bench


@pytest.fixture
def bench(shared: PairingBench) -> PairingBench:
    shared.store.journeys.clear(shared.job.id, "pairing")
    shared.published.clear()
    shared.restart()
    return shared


def code_of(bench: PairingBench) -> bytes:
    code = bench.device("PPMID").task.install_code
    assert code
    return code


@pytest.mark.parametrize(
    "form",
    [
        "Z:{eui}$I:{code}{crc}",
        "Z:{eui}%I:{code}",
        "{eui} {code}{crc}",
        "EUI: {dashed} Install Code: {code}",
        "{code}{crc}",
    ],
)
def test_a_label_in_any_usual_form_fits_what_is_delivered(bench: PairingBench, form: str) -> None:
    device, code = bench.id_of("PPMID"), code_of(bench)
    words = {"eui": device.hex(), "dashed": device, "code": code.hex(), "crc": crc(code).hex()}
    assert bench.journey.scan(form.format(**words), device) == device
    step = bench.step("PPMID", Stage.LABEL)
    assert (step.state, step.said) == (
        StepState.DONE,
        "its Install Code is the one that is delivered",
    )


def test_another_install_code_than_the_delivered_one_is_said_before_anything_is_sent(
    bench: PairingBench,
) -> None:
    device, other = bench.id_of("PPMID"), code_of(bench)[::-1]
    bench.journey.scan(f"{device.hex()} {other.hex()}{crc(other).hex()}", device)
    step = bench.step("PPMID", Stage.LABEL)
    assert step.state is StepState.FAILED
    assert step.said == "another code than is delivered: cannot join"
    ccs01 = bench.add_of("PPMID").id
    assert bench.journey.left == {ccs01}
    following = bench.plan.next_ready(left=bench.journey.left)
    assert following is None or following.id != ccs01


def test_the_label_of_another_unit_is_refused_by_its_identifier(bench: PairingBench) -> None:
    stranger = "00-DB-99-99-99-99-99-99"
    with pytest.raises(PairingRefused, match=f"another unit, {stranger}") as refused:
        bench.journey.scan(stranger, bench.id_of("PPMID"))
    assert refused.value.remedy
    assert bench.step("PPMID", Stage.LABEL).state is StepState.NOW


@pytest.mark.parametrize("text", ["", "no label", "1234567890123", "Z:00$I:11"])
def test_what_is_no_label_of_a_device_is_refused_and_changes_nothing(
    bench: PairingBench, text: str
) -> None:
    with pytest.raises(PairingRefused):
        bench.journey.scan(text, bench.id_of("PPMID"))
    assert bench.step("PPMID", Stage.LABEL).state is StepState.NOW


def test_a_code_whose_check_bytes_do_not_fit_is_refused(bench: PairingBench) -> None:
    device, code = bench.id_of("PPMID"), code_of(bench)
    with pytest.raises(PairingRefused):
        bench.journey.scan(f"Z:{device.hex()}$I:{code.hex()}{crc(code)[::-1].hex()}", device)


def test_what_was_compared_outlives_the_program_and_a_scan_of_the_identifier(
    bench: PairingBench,
) -> None:
    device, code = bench.id_of("PPMID"), code_of(bench)
    bench.journey.scan(f"{device.hex()} {code.hex()}", device)
    bench.restart()
    bench.journey.scan(str(device), device)
    assert bench.step("PPMID", Stage.LABEL).state is StepState.DONE
    snapshot = bench.store.journeys.load(bench.job.id, "pairing")
    assert snapshot
    assert snapshot["labels"] == {str(device): LabelState.FITS.value}
    assert code.hex() not in repr(bench.published).lower() + repr(snapshot) + repr(
        bench.journey.view
    )


def test_a_label_is_skipped_only_where_nobody_has_seen_it(bench: PairingBench) -> None:
    device = bench.id_of("PPMID")
    bench.journey.skip_label(device)
    assert bench.step("PPMID", Stage.LABEL).state is StepState.AMBER
    bench.journey.scan(str(device), device)
    with pytest.raises(OutOfStep):
        bench.journey.skip_label(device)
