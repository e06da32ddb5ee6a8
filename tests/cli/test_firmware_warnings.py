"""`hht firmware warnings`: who gets no image, and why; with --job it is kept with the job."""

from dataclasses import replace

from duis_samples import firmware_warning
from store_samples import CCS01_COMMAND, pack

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.store import Mode, Store

ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")


def test_a_warning_is_kept_with_a_job_and_shown_by_its_versions(hht, data_dir) -> None:
    data_dir.mkdir()
    with Store.open(data_dir / "training.db", Mode.TRAINING) as store:
        store.jobs.add(replace(pack(CCS01_COMMAND), devices=(JobDevice("ESME", ESME, "Meter"),)))
    file = data_dir / "warning.xml"
    file.write_bytes(firmware_warning("W110101", {"InvalidDeviceIDList": str(ESME)}))
    ran = hht("firmware", "warnings", file, "--job", "1", "--mode", "training", "--json")
    assert (ran.code, [row["reason"] for row in ran.rows]) == (1, ["invalid-device"])
    (row,) = hht("firmware", "versions", "1", "--mode", "training", "--json").rows
    assert row["standing"] == "left-out"
    assert "invalid" in row["said"]


def test_a_job_that_is_not_there_is_named_and_the_devices_are_shown_all_the_same(
    hht, data_dir
) -> None:
    data_dir.mkdir()
    Store.open(data_dir / "training.db", Mode.TRAINING).close()
    file = data_dir / "warning.xml"
    file.write_bytes(firmware_warning("W110401", {"InvalidGBCSVersionList": str(ESME)}))
    ran = hht("firmware", "warnings", file, "--job", "7", "--mode", "training", "--json")
    assert ran.code != 0
    assert len(ran.rows) == 1
    assert "no job 7" in ran.err
