"""The PIN is set and changed from inside the app, and the lock screen opens with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from screen_bench import BOTH, NORMAL, Bench, OpenBench
from screen_steps import at_the_jobs, choose_in_menu
from store_samples import open_store

from hht.errors import HhtError, InputError
from hht.journeys.equipment import RadioKit
from hht.store import Mode
from hht.store.doctor import Finding, check_store
from hht.store.errors import StoreDamaged
from screens.context import HhtContext
from screens.forms.failure import remedy_of
from screens.forms.remedies import in_a_line
from screens.set_up.set_up import finding_line

PIN, OTHER = "271828", "739146"


@pytest.fixture
def live(live: HhtContext) -> HhtContext:
    """Refuse a dongle: setting a PIN needs none."""

    def no_kit(job_id: int) -> RadioKit:
        raise AssertionError(f"nobody asked for job {job_id}")

    return replace(live, equip=no_kit)


async def ask(bench: Bench) -> None:
    await choose_in_menu(bench, "pin", "PIN…")


async def type_in(bench: Bench, question: str, typed: str) -> None:
    await bench.until(question)
    await bench.press(*typed)
    assert typed not in bench.text
    await bench.press("enter")


async def test_what_is_ready_follows_a_pin_that_is_set_while_there_is_no_job(
    open_bench: OpenBench, live: HhtContext, tmp_path: Path
) -> None:
    empty = replace(live, open_store=lambda: open_store(tmp_path / "empty", Mode.LIVE))
    async with open_bench(NORMAL, empty) as bench:
        await bench.until("Begin with", "✗ PIN: M, PIN…")
        await ask(bench)
        await bench.until("▌1 Not now")
        await bench.press("2")
        await type_in(bench, "New PIN", PIN)
        await type_in(bench, "once more", PIN)
        await bench.until("The PIN is set")
        await bench.press("enter")
        await bench.until("Begin with", "✓ PIN")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_pin_is_set_and_changed_by_the_keyboard_and_opens_the_lock(
    open_bench: OpenBench, live: HhtContext, size: tuple[int, int]
) -> None:
    async with open_bench(size, live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await bench.until("No PIN is set", "▌1 Not now")
        await bench.press("2")
        await type_in(bench, "New PIN", PIN)
        await type_in(bench, "once more", OTHER)
        await bench.until("The two are not the same")
        await type_in(bench, "once more", PIN)
        await bench.until("The PIN is set", "Nobody can read the data")
        await bench.press("enter")
        await ask(bench)
        await bench.until("A PIN is set", "▌1 Leave it as it is")
        await bench.press("3")
        await type_in(bench, "as it is now", PIN)
        await type_in(bench, "New PIN", OTHER)
        await type_in(bench, "once more", OTHER)
        await bench.until("The PIN is set", "Nobody can read the data")
        await bench.press("enter")
        await bench.press("ctrl+l")
        await type_in(bench, "Locked: enter your PIN", OTHER)
        await bench.until("Install without WAN")


async def test_a_pin_unfit_to_be_one_is_refused_as_it_is_chosen_and_is_not_called_wrong(
    open_bench: OpenBench, live: HhtContext
) -> None:
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await bench.press("2")
        await type_in(bench, "New PIN", "99")  # in no time of day
        await bench.until("New PIN", "A PIN needs 6 characters or more")
        await bench.press(*["backspace"] * 2)
        await type_in(bench, "New PIN", "246810")
        await bench.until("New PIN", "tried first")
        assert "The PIN is wrong" not in bench.text
        assert not bench.app.service.queries.store().vault.is_protected


def test_the_check_up_says_where_in_the_app_a_pin_is_set(live: HhtContext) -> None:
    with live.open_store() as store:
        lines = [finding_line(each).plain for each in check_store(store)]
    assert "✗ PIN: no PIN is set. Set one: M, PIN…" in lines


REMEDIES = {
    "tpm": "'hht pin set' uses it.",
    "audit trail": "'hht audit verify' says all.",
    "anchor": "Say so with 'hht audit accept'.",
    "permissions": "Take the rights away (chmod go=).",
}


@pytest.mark.parametrize("check", REMEDIES)
def test_the_check_up_of_the_app_names_no_command_of_a_shell(check: str) -> None:
    line = finding_line(Finding(check, False, "found", REMEDIES[check])).plain
    assert "hht" not in line
    assert "chmod" not in line
    assert finding_line(Finding(check, False, "found", "Look.")).plain.endswith("found. Look.")


@pytest.mark.parametrize("kind", [StoreDamaged, InputError])
def test_a_failure_in_the_app_names_no_command_of_a_shell(kind: type[HhtError]) -> None:
    remedy = remedy_of(
        kind("It is damaged", remedy="Run 'hht doctor', and restore the last backup.")
    )
    assert "office" in remedy
    assert "hht" not in remedy
    assert remedy_of(kind("It is full", remedy="Make room.")) == "Make room."
    whole = in_a_line(kind("It is damaged", where="a.db", remedy="Run 'hht doctor'."))
    assert whole.startswith("a.db: It is damaged. ")
    assert "hht" not in whole
