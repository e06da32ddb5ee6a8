"""The page of a visit has a name that says whose it is, safe anywhere, and replaces nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.journeys.summary.file_name import unused_page
from hht.store import JobRow

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def job(tmp_path: Path) -> JobRow:
    with open_store(tmp_path / "data") as store:
        return store.jobs.add(pack(CCS01_COMMAND))


@pytest.mark.parametrize(
    ("reference", "premises", "name"),
    [
        ("JOB-0063", "Unit 4, Mill Road", "visit-JOB-0063-Unit-4-Mill-Road-2026-11-26.html"),
        ("../../x", "T\u0177 Mawr\n", "visit-x-Ty-Mawr-2026-11-26.html"),
        ("A/1", "", "visit-A-1-2026-11-26.html"),
        ("A", "1 " * 60, f"visit-A-{'1-' * 19}1-2026-11-26.html"),
    ],
)
def test_a_page_is_named_by_reference_address_and_day_in_safe_signs(
    job: JobRow, tmp_path: Path, reference: str, premises: str, name: str
) -> None:
    named = replace(job, reference=reference, premises=premises)
    assert unused_page(tmp_path, named, NOON) == tmp_path / name


@pytest.mark.parametrize("end", [".html", ".txt"])
def test_a_page_or_text_of_that_name_is_not_replaced(job: JobRow, tmp_path: Path, end: str) -> None:
    first = unused_page(tmp_path, job, NOON)
    first.with_suffix(end).touch()
    second = unused_page(tmp_path, job, NOON)
    assert second.stem == f"{first.stem}-2"
    second.touch()
    assert unused_page(tmp_path, job, NOON).stem == f"{first.stem}-3"
