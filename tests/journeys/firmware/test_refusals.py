"""Why a Device did not run an image at once: its Response has the reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from pairing_bench import captured_alert, pairing_bench

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import ActivationResult
from hht.gbcs.message import Cra, Message
from hht.journeys.firmware.images import CS06
from hht.journeys.firmware.versions import firmware_of
from hht.store import CommandState


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (ActivationResult.NO_IMAGE_HELD, "it holds no image; the supplier sends it again"),
        (
            ActivationResult.HASH_MISMATCH,
            "its image has another hash; the supplier sends what fits",
        ),
    ],
    ids=str,
)
def test_a_device_that_did_not_run_its_image_is_shown_with_the_reason_of_its_response(
    tmp_path: Path, result: int, why: str
) -> None:
    bench = pairing_bench(tmp_path, "firmware-wrong-hash")
    with bench.store:
        row = next(row for row in bench.plan.rows if row.message_code == CS06)
        bench.bring(row, CommandState.REFUSED)
        payload = der.encode_node(der.sequence(der.integer(result), der.octets(b"\1\2\3\4")))
        assert bench.job.hub_gpf
        raw = Message(
            Cra.RESPONSE, row.counter, row.device, bench.job.hub_gpf, CS06, payload
        ).encode()
        alert = captured_alert(row.device, bench.job.hub_gpf, raw, CS06, 0)
        response = replace(alert, cra=Cra.RESPONSE, alert_code=None, command_id=row.id)
        known = {each.device: each for each in firmware_of(bench.job, bench.plan.rows, [response])}
        assert known[row.device].said == f"it did not run the image: {why}"
