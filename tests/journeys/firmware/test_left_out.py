"""Devices to which the DCC sends no image are named with the job, until something else is heard.

A pack lists the DCC's warnings (W110101, W110401), or they come later.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from duis_samples import firmware_warning
from store_samples import CCS01_COMMAND, open_store, pack

from hht.duis.firmware_warning import CODES, REASONS
from hht.duis.job.brief import JobBrief, read_brief
from hht.duis.job.device import JobDevice
from hht.duis.job_json import JobObject
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.journeys.firmware.standing import SAID, Standing
from hht.journeys.firmware.versions import firmware_of
from hht.store import Store
from screens.firmware.text import standing_words

ESME, GSME = (EntityId.parse(f"00-DB-12-34-56-78-90-A{number}") for number in (0, 1))
DEVICES = (JobDevice("ESME", ESME, "Meter"), JobDevice("GSME", GSME, "Gas"))


def a_job(store: Store, **brief: object) -> int:
    given = replace(pack(CCS01_COMMAND), devices=DEVICES, brief=JobBrief(**brief))  # type: ignore[arg-type]
    return store.jobs.add(given).id


def standings(store: Store, job: int) -> list[tuple[Standing, str]]:
    return [(each.standing, each.said) for each in firmware_of(store.jobs.get(job), (), ())]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", REASONS)
def test_a_warning_of_the_pack_is_shown_at_its_device_with_the_reason(
    tmp_path: Path, code: str, name: str
) -> None:
    files = {"w.xml": firmware_warning(code, {name: str(ESME)})}
    read = read_brief(JobObject({"firmware_warnings": ["w.xml"]}, "job.json"), files)
    with open_store(tmp_path) as store:
        found = standings(store, a_job(store, left_out=read.left_out))
        shown = firmware_of(store.jobs.get(1), (), ())[0]
    assert found[0] == (Standing.LEFT_OUT, f"{SAID[Standing.LEFT_OUT]}: {REASONS[name][1]}")
    assert found[1][0] is Standing.NOTHING_HEARD
    assert standing_words(shown).startswith("the DCC sends it no image: ")


def test_one_that_comes_later_is_kept_with_what_the_job_had(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        job = a_job(store, notes="Ring the neighbour")
        for _ in range(2):
            store.jobs.amend(job, left_out=[(str(GSME), "W110101", "not-commissioned")])
        row = store.jobs.get(job)
        assert row.brief.notes == "Ring the neighbour"
        assert row.brief.left_out == ((str(GSME), "W110101", "not-commissioned"),)
        assert standings(store, job)[1][0] is Standing.LEFT_OUT


@pytest.mark.parametrize("files", [{}, {"w.xml": b"<no"}, {"w.xml": b"<Response/>"}])
def test_a_listed_file_that_is_no_warning_refuses_the_pack(files: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=r"w\.xml"):
        read_brief(JobObject({"firmware_warnings": ["w.xml"]}, "job.json"), files)
