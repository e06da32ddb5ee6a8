"""The queue: what is to be returned, however long it is, read, written and uploaded."""

import asyncio
import getpass
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench
from screen_steps import at_the_jobs, at_the_queue
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

from hht.entity_id import EntityId
from hht.journeys.premises.handheld import keep_handheld
from hht.outbox.auto_upload import uploader
from hht.outbox.capture import capture_message
from hht.outbox.export import export_outbox
from hht.outbox.reports import draft_report
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.simulated.misbehaviour import Misbehaviour
from hht.outbox.upload import UploadSummary
from hht.store import Store
from screens.queue.lookups import ReturnLine, ReturnPage, return_page
from screens.queue.recent import recent_folders, remember_folder
from screens.remembered import Remembered
from screens.visit.device_names import this_hht
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
        draft_report(
            store,
            "8.14.1",
            b"<sr:Update><sr:InstallType>Fit</sr:InstallType></sr:Update>",
            originator=HUB,
        )
        return store

    return replace(context, open_store=opened)


async def test_what_is_beside_a_list_is_filled_once_a_wider_terminal_has_room_for_it(
    open_bench, with_captures
) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await bench.until("1 High Street")
        await bench.press("slash")
        await bench.pilot.resize_terminal(*WIDE)
        await bench.until("Not visited yet", "Which words")
        await bench.press("escape")
        await bench.pilot.resize_terminal(*SMALLEST)
        await at_the_queue(bench)
        await bench.pilot.resize_terminal(*WIDE)
        await bench.until("Response: Add a Device")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_items_stand_with_sender_and_time_and_each_state_is_a_tab_with_its_count(
    open_bench, with_captures, size
) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("●All 2 │ Ready 2")
        assert "1 CHF  Command 0" in bench.text
        assert "2 CHF Device Log changed" in bench.text
        await bench.until(f"● {NOW.astimezone():%d/%m %H:%M}")
        assert bench.lines[0].endswith("↑2")


def test_an_item_of_a_changed_log_names_the_device_that_it_changed_for(tmp_path) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        with_one = CS14_ALERT.replace(bytes.fromhex("90A1"), bytes.fromhex("90A0"))
        for raw in (with_one, CS14_ALERT):
            hear(store, raw, job.id)
        titles = [each.title for each in return_page(store, "", 0, 2).lines]
        keep_handheld(store, job.id, EntityId.parse("00-DB-12-34-56-78-90-A1"))
        named = [each.title for each in return_page(store, "", 0, 2).lines]
    first, second = (f"CHF Device Log: …90-A{end} added" for end in (0, 1))
    assert titles == [first, second]
    assert named == [first, f"CHF Device Log: {this_hht()} added"]


