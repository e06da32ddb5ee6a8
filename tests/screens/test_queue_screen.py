"""The queue: what is to be returned, in pages however long it is, read and exported."""

import json
from dataclasses import replace
from time import perf_counter

import pytest
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_COMMAND,
    HUB,
    NOW,
    open_store,
    pack,
)

from hht.store import Store
from screens.lookups import ReturnLine, ReturnPage
from screens.widgets.numbered_list import NumberedList


@pytest.fixture
def with_captures(context, tmp_path):
    """The context, with a Response and an Alert captured for its job."""

    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.add_job(pack(CCS01_COMMAND, ECS70_COMMAND))
        for raw in (CCS01_RESPONSE, CS14_ALERT):
            store.capture(raw, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    return replace(context, open_store=opened)


async def at_the_queue(bench: Bench) -> None:
    """Open the queue from the jobs."""
    await bench.until("Install without WAN")
    await bench.press("q")
    await bench.until("To return to the DCC")


@pytest.mark.parametrize("size", BOTH)
async def test_items_stand_with_what_they_are_and_their_state_and_are_counted(
    open_bench, with_captures, size
) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        assert bench.line_with("1 CCS01").endswith("● ready")
        assert "Response from 00-DB-12-34-56-78-90-A2" in bench.text
        assert bench.line_with("2 CS14").endswith("● ready")
        assert "↑ 2 to return" in bench.lines[1]


async def test_where_there_is_room_the_item_under_the_cursor_is_told_in_words(
    open_bench, with_captures
) -> None:
    async with open_bench(WIDE, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("? MAC not checked", "├ Originator")
        await bench.press("down")
        await bench.until_it_holds(lambda: bench.line_with("2 CS14").startswith("▌"))


async def test_a_number_reads_the_message_of_its_item(open_bench, with_captures) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        await bench.press("2")
        await bench.until("Field by field")
        await bench.press("escape")
        await bench.until("To return to the DCC")


@pytest.mark.parametrize("size", BOTH)
async def test_export_writes_the_files_and_says_how_many_and_where(
    open_bench, with_captures, tmp_path, size
) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        await bench.press("e")
        await bench.until("Write the files to this folder")
        await bench.press("enter")
        await bench.until("▶ 2 sent, no receipt yet")
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text())
    assert len(manifest["items"]) == 2


async def test_an_export_that_fails_says_so_and_keeps_everything(
    open_bench, with_captures, tmp_path
) -> None:
    (tmp_path / "export").write_text("in the way")
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        await bench.press("e", "enter")
        await bench.until("OUT-01")
        await bench.press("escape")
        await bench.until("● 2 ready")


async def test_an_empty_queue_says_so_and_offers_nothing(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_queue(bench)
        await bench.until("Nothing has been captured yet")
        assert "[ E ]" not in bench.text


async def test_a_hundred_thousand_items_answer_a_key_as_fast_as_ten(
    open_bench, monkeypatch
) -> None:
    """A ratio, not a time: only a page is ever held, so the length must not be felt."""

    async def seconds_for_ten_pages(total: int) -> float:
        async def page(_records: object, offset: int, count: int) -> ReturnPage:
            lines = [
                ReturnLine(n, f"item {n}", "", "ready", "") for n in range(offset, offset + count)
            ]
            return ReturnPage(lines, total, {"ready": total})

        monkeypatch.setattr("screens.records.Records.return_page", page)
        async with open_bench(NORMAL) as bench:
            await at_the_queue(bench)
            await bench.until(f"{total} in all")
            rows = bench.app.screen.query_one(NumberedList)
            start = perf_counter()
            for _ in range(10):
                await bench.pilot.press("pagedown")
            await bench.until(f"item {rows.page_start}")
            return perf_counter() - start

    assert await seconds_for_ten_pages(100_000) < 3 * await seconds_for_ten_pages(1000)
