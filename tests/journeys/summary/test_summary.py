"""The summary of a visit: what is open comes first, secrets never, and a page stays small."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from duis_samples import CHF, SUPPLIER
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_RESPONSE,
    bring,
    hear,
    open_store,
    pack,
)

from hht.duis.job.brief import JobBrief
from hht.duis.job.device import JobDevice
from hht.duis.job.head import PackVisit
from hht.entity_id import EntityId
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.summary.content import Section, VisitSummary, summarise_visit
from hht.journeys.summary.render import MOST_BYTES, page_and_text, to_html, to_text
from hht.store import CommandState
from hht.zse.install_code import crc

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
CODE = bytes.fromhex("C0DEC0DE11223344556677889900AABB")


def summary_of(folder: Path, notes: str = "", note_of_job: str = "") -> VisitSummary:
    store = open_store(folder)
    devices = (JobDevice("ESME", ESME, "Meter", CODE),)
    given = replace(
        pack(CCS01_COMMAND),
        visit=PackVisit({"visit": "install", "wan": False}),
        devices=devices,
        brief=JobBrief(notes=note_of_job),
    )
    job = store.jobs.add(given)
    install = InstallJourney(store, job)
    install.answer_from_job()
    if notes:
        install.answer("notes", notes)
    return summarise_visit(store, job, NOW)


def test_what_is_open_is_counted_and_comes_before_the_lists(tmp_path: Path) -> None:
    summary = summary_of(tmp_path)
    titles = [each.title for each in summary.sections]
    assert titles.index("Still open") < titles.index("Local Commands")
    still_open = dict(summary.sections[titles.index("Still open")].rows)
    assert summary.open == len(still_open)
    assert still_open["Status update (SR 8.14)"] == "not queued"
    assert still_open["Where is the hub?"] == "not yet looked at"


def test_a_question_that_was_skipped_is_open_with_its_reason(tmp_path: Path) -> None:
    """Also one that the status update does not need: it stays amber."""
    with open_store(tmp_path) as store:
        job = store.jobs.add(replace(pack(CCS01_COMMAND), visit=PackVisit({"visit": "install"})))
        install = InstallJourney(store, job)
        install.answer_from_job()
        install.skip("lights", "the cupboard is locked")
        (still_open,) = (
            dict(each.rows)
            for each in summarise_visit(store, job, NOW).sections
            if each.title == "Still open"
        )
    assert still_open["Which lights are on, which flash?"] == "skipped: the cupboard is locked"


def test_a_visit_without_wan_tells_the_customer_what_to_do(tmp_path: Path) -> None:
    text = to_text(summary_of(tmp_path))
    assert "For the customer" in text
    assert "typed on the meter" in text


@pytest.mark.parametrize(
    "form",
    [
        CODE.hex(),
        CODE.hex().upper(),
        CODE.hex("-", 2),
        CODE.hex(":", 1),
        (CODE + crc(CODE)).hex(" ", 4),
    ],
)
def test_an_install_code_that_somebody_typed_into_a_note_is_hidden(tmp_path, form) -> None:
    for summary in (
        summary_of(tmp_path / "a", notes=f"Code {form} on the box"),
        summary_of(tmp_path / "b", note_of_job=f"Code {form} on the box"),
    ):
        assert "(hidden) on the box" in to_html(summary)
        assert CODE.hex()[:10] not in to_html(summary).lower().replace("-", "").replace(":", "")


def test_markup_in_a_note_is_text(tmp_path: Path) -> None:
    page = to_html(summary_of(tmp_path, notes="<script>alert(1)</script> & more"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_a_page_that_would_be_too_large_leaves_rows_out_and_says_how_many() -> None:
    rows = tuple((f"{number} <&> title" * 8, "&" * 300) for number in range(3000))

    def summarise(most: int) -> VisitSummary:
        sections = tuple(Section(t, rows[:most], len(rows) - most) for t in ("A", "B", "C"))
        return VisitSummary("Visit", NOW, sections, open=0)

    page, text, summary = page_and_text(summarise)
    assert len(page) <= MOST_BYTES
    shown = len(summary.sections[0].rows)
    assert f"and {3000 - shown} more" in page.decode()
    assert f"and {3000 - shown} more" in text.decode()


def test_each_item_that_is_returned_says_what_it_returns_beside_its_request_id(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        bring(store, store.commands.of_job(job.id)[0].id, CommandState.DELIVERED)
        for raw in (CCS01_RESPONSE, CS14_ALERT, ECS70_RESPONSE):
            hear(store, raw, job.id)
        summary = summarise_visit(store, job, NOW)
    (rows,) = (each.rows for each in summary.sections if each.title == "Returned to the DCC")
    (response, asked), (alert, _), *_ = rows
    assert response == "SR 8.13, Response to 1 Command 0"
    assert asked == f"ready; for {SUPPLIER}:{CHF}:1000"
    assert alert == "SR 8.13, Alert of the CHF: CHF Device Log changed"
    ((heard, what),) = (
        row for each in summary.sections if each.title == "Alerts" for row in each.rows
    )
    assert heard.endswith(" CHF"), "in words, as the Devices are called in the other parts"
    assert what.startswith("CHF Device Log changed (8F12)")
