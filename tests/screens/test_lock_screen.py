"""A locked store asks for the PIN, shows nothing before it, and locks again when left alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from screen_bench import BOTH
from screen_visit import plain_view
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, hear, open_store, pack
from textual.widgets import Input

from hht.clock import ManualClock
from hht.errors import HhtError
from hht.journeys.equipment import RadioKit
from hht.store import Mode, Store, WrongPin
from hht.store.secrets.auto_lock import IDLE_SECONDS
from hht.store.secrets.tpm import NO_TPM, VARIABLE
from screens.context import HhtContext
from screens.lock.locking import LOOK_SECONDS
from screens.more.screen import MoreScreen
from screens.shell import Place
from screens.visit.radio_work import Work, WorkKind

PIN = "271828"


@pytest.fixture
def protected(tmp_path: Path) -> HhtContext:
    """Live data with one job, protected."""
    with open_store(tmp_path, Mode.LIVE) as store:
        store.jobs.add(pack(CCS01_COMMAND, mode=None))
        store.vault.protect(PIN)

    def opened() -> Store:
        return open_store(tmp_path, Mode.LIVE)

    def no_kit(job_id: int) -> RadioKit:
        raise AssertionError(f"nobody asked for job {job_id}")

    return HhtContext(tmp_path, "live", opened, no_kit)


async def enter(bench, pin: str) -> None:
    await bench.until("Locked: enter your PIN")
    await bench.press(*pin, "enter")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_jobs_are_shown_only_once_the_pin_is_entered(open_bench, protected, size):
    async with open_bench(size, protected) as bench:
        await bench.until("Locked: enter your PIN")
        assert "Install without WAN" not in bench.text
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_the_pin_is_asked_for_also_where_there_is_no_job_yet(open_bench, protected, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    with open_store(folder, Mode.LIVE) as store:
        store.vault.protect(PIN)
    given = replace(protected, open_store=lambda: open_store(folder, Mode.LIVE))
    async with open_bench(given=given) as bench:
        await enter(bench, PIN)
        await bench.until("Begin with")
        await bench.press("ctrl+l")
        await bench.until("Locked: enter your PIN")


async def test_nothing_of_the_pin_is_painted_or_written(
    open_bench, protected, tmp_path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        await bench.press(*PIN)
        assert PIN not in bench.text
        await bench.press("0", "enter")
        await bench.until("The PIN is wrong")
        await enter(bench, PIN)
        await bench.until("Install without WAN")
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(PIN.encode() in content for content in written)
    assert PIN not in caplog.text


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_wrong_pin_is_reported_on_the_spot_with_the_wait_and_the_tries_left(
    open_bench, protected, tmp_path, size
):
    with open_store(tmp_path, Mode.LIVE) as store:
        with store.database.transaction() as connection:
            connection.execute("UPDATE vault SET wipe_after = 5")
        for _ in range(2):
            with pytest.raises(WrongPin):
                store.vault.unlock("000000")
    async with open_bench(size, protected) as bench:
        await bench.until("3 tries left, then the data")
        await enter(bench, "000000")
        await bench.until("✗ The PIN is wrong", "2 tries left", "Wait 1 s before the next try")
        assert bench.app.screen.query_one(Input).disabled
        await bench.until_it_holds(lambda: "Wait" not in bench.text)
        await enter(bench, PIN)
        await bench.until("Install without WAN")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_where_the_tpm_is_gone_the_screen_says_what_to_enter_instead(
    open_bench, protected, tmp_path, monkeypatch: pytest.MonkeyPatch, size
):
    monkeypatch.setenv(VARIABLE, NO_TPM)
    with open_store(tmp_path, Mode.LIVE) as store, store.database.transaction() as connection:
        connection.execute("UPDATE vault SET tpm = x'00'")
    async with open_bench(size, protected) as bench:
        await enter(bench, PIN)
        await bench.until("✗ A part of the key is in a TPM", "Enter the recovery code")


async def test_used_up_tries_leave_no_field_to_type_in(open_bench, protected, tmp_path):
    with open_store(tmp_path, Mode.LIVE) as store, store.database.transaction() as connection:
        connection.execute("UPDATE vault SET wipe_after = 1")
    async with open_bench(given=protected) as bench:
        await enter(bench, "000000")
        await bench.until("and the data is now", "restore a")
        assert bench.app.screen.query_one(Input).disabled


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_ctrl_l_locks_at_once_and_nothing_is_shown_until_the_pin_is_entered(
    open_bench, protected, size
):
    async with open_bench(size, protected) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        await bench.press("t")
        await bench.until("To return to the DCC")
        bench.app.show_failure(HhtError("The radio fell silent"))
        await bench.until("The radio fell silent")
        await bench.press("ctrl+l")
        await bench.until("Locked: enter your PIN")
        assert "To return" not in bench.text
        await bench.press("escape", "ctrl+p", "ctrl+l")
        await bench.until("Locked: enter your PIN")
        assert "Return:" not in bench.text
        await bench.press("f1")
        await bench.until("protected by a PIN", "A field to type into")
        await bench.press("escape")
        await bench.until("Locked: enter your PIN")
        await enter(bench, PIN)
        await bench.until("Install without WAN")


@pytest.mark.parametrize(
    ("mode", "words"), [("live", "M, PIN…"), ("training", "Training has no PIN")]
)
async def test_where_no_pin_is_set_ctrl_l_says_so_and_points_at_no_menu_that_is_not_there(
    open_bench, context, mode, words
):
    async with open_bench(given=replace(context, mode=mode)) as bench:
        await bench.until("Install without WAN")
        await bench.press("ctrl+l")
        await bench.until(words)


async def test_left_alone_it_locks_and_shows_the_jobs_no_more(open_bench, protected):
    clock = ManualClock()
    async with open_bench(given=replace(protected, clock=clock)) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        await clock.run(IDLE_SECONDS - LOOK_SECONDS)
        assert "Install without WAN" in bench.text
        await clock.run(2 * LOOK_SECONDS)
        await bench.until("Locked: enter your PIN")
        assert "Install without WAN" not in bench.text
        assert bench.app.service.queries.store().vault.is_locked
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_on_a_han_the_screen_locks_but_what_arrives_is_still_kept(open_bench, protected):
    clock = ManualClock()
    async with open_bench(given=replace(protected, clock=clock)) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        queries = bench.app.service.queries
        bench.app.view = plain_view(connected=True)
        await clock.run(IDLE_SECONDS + LOOK_SECONDS)
        await bench.until("Locked: enter your PIN")
        await clock.run(LOOK_SECONDS)
        await bench.idle()
        hear(queries.store(), CCS01_RESPONSE)
        bench.app.show_failure(HhtError("The radio fell silent"))
        await bench.pilot.pause()
        assert "The radio" not in bench.text
        bench.app.view = plain_view(connected=False)
        await clock.run(LOOK_SECONDS)
        await bench.until_it_holds(lambda: queries.store().vault.is_locked)
        await enter(bench, PIN)
        await bench.until("The radio fell silent")
        assert len(queries.store().captures.all()) == 1


async def test_while_the_hht_connects_what_arrives_is_kept_behind_the_lock(open_bench, protected):
    clock = ManualClock()
    async with open_bench(given=replace(protected, clock=clock)) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        queries = bench.app.service.queries
        bench.app.work = Work(WorkKind.CONNECT, clock.elapsed())
        await bench.press("ctrl+l")
        await bench.until("Locked: enter your PIN")
        await clock.run(2 * LOOK_SECONDS)
        await bench.idle()
        hear(queries.store(), CCS01_RESPONSE)
        bench.app.work = None
        await clock.run(LOOK_SECONDS)
        await bench.until_it_holds(lambda: queries.store().vault.is_locked)
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        assert len(queries.store().captures.all()) == 1


async def test_neither_the_palette_nor_a_screen_can_be_opened_over_the_lock(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        for key in ("ctrl+p", "escape", "tab", "ctrl+l"):
            await bench.press(key)
        assert [type(screen).__name__ for screen in bench.app.screen_stack] == [
            "HomeScreen",
            "LockScreen",
        ]


async def test_how_much_was_typed_is_shown_and_nothing_of_it_can_be_copied(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        await bench.press(*PIN)
        await bench.until("6 characters")
        await bench.press("ctrl+a", "ctrl+c", "ctrl+x")
        assert bench.app.clipboard == ""
        assert bench.app.screen.query_one(Input).value == PIN


async def on_a_han_and_locked(bench) -> None:
    await enter(bench, PIN)
    await bench.until("Install without WAN")
    bench.app.view = plain_view(connected=True)
    await bench.press("ctrl+l")
    await bench.until("Locked: enter your PIN")


async def test_what_goes_on_behind_the_lock_opens_its_screen_once_the_pin_is_entered(
    open_bench, protected
):
    """Leaving the HAN, a power cycle and a question of the visit took the lock screen away."""
    async with open_bench(given=protected) as bench:
        await on_a_han_and_locked(bench)
        bench.app.go(Place.PLAN)
        bench.app.show(MoreScreen())
        await bench.idle()
        assert [type(screen).__name__ for screen in bench.app.screen_stack] == [
            "HomeScreen",
            "LockScreen",
        ]
        await enter(bench, PIN)
        await bench.until_it_holds(
            lambda: (
                [type(screen).__name__ for screen in bench.app.screen_stack]
                == ["HomeScreen", "CommissionScreen", "MoreScreen"]
            )
        )
        assert not bench.app.locking.covered


async def test_locking_while_the_pin_is_asked_for_leaves_the_question_on_show(
    open_bench, protected
):
    """Ctrl+L while the jobs were read left an app that asked for nothing and showed nothing."""
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        bench.app.action_lock()
        await bench.idle()
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_ctrl_q_asks_over_the_lock_and_other_news_waits_behind_it(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        bench.app.work = Work(WorkKind.DELIVER, 0.0)
        await bench.press("ctrl+l")
        await bench.until("Locked: enter your PIN")
        bench.app.notify("A meter of Sample Street.", severity="warning")
        await bench.press("ctrl+q")
        await bench.until("Locked: enter your PIN", "! Work is under way. Ctrl+Q again")
        assert "Sample Street" not in bench.text
        await enter(bench, PIN)
        await bench.until("! A meter of Sample Street.")


async def test_a_scan_over_the_lock_is_refused_and_nothing_of_it_is_shown(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        await bench.scan(PIN)
        await bench.until("Locked: enter your PIN", "! The label was not taken")
        assert PIN not in bench.text
