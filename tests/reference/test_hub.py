"""The reference Devices behind a simulated hub, with the reference keys."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hht.duis.job_pack import read_job_pack
from hht.errors import HhtError
from hht.gbcs.message import Message
from hht.reference.hub import ReferenceFleet, prepare_reference_site
from hht.simulator.site.record import load_site
from hht.training.scenario.load import load_scenario

SPEC = load_scenario("rtds").site


@pytest.mark.shared
def test_the_reference_devices_can_stand_behind_a_hub(tmp_path: Path, shared: Path) -> None:
    prepare_reference_site(SPEC, tmp_path / "run", shared / "rtds" / "keystore")
    site = load_site(tmp_path / "run")
    fleet = site.make_fleet(make=ReferenceFleet)
    folder = shared / "rtds" / "messages" / "8.11_CCS01"
    command, reference = (
        bytes.fromhex((folder / f"CCS01_8.11_SUCCESS_{kind}_GBCS.HEX").read_text())
        for kind in ("COMMAND", "RESPONSE")
    )
    now = datetime.now(UTC)
    recipient = Message.parse(command).recipient
    for _ in range(2):  # each answers as it once did, however often it is asked
        assert fleet[recipient].handle(command, now) == [reference]
    assert fleet.in_han(recipient)
    for entry in read_job_pack(site.job_dir).commands:
        message = entry.local_command.message
        assert fleet[message.recipient].handle(entry.local_command.raw, now)


@pytest.mark.shared
def test_a_folder_of_keys_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="not a folder of keys"):
        prepare_reference_site(SPEC, tmp_path / "run", tmp_path / "none")