async def test_items_of_several_jobs_say_which(open_bench, context, tmp_path) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        for reference, raw in (("JOB-0001", CCS01_RESPONSE), ("JOB-0002", CS14_ALERT)):
            job = store.jobs.add(pack(CCS01_COMMAND, reference=reference))
            capture_message(store, raw, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    async with open_bench(SMALLEST, replace(context, open_store=opened)) as bench:
        await at_the_queue(bench)
        await bench.until("job JOB-0001", "job JOB-0002")


async def test_items_of_one_job_name_it_too_where_the_handheld_has_several(
    open_bench, context, tmp_path
) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0001"))
        store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
        capture_message(store, CCS01_RESPONSE, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    async with open_bench(SMALLEST, replace(context, open_store=opened)) as bench:
        await at_the_queue(bench)
        await bench.until("job JOB-0001")


async def test_where_there_is_room_the_item_under_the_cursor_is_read_beside_the_list(
    open_bench, with_captures
) -> None:
    async with open_bench(WIDE, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("? MAC not checked", "├ Originator")
        await bench.press("down")
        await bench.until("▌ 2 CHF Device Log changed")


@pytest.mark.parametrize("key", ["2", "space"])
async def test_a_number_or_space_reads_an_item(open_bench, with_captures, key) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Ready 2")
        await bench.press(key)
        await bench.until("Words │ Fields", "? MAC not checked", "● Return")
        await bench.press("escape")
        await bench.until("To return to the DCC")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_asks_how_and_its_first_answer_returns_nothing(
    open_bench, with_captures, tmp_path, size
) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("enter")
        await bench.until("Return 2 items? (training)", "▌1 Not now")
        await bench.press("enter")
        await bench.until("Enter  Return 2…")
    assert not (tmp_path / "export-training").exists()


async def test_a_written_item_is_one_line_and_where_it_went_is_said_once_below_the_list(
    open_bench, context, tmp_path
) -> None:
    out = tmp_path / "stick"

    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0001"))
        store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
        for raw in (CCS01_RESPONSE, CS14_ALERT, GNCA_ALERT):
            capture_message(store, raw, hub=HUB, job_id=job.id, received_at=NOW)
        export_outbox(store, out)
        return store

    async with open_bench(SMALLEST, replace(context, open_store=opened)) as bench:
        await at_the_queue(bench)
        await bench.until("All 2 │ Written 2", "stick · job JOB-0001")
        assert bench.text.count("stick") == 1
        assert bench.text.count("job JOB-0001") == 2  # with the row of its first item
        await bench.press("down")
        await bench.until("▌ 2 CHF Device Log changed", "stick · job JOB-0001")
        await bench.press("left")
        await bench.until("Not asked for by the DCC")
        await bench.until_it_holds(lambda: "stick" not in bench.text)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_writing_says_how_many_and_the_whole_path_until_the_next_thing(
    open_bench, with_captures, tmp_path, size
) -> None:
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("e")
        await bench.until("2 Write to")
        await bench.press("2")
        await bench.until("✓ 2 items written to", str(tmp_path)[:40])
    manifest = json.loads((tmp_path / "export-training" / "manifest.json").read_text())
    assert len(manifest["items"]) == 2


async def test_a_name_that_ends_in_zip_makes_one_archive(
    open_bench, with_captures, tmp_path
) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("e")
        await bench.until("3 Write to another folder")
        await bench.press("3")
        await bench.until("NAME.zip makes one")
        await bench.press("end", *".zip", "enter")
        await bench.until("✓ 2 items written to")
    with ZipFile(tmp_path / "export-training.zip") as archive:
        assert len(json.loads(archive.read("manifest.json"))["items"]) == 2


async def test_a_folder_that_was_written_to_is_a_choice_the_next_time(
    open_bench, with_captures, tmp_path
) -> None:
    (tmp_path / "stick").mkdir()
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("e")
        await bench.until("3 Write to another folder")
        await bench.press("3")
        await bench.until("NAME.zip makes one")
        await bench.press(*str(tmp_path / "stick" / "return"), "enter")
        await bench.until("✓ 2 items written to")
        await bench.press("e")
        await bench.until("4 Write to another folder")
        await bench.press("3")
        await bench.until_it_holds(lambda: not bench.app.queue_changes.doing)
    written = (tmp_path / "stick" / "return" / "manifest.json").stat()
    assert written
    assert recent_folders(tmp_path) == [tmp_path / "stick" / "return"]


def test_folders_that_are_gone_are_no_choices(tmp_path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
        remember_folder(tmp_path, tmp_path / name / "return")
    (tmp_path / "c").rmdir()
    assert recent_folders(tmp_path) == [tmp_path / "d" / "return", tmp_path / "b" / "return"]


def test_what_the_card_does_not_take_is_remembered_until_the_app_ends(tmp_path) -> None:
    nowhere = tmp_path / "a file and no folder"
    nowhere.touch()
    glove = Remembered(nowhere, "glove", ("off", "on"))
    assert (glove.change(), glove.value) == ("on", "on")
    remember_folder(nowhere, tmp_path)
    assert recent_folders(nowhere) == []


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_arrows_go_through_the_states_and_each_says_what_can_be_done(
    open_bench, with_every_state, size
) -> None:
    async with open_bench(size, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("All 3 │ Draft 1 │ Ready 1")
        await bench.press("right")
        await bench.until("Drafts, not finished yet", "SR 8.14.1")
        await bench.press("space")
        await bench.until("A report to the DCC", "Install Type: Fit")
        await bench.press("enter")
        await bench.until("Drafts, not finished yet")
        await bench.press("right")
        await bench.until("Ready to return", "CHF Device Log changed")
        await bench.press("right")
        await bench.until("Refused: look at each", "E5: what it means", "T Try again")
        await bench.press("t")
        await bench.until("It is ready once more", "Ready 2")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_capture_that_is_held_can_be_returned_all_the_same(
    open_bench, with_every_state, size
) -> None:
    async with open_bench(size, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("All 3")
        await bench.press("left")
        await bench.until("Not asked for by the DCC", "R Return it")
        await bench.press("r")
        await bench.until("It is ready to be returned", "Ready 2")
        assert "Not asked" not in bench.lines[2]


async def test_the_cursor_starts_at_the_top_of_each_state(open_bench, with_every_state) -> None:
    async with open_bench(SMALLEST, with_every_state) as bench:
        await at_the_queue(bench)
        await bench.until("All 3")
        await bench.press("down", "down", "right", "right")
        await bench.until("Ready to return", "▌ 1 CHF Device Log changed")


async def test_when_the_last_row_goes_the_cursor_is_on_the_one_before_it(
    open_bench, context, tmp_path
) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        for number in range(27):
            hear(store, b"no message " + bytes([number]))
        return store

    async with open_bench(SMALLEST, replace(context, open_store=opened)) as bench:
        await bench.press("t")
        await bench.until("Not asked 27")
        await bench.press("right")
        await bench.until("Not asked for by the DCC", "R Return it")
        await bench.press("end")
        await bench.until("▌   Bytes that are no GBCS message", "15 above ↑")
        await bench.press("r")
        await bench.until("Not asked 26", "▌   Bytes that are no GBCS message", "14 above ↑")


async def test_without_a_gateway_and_in_training_no_upload_is_offered_and_why_is_said(
    open_bench, with_captures
) -> None:
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("enter")
        await bench.until("Not now", "Training uploads nothing.")
        assert "Upload to" not in bench.text
        await bench.press("escape")
        bench.app.context.mode = "live"
        await bench.press("enter")
        await bench.until("Not now", "No gateway to upload to: M,")
        assert "Upload to the" not in bench.text


async def upload(bench: Bench) -> None:
    """Choose to upload what is due, as in live work."""
    await at_the_queue(bench)
    await bench.until("Enter  Return 2…")
    bench.app.context.mode = "live"
    await bench.press("enter")
    await bench.until("2 Upload to the gateway")
    await bench.press("2")


async def test_an_upload_goes_to_the_gateway_that_is_set_up_and_says_what_came_of_it(
    open_bench, with_captures, tmp_path
) -> None:
    async with GatewaySim() as sim:
        (tmp_path / "gateway.toml").write_text(f'url = "{sim.url}"')
        given = replace(with_captures, upload=uploader(tmp_path), exercise=None)
        async with open_bench(NORMAL, given) as bench:
            await upload(bench)
            await bench.until("✓ 2 received, 0 refused, 0 left")
            await bench.until("↑0")
        assert len(sim.received) == 2


async def test_an_upload_that_ends_early_has_no_tick(open_bench, with_captures, tmp_path) -> None:
    async with GatewaySim(Misbehaviour.PORTAL) as sim:
        (tmp_path / "gateway.toml").write_text(f'url = "{sim.url}"')
        given = replace(with_captures, upload=uploader(tmp_path), exercise=None)
        async with open_bench(NORMAL, given) as bench:
            await at_the_queue(bench)
            await bench.until("Enter  Return 2…")
            bench.app.queue_changes.upload()
            await bench.until("! 0 received, 0 refused, 2 left. HTTP 302")


async def test_an_upload_goes_on_behind_another_screen_and_says_there_what_came_of_it(
    open_bench, with_captures
) -> None:
    going_on = Event()

    async def slow(store: Store) -> UploadSummary:
        await asyncio.to_thread(going_on.wait)
        return UploadSummary(received=2)

    async with open_bench(NORMAL, replace(with_captures, upload=slow, exercise=None)) as bench:
        await upload(bench)
        await bench.until("Uploading")
        await bench.press("escape")
        await at_the_jobs(bench)
        await bench.press("t")
        await bench.until("Uploading")
        await bench.press("escape")
        await at_the_jobs(bench)
        going_on.set()
        await bench.until("✓ 2 received")


async def test_an_export_that_fails_keeps_everything_and_can_be_written_to_another_place(
    open_bench, with_captures, tmp_path
) -> None:
    (tmp_path / "export-training").write_text("in the way")
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("e")
        await bench.until("2 Write to")
        await bench.press("2")
        await bench.until("OUT-01", "Not all files were written", "2 Write to another place…")
        await bench.press("2")
        await bench.until("another folder or a .zip…")
        await bench.press("escape")
        await bench.until("Ready 2")


async def test_an_export_for_a_stick_that_was_pulled_out_says_so_and_makes_no_folder(
    open_bench, with_captures
) -> None:
    gone = Path("/media") / getpass.getuser() / "NO-SUCH-STICK"
    async with open_bench(SMALLEST, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        bench.app.queue_changes.export(gone, lambda: None)
        await bench.until("OUT-01", "The stick is not there", "1 Try again")
    assert not gone.exists()


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_where_another_handheld_has_its_export_a_place_of_its_own_is_proposed(
    open_bench, with_captures, tmp_path, size
) -> None:
    usual = tmp_path / "export-training"
    with open_store(tmp_path / "another") as another:
        hear(another, CS14_ALERT)
        export_outbox(another, usual)
    async with open_bench(size, with_captures) as bench:
        await at_the_queue(bench)
        await bench.until("Enter  Return 2…")
        await bench.press("e")
        await bench.until("2 Write to")
        await bench.press("2")
        await bench.until("OUT-05", "It holds another export", "1 Write to another place…")
        await bench.press("1")
        await bench.until("NAME.zip makes one")
        await bench.press("enter")
        await bench.until("✓ 2 items written to")
    (written,) = usual.glob("hht-*/manifest.json")
    assert len(json.loads(written.read_text())["items"]) == 2
    assert len(json.loads((usual / "manifest.json").read_text())["items"]) == 1


async def test_a_damaged_item_hides_no_other_and_an_export_says_that_it_is_held(
    open_bench, with_captures, tmp_path
) -> None:
    def with_a_damaged_one() -> Store:
        store = with_captures.open_store()
        store.database.connection.execute("UPDATE returns SET request_id = 'x' WHERE id = 2")
        return store

    async with open_bench(SMALLEST, replace(with_captures, open_store=with_a_damaged_one)) as bench:
        await at_the_queue(bench)
        await bench.until(
            "CHF  Command 0", "The record of queued item 2 was changed", "Enter  Return 2…"
        )
        await bench.press("e")
        await bench.until("2 Write to")
        await bench.press("2")
        await bench.until("! 1 held: look at it. 1 item written to")


async def test_an_item_the_row_of_which_is_damaged_hides_no_other(
    open_bench, with_captures
) -> None:
    def with_a_damaged_one() -> Store:
        store = with_captures.open_store()
        store.database.connection.execute("UPDATE returns SET created_at = 'noon' WHERE id = 2")
        return store

    async with open_bench(SMALLEST, replace(with_captures, open_store=with_a_damaged_one)) as bench:
        await at_the_queue(bench)
        await bench.until("CHF  Command 0", "2 Item 2", "The record of queued item 2 was changed")


async def test_an_empty_queue_says_so_and_offers_nothing(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_queue(bench)
        await bench.until("Nothing here.", "Enter  Back")
        assert not any(word in bench.lines[-1] for word in ("Return", "Read", "←→"))


@pytest.mark.whole_program
async def test_a_hundred_thousand_items_answer_a_key_with_as_little_work_as_a_thousand(
    open_bench, monkeypatch
) -> None:
    """Only a stretch is ever held, so the length must not be felt: calls are counted, not time."""

    async def calls_for_ten_pages(total: int) -> int:
        async def page(_queries: object, show: str, offset: int, count: int) -> ReturnPage:
            stretch = range(offset, offset + count)
            lines = [ReturnLine(n, f"item {n}", "", "ready", NOW) for n in stretch]
            return ReturnPage(lines, total, {"ready": total})

        calls: Counter[str] = Counter()
        monkeypatch.setattr("screens.service.store_queries.StoreQueries.return_page", page)
        async with open_bench(NORMAL) as bench:
            await at_the_queue(bench)
            await bench.until(f"Ready {total}", "item 0")
            rows = bench.app.screen.query_one(NumberedList)
            sys.setprofile(lambda frame, event, argument: calls.update([event]))
            try:
                for _ in range(10):
                    await bench.pilot.press("pagedown")
            finally:
                sys.setprofile(None)
            await bench.until(f"item {rows.cursor}")
        return calls["call"] + calls["c_call"]

    assert await calls_for_ten_pages(100_000) < 1.5 * await calls_for_ten_pages(1000)
