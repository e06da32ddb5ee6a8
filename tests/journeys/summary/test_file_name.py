"""The page of a visit has a name that says whose it is, safe anywhere, and replaces nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.journeys.summary.file_name import unused_page, visit_name
from hht.store import JobRow

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def job(tmp_path: Path) -> JobRow:
    with open_store(tmp_path / "data") as store:
        return store.jobs.add(pack(CCS01_COMMAND))


@pytest.mark.parametrize(
    ("reference", "premises", "name"),
    [
        ("JOB-0063", "Unit 4, Mill Road", "JOB-0063-Unit-4-Mill-Road-2026-11-26"),
        ("../../x", "T\u0177 Mawr\n", "x-Ty-Mawr-2026-11-26"),
        ("A/1", "", "A-1-2026-11-26"),
        ("A", "1 " * 60, f"A-{'1-' * 19}1-2026-11-26"),
    ],
)
def test_a_page_is_named_by_reference_address_and_day_in_safe_signs(
    job: JobRow, reference: str, premises: str, name: str
) -> None:
    named = replace(job, reference=reference, premises=premises)
    assert visit_name(named, NOON) == name


@pytest.mark.parametrize("end", [".html", ".txt"])
def test_a_page_or_text_of_that_name_is_not_replaced(tmp_path: Path, end: str) -> None:
    first = unused_page(tmp_path, "JOB-1")
    first.with_suffix(end).touch()
    second = unused_page(tmp_path, "JOB-1")
    assert second.stem == f"{first.stem}-2"
    second.touch()
    assert unused_page(tmp_path, "JOB-1").stem == f"{first.stem}-3"
