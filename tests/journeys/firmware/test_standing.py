"""A Device that can't, a hub that can't and a Device that is off have states of their own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pairing_bench import (
    PairingBench,
    activation_report,
    captured_alert,
    pairing_bench,
)

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.journeys.firmware.images import NOT_VERIFIED
from hht.journeys.firmware.standing import FORMAT_CHECK_FAILED, Standing, standing_of
from hht.store import Capture, CommandState

RESULTS = {
    0: Standing.TRANSFERRED,
    1: Standing.HUB_CANNOT,
    2: Standing.WRONG_HARDWARE,
    3: Standing.NOT_FETCHED,
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairingBench]:
    bench = pairing_bench(tmp_path_factory.mktemp("standing"), "firmware-ppmid")
    with bench.store:
        yield bench


@pytest.fixture
def bench(shared: PairingBench) -> PairingBench:
    shared.restart()
    return shared


def heard(
    bench: PairingBench, originator: EntityId, message_code: int, payload: bytes, alert: int
) -> Capture:
    broker = EntityId.parse("90-B3-D5-1F-30-00-00-02")
    raw = Message(
        Cra.ALERT, 1, originator, broker, message_code, payload, signature=bytes(64)
    ).encode()
    assert bench.job.hub_gpf
    return captured_alert(originator, bench.job.hub_gpf, raw, message_code, alert)


def transfer(
    bench: PairingBench, result: int, device: EntityId | None = None, version: str = "01020304"
) -> Capture:
    chf, about = bench.job.hub_chf, device or bench.id_of("PPMID")
    assert chf
    body = bytes.fromhex("0203008F8A") + b"\x04\x08" + about
    body += bytes.fromhex(f"0404{version} 0201") + bytes([result])
    return heard(bench, chf, 0x0128, b"\x30" + bytes([len(body)]) + body, 0x8F8A)


def stands(bench: PairingBench, *captures: Capture, kind: str = "PPMID") -> Standing:
    return standing_of(bench.id_of("PPMID"), kind, bench.plan.rows, captures)


@pytest.mark.parametrize(("result", "standing"), RESULTS.items())
def test_the_hubs_report_of_the_transfer_says_why(
    bench: PairingBench, result: int, standing: Standing
) -> None:
    assert stands(bench, transfer(bench, result)) is standing


def test_the_report_about_another_device_says_nothing(bench: PairingBench) -> None:
    other = transfer(bench, 1, bench.id_of("ESME"))
    assert stands(bench, other) is Standing.NOTHING_HEARD


def test_a_meters_image_that_is_thrown_away_does_not_say_that_the_hub_cannot(
    bench: PairingBench,
) -> None:
    assert stands(bench, transfer(bench, 1), kind="ESME") is Standing.DISCARDED


@pytest.mark.parametrize("kind", ["IHD", "CAD"])
def test_a_type_that_takes_no_firmware_over_the_han_is_said_to(
    bench: PairingBench, kind: str
) -> None:
    assert stands(bench, kind=kind) is Standing.TYPE_CANNOT


def test_one_that_refuses_to_name_a_version_cannot_and_one_that_is_silent_is_off(
    tmp_path: Path,
) -> None:
    bench = pairing_bench(tmp_path, "firmware-ppmid")
    with bench.store:
        read = next(row for row in bench.plan.rows if row.device == bench.id_of("PPMID"))
        bench.bring(read, CommandState.UNKNOWN)
        assert stands(bench) is Standing.SWITCHED_OFF
        assert stands(bench, transfer(bench, 3)) is Standing.SWITCHED_OFF
        refusal = heard(bench, bench.id_of("PPMID"), 0x1000, b"\x05\x00", FORMAT_CHECK_FAILED)
        assert stands(bench, refusal) is Standing.DEVICE_CANNOT
        before = replace(refusal, alert_code=0x8183)
        assert stands(bench, before) is Standing.SWITCHED_OFF


def display_runs(bench: PairingBench, result: int) -> Capture:
    body = bytes.fromhex("0203008F8B 040401020304 0201".replace(" ", "")) + bytes([result])
    return heard(bench, bench.id_of("PPMID"), 0x012B, b"\x30" + bytes([len(body)]) + body, 0x8F8B)


@pytest.mark.parametrize(("result", "standing"), [(0, Standing.RUNS), (1, Standing.DID_NOT_RUN)])
def test_a_displays_own_report_comes_before_the_hubs(
    bench: PairingBench, result: int, standing: Standing
) -> None:
    assert stands(bench, display_runs(bench, result), transfer(bench, 0)) is standing


def test_what_is_said_of_another_image_after_one_runs_decides(bench: PairingBench) -> None:
    runs, next_image = display_runs(bench, 0), transfer(bench, 2, version="01020305")
    assert stands(bench, runs, next_image) is Standing.WRONG_HARDWARE
    assert stands(bench, next_image, runs) is Standing.RUNS
    judged = heard(bench, bench.id_of("PPMID"), 0x00CF, b"another image", NOT_VERIFIED)
    assert stands(bench, runs, judged, kind="HCALCS") is Standing.NOT_VERIFIED


@pytest.mark.parametrize(
    ("code", "result", "standing"),
    [
        (0x8F66, 0, Standing.RUNS),
        (0x8F67, 3, Standing.DID_NOT_RUN),
        (0x8F66, 3, Standing.DID_NOT_RUN),
        (0x8F67, 0, Standing.DID_NOT_RUN),
    ],
)
def test_a_future_dated_activation_ran_only_where_code_and_result_of_its_report_say_so(
    bench: PairingBench, code: int, result: int, standing: Standing
) -> None:
    assert bench.job.hub_gpf
    device = bench.id_of("PPMID")
    report = activation_report(device, bench.job.hub_gpf, 0x03E9, code, result)
    assert stands(bench, report) is standing
