"""Of several images for one Device in a job only the last is awaited, and what is said of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pairing_bench import PairingBench, captured_alert, pairing_bench

from hht.gbcs.message import Cra, Message
from hht.journeys.firmware.images import CS06, VERIFIED
from hht.journeys.firmware.several_images import about_last_image
from hht.journeys.firmware.standing import Standing
from hht.journeys.firmware.transfers import CCS08
from hht.journeys.firmware.versions import firmware_of
from hht.store import Capture, CommandState

DISCARDED = 1
EARLIER = bytes(range(32))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PairingBench]:
    """A job that lists an image for its HCALCS before the one that its Activate Firmware names."""
    made = pairing_bench(tmp_path, "firmware-hcalcs")
    with made.store:
        (last,) = made.job.brief.images
        images = (replace(last, sha256=EARLIER.hex()), last)
        made.job = replace(made.job, brief=replace(made.job.brief, images=images))
        made.restart()
        yield made


def transfer(bench: PairingBench, result: int) -> Capture:
    chf, gpf = bench.job.hub_chf, bench.job.hub_gpf
    assert chf
    assert gpf
    body = bytes.fromhex("0203008F89") + b"\x04\x08" + bench.id_of("HCALCS")
    body += bytes.fromhex("04040A0B0C0D 0201") + bytes([result])
    payload = b"\x30" + bytes([len(body)]) + body
    raw = Message(Cra.ALERT, 1, chf, gpf, CCS08, payload, signature=bytes(64)).encode()
    return captured_alert(chf, gpf, raw, CCS08, 0x8F89)


def verified(bench: PairingBench, sha256: bytes) -> Capture:
    assert bench.job.hub_gpf
    return captured_alert(bench.id_of("HCALCS"), bench.job.hub_gpf, sha256, 0x00CF, VERIFIED)


def standing(bench: PairingBench, *heard: Capture) -> Standing:
    found = firmware_of(bench.job, bench.plan.rows, heard)
    return next(each.standing for each in found if each.device == bench.id_of("HCALCS"))


def is_awaited(bench: PairingBench, *heard: Capture) -> bool:
    bench.restart()
    for capture in heard:
        bench.firmware.note(capture)
    view = bench.firmware.view(None)
    assert view
    return bool(view.arriving)


def test_one_that_is_discarded_for_the_next_leaves_that_on_its_way(bench: PairingBench) -> None:
    once, twice = (transfer(bench, DISCARDED),), (transfer(bench, DISCARDED),) * 2
    assert standing(bench, *once) is Standing.ON_ITS_WAY
    assert is_awaited(bench, *once)
    assert standing(bench, *twice) is Standing.HUB_CANNOT
    assert not is_awaited(bench, *twice)


def test_what_the_device_says_of_the_earlier_one_is_no_word_on_the_last(
    bench: PairingBench,
) -> None:
    row = next(each for each in bench.plan.rows if each.message_code == CS06)
    last = bytes.fromhex(bench.firmware.ask(row).sha256)  # type: ignore[union-attr]
    earlier = verified(bench, EARLIER)
    assert is_awaited(bench, earlier)
    assert standing(bench, earlier, transfer(bench, DISCARDED)) is Standing.HUB_CANNOT
    assert not is_awaited(bench, earlier, verified(bench, last))
    assert standing(bench, earlier, verified(bench, last)) is Standing.VERIFIED
    bench.bring(row, CommandState.ANSWERED)
    images = bench.job.brief.images
    for sent, kept in ((images, True), (images[::-1], False)):
        rows, _ = about_last_image(bench.id_of("HCALCS"), sent, bench.plan.rows, [])
        assert (bench.plan.row(row.id) in rows) is kept
