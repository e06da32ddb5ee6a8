"""The queue: what is to be returned, in pages however long it is, read and exported."""

import json
from dataclasses import replace
from time import perf_counter
from zipfile import ZipFile

import pytest
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_COMMAND,
    GNCA_ALERT,
    HUB,
    NOW,
    hear,
    open_store,
    pack,
)

from hht.outbox.auto_upload import uploader
from hht.outbox.capture import capture_message
from hht.outbox.reports import draft_report
from hht.outbox.simulated.gateway import GatewaySim
from hht.store import Store
from screens.queue.lookups import ReturnLine, ReturnPage
from screens.widgets.numbered_list import NumberedList


@pytest.fixture
def with_captures(context, tmp_path):
    """The context, with a Response and an Alert captured for its job."""

    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND))
        for raw in (CCS01_RESPONSE, CS14_ALERT):
            capture_message(store, raw, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    return replace(context, open_store=opened)


@pytest.fixture
def with_every_state(context, tmp_path):
    """The context, with a draft, a ready item, a refused one, and a capture that is held."""

    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND))
        for raw in (CCS01_RESPONSE, CS14_ALERT, GNCA_ALERT):
            capture_message(store, raw, hub=HUB, job_id=job.id, received_at=NOW)
        store.outbox.record_refusal(1, "E5: what it means")
        draft_report(store, "8.14.1", b"<sr:CommunicationsHubStatusUpdate/>", originator=HUB)
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
        assert "Response from the CHF" in bench.text
        assert bench.line_with("2 CHF Device Log changed").endswith("● ready")
        assert "↑ 2 to return" in bench.lines[1]


async def test_where_there_is_room_the_item_under_the_cursor_is_told_in_words(
    open_bench, with_captures
) -> None:
    async with open_bench(WIDE, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("? MAC not checked", "├ Originator")
        await bench.press("down")
        await bench.until_it_holds(
            lambda: bench.line_with("2 CHF Device Log changed").startswith("▌")
        )


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
        await bench.until("✓ 2 items written to", "▤ written")
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text())
    assert len(manifest["items"]) == 2


async def test_a_name_that_ends_in_zip_makes_one_archive(
    open_bench, with_captures, tmp_path
) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        await bench.press("e")
        await bench.until("a name that ends in .zip")
        await bench.press(*".zip", "enter")
        await bench.until("✓ 2 items written to", "▤ written")
    with ZipFile(tmp_path / "export.zip") as archive:
        assert len(json.loads(archive.read("manifest.json"))["items"]) == 2


@pytest.mark.parametrize("size", BOTH)
async def test_f_goes_through_the_states_and_each_says_what_can_be_done(
    open_bench, with_every_state, size
) -> None:
    async with open_bench(size, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("○ 1 draft", "● 1 ready", "✗ 1 refused", "◌ 1 unasked")
        await bench.press("f")
        await bench.until("Drafts: not finished yet", "SR 8.14.1")
        await bench.press("f")
        await bench.until("Ready to return", "CHF Device Log changed", "[ E ]")
        await bench.press("f")
        await bench.until("Refused: look at each", "E5: what it means", "[ T ]  Try this one again")
        await bench.press("t")
        await bench.until("● 2 ready")


@pytest.mark.parametrize("size", BOTH)
async def test_a_capture_that_is_held_can_be_returned_all_the_same(
    open_bench, with_every_state, size
) -> None:
    async with open_bench(size, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("◌ 1 unasked")
        await bench.press("f", "f", "f", "f")
        await bench.until("Not asked for: the DCC does not want these", "[ R ]  Return this one")
        await bench.press("1")
        await bench.until("Field by field")
        await bench.press("escape")
        await bench.until("[ R ]")
        await bench.press("r")
        await bench.until("● 2 ready")
        assert "unasked" not in bench.lines[3]


async def test_the_cursor_starts_at_the_top_of_each_state(open_bench, with_every_state) -> None:
    async with open_bench(SMALLEST, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("◌ 1 unasked")
        await bench.press("down", "down", "f", "f")
        await bench.until("Ready to return", "▌1 CHF Device Log changed")


async def test_when_the_last_row_of_a_page_goes_the_page_before_it_is_shown(
    open_bench, context, tmp_path
) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        for number in range(7):
            hear(store, b"no message " + bytes([number]))
        return store

    async with open_bench(SMALLEST, replace(context, open_store=opened)) as bench:
        await bench.press("q")
        await bench.until("◌ 7 unasked")
        await bench.press("f")
        await bench.until("[ R ]", "page 1 of 2")
        await bench.press("end")
        await bench.until("page 2 of 2")
        await bench.press("r")
        await bench.until("◌ 6 unasked", "1 Bytes that are no GBCS message")


@pytest.mark.parametrize("size", BOTH)
async def test_without_a_gateway_u_says_how_one_is_set_up(open_bench, with_captures, size) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("● 2 ready")
        await bench.press("u")
        await bench.until("No gateway is set up", "hht queue upload --to URL")


async def test_u_uploads_to_the_gateway_that_is_set_up_and_says_what_came_of_it(
    open_bench, with_captures, tmp_path
) -> None:
    async with GatewaySim() as sim:
        (tmp_path / "gateway.toml").write_text(f'url = "{sim.url}"')
        given = replace(with_captures, upload=uploader(tmp_path))
        async with open_bench(NORMAL, given) as bench:
            await at_the_queue(bench)
            await bench.until("[ U ]  Upload to the gateway (training)")
            await bench.press("u")
            await bench.until("2 received, 0 refused, 0 left")
            await bench.until("↑ 0 to return")
        assert len(sim.received) == 2


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
        async def page(_records: object, show: str, offset: int, count: int) -> ReturnPage:
            lines = [ReturnLine(n, f"item {n}", "", "ready") for n in range(offset, offset + count)]
            return ReturnPage(lines, total, {"ready": total})

        monkeypatch.setattr("screens.store_queries.StoreQueries.return_page", page)
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
