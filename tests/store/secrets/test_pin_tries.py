"""Tries of the PIN: counted before they are judged, waited for on a clock that cannot be set."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf import argon2
from store_samples import CS14_ALERT, hear, open_store

from hht.clock import ManualClock
from hht.store import Mode, Store, StoreDamaged, StoreFull
from hht.store.audit.anchor import Anchor
from hht.store.errors import StoreLocked, StoreWiped, WrongPin
from hht.store.secrets.pin_strength import cost_of_guessing, is_trivial
from hht.store.secrets.pin_tries import FREE_TRIES, LONGEST_WAIT, PinTries
from hht.store.secrets.vault import PinState

PIN, WRONG = "271828", "000000"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def store(tmp_path, clock):
    """A locked live store."""
    with open_store(tmp_path, Mode.LIVE, clock) as opened:
        hear(opened, CS14_ALERT)
        opened.vault.protect(PIN)
        opened.vault.lock()
        yield opened


def reopened(store: Store) -> Store:
    store.close()
    return Store.open(store.database.path, Mode.LIVE, clock=store.clock)


def tries(store: Store) -> PinTries:
    columns = ", ".join(PinTries.__slots__)
    return PinTries(**store.database.rows(f"SELECT {columns} FROM vault")[0])


def guess(store: Store, count: int, clock: ManualClock) -> None:
    """Wrong PINs, each as soon as it may be tried."""
    for _ in range(count):
        clock.advance(store.vault.pin_state().wait_seconds)
        with pytest.raises(WrongPin):
            store.vault.unlock(WRONG)


def edit(store: Store, *statements: str) -> None:
    store.close()
    with contextlib.closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)


def actions(store: Store) -> list[object]:
    return [entry["action"] for entry in store.audit.entries()]


def test_each_wrong_pin_after_the_third_doubles_the_wait_even_across_a_new_start(store, clock):
    waits = []
    for _ in range(6):
        guess(store, 1, clock)
        store = reopened(store)
        waits.append(store.vault.pin_state().wait_seconds)
    assert waits == [0, 0, 1, 2, 4, 8]
    clock.advance(7)
    with pytest.raises(StoreLocked, match="Wait 1 second "):
        store.vault.unlock(PIN)
    clock.advance(1)
    store.vault.unlock(PIN)
    assert tries(store) == PinTries()
    store.close()


def test_setting_the_clock_changes_no_wait(store, clock):
    guess(store, 5, clock)
    for days in (-3000, 3000):
        clock.set(clock.now() + timedelta(days=days))
        assert store.vault.pin_state().wait_seconds == 4
        with pytest.raises(StoreLocked):
            store.vault.unlock(PIN)


def test_after_a_restart_of_the_machine_what_was_left_begins_again(store, clock):
    guess(store, 6, clock)
    clock.advance(5)
    with pytest.raises(StoreLocked, match="Wait 3 seconds"):
        store.vault.unlock(PIN)
    clock.reboot()
    store = reopened(store)
    assert store.vault.pin_state().wait_seconds == 3
    clock.advance(3)
    store.vault.unlock(PIN)
    store.close()


def test_no_wait_is_longer_than_the_longest_whatever_is_in_the_file(store, clock):
    guess(store, FREE_TRIES + 14, clock)
    assert store.vault.pin_state().wait_seconds == LONGEST_WAIT
    edit(store, "UPDATE vault SET wait = 1e12, failures = 2147483647")
    with Store.open(store.database.path, Mode.LIVE, clock=clock) as again:
        assert again.vault.pin_state().wait_seconds == LONGEST_WAIT
        clock.advance(LONGEST_WAIT)
        again.vault.unlock(PIN)


def test_a_try_that_was_broken_off_lengthens_the_wait_and_never_wipes(tmp_path, clock):
    with open_store(tmp_path, Mode.LIVE, clock) as store:
        store.vault.protect(PIN, wipe_after=3)
    code = (
        "import os; from pathlib import Path\n"
        "from hht.store import Store, Mode; from hht.store.secrets import vault\n"
        "vault._unwrap = lambda *_: os.kill(os.getpid(), 9)\n"
        f"Store.open(Path({str(store.database.path)!r}), Mode.LIVE).vault.unlock({PIN!r})"
    )
    for count in range(1, 4):
        assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
        with Store.open(store.database.path, Mode.LIVE, clock=clock) as again:
            assert again.vault.pin_state() == PinState(1 if count >= FREE_TRIES else 0, 3)
            assert again.database.value("SELECT failures FROM vault") == 0
    with (
        Store.open(store.database.path, Mode.LIVE, clock=clock) as again,
        pytest.raises(StoreLocked, match=r"^3 tries of the PIN were broken off\. "),
    ):
        again.vault.unlock(PIN)
    clock.advance(1)
    with Store.open(store.database.path, Mode.LIVE, clock=clock) as again:
        again.vault.unlock(PIN)
        assert "try of the PIN broken off" in actions(again)


def test_where_a_try_cannot_be_kept_none_is_made(store, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full", where="/card", remedy="Make room.")

    monkeypatch.setattr(store.vault.row, "write_tries", full)
    monkeypatch.setattr(argon2, "Argon2id", lambda **_: pytest.fail("it was tried"))
    with pytest.raises(StoreFull, match="no try of the PIN can be counted and none is made"):
        store.vault.unlock(PIN)


def test_the_right_pin_opens_where_only_its_success_cannot_be_kept(store, monkeypatch):
    real, saved = store.vault.row.save_tries, []

    def first_only(vault: object) -> None:
        saved.append(vault)
        if len(saved) > 1:
            raise StoreFull("The disk is full")
        real(vault)

    monkeypatch.setattr(store.vault.row, "save_tries", first_only)
    store.vault.unlock(PIN)
    assert len(store.captures.all()) == 1


def test_how_long_to_wait_and_how_many_tries_are_left_can_be_shown_before_the_pin(tmp_path, clock):
    with open_store(tmp_path, Mode.LIVE, clock) as store:
        assert store.vault.pin_state() == PinState(0, None)
        store.vault.protect(PIN, wipe_after=5)
        store.vault.lock()
        assert store.vault.pin_state() == PinState(0, 5)
        guess(store, FREE_TRIES, clock)
        assert store.vault.pin_state() == PinState(1, 5 - FREE_TRIES)


def test_without_the_policy_nothing_is_ever_wiped(store, clock):
    guess(store, 12, clock)
    clock.advance(LONGEST_WAIT)
    store.vault.unlock(PIN)


def test_wrong_pins_are_in_the_trail_once_it_can_be_written(store, clock):
    guess(store, 2, clock)
    store = reopened(store)
    guess(store, 1, clock)
    clock.advance(1)
    store.vault.unlock(PIN)
    assert actions(store).count("wrong PIN") == 3
    assert store.verify_trail().holds
    store.close()


def test_counters_that_were_put_back_count_all_the_same_and_the_trail_says_so(tmp_path, clock):
    with open_store(tmp_path, Mode.LIVE, clock) as store:
        store.vault.protect(PIN, wipe_after=6)
        store.vault.lock()
        guess(store, 4, clock)
    edit(store, "UPDATE vault SET failures = 0, wait = 0", "DELETE FROM pin_tries")
    with Store.open(store.database.path, Mode.LIVE, clock=clock) as again:
        assert again.vault.pin_state() == PinState(2, 2)
        clock.advance(2)
        again.vault.unlock(PIN)
        verdict = again.verify_trail()
        assert not verdict.holds
        assert "PIN counters put back" in verdict.faults[0]
        again.accept_as_it_is()
        assert again.verify_trail().holds


@pytest.mark.parametrize(
    "change",
    ["wait = 0", "wait = -1", "wait_from = wait_from - 1000", "wait_boot = 'x', wait = 0.5"],
)
def test_a_wait_that_was_shortened_begins_again_and_the_trail_says_so(store, clock, change):
    guess(store, 5, clock)
    edit(store, f"UPDATE vault SET {change}")
    with Store.open(store.database.path, Mode.LIVE, clock=clock) as again:
        assert again.vault.pin_state().wait_seconds == 4
        with pytest.raises(StoreLocked, match="5 wrong PINs"):
            again.vault.unlock(PIN)
        clock.advance(4)
        again.vault.unlock(PIN)
        assert again.verify_trail().faults[0].startswith("PIN counters changed")


class PowerFails(BaseException):
    pass


@pytest.mark.parametrize(
    ("pin", "writing", "left"),
    [(PIN, 1, (0, 1)), (WRONG, 1, (0, 1)), (WRONG, 2, (1, 0)), (PIN, 2, (0, 0))],
)
def test_power_that_goes_between_anchor_and_database_loses_no_count_and_alarms_nobody(
    store, clock, monkeypatch, pin, writing, left
):
    real, count = store.vault.row.write_tries, 0

    def write_tries(*given: object) -> None:
        nonlocal count
        count += 1
        if count == writing:
            raise PowerFails
        real(*given)

    monkeypatch.setattr(store.vault.row, "write_tries", write_tries)
    with pytest.raises(PowerFails):
        store.vault.unlock(pin)
    again = reopened(store)
    assert (tries(again).failures, tries(again).interrupted) == left
    again.vault.unlock(PIN)
    assert again.verify_trail().holds
    again.close()


@pytest.mark.parametrize("writing", range(1, 6))
def test_power_that_goes_while_wrong_pins_move_into_the_trail_makes_nobody_look_guilty(
    store, clock, monkeypatch, writing
):
    guess(store, 2, clock)
    real, count = Anchor.write_tries, 0

    def write_tries(*given: Any) -> bool:
        nonlocal count
        count += 1
        if count == writing:
            raise PowerFails
        return real(*given)

    monkeypatch.setattr(Anchor, "write_tries", write_tries)
    with pytest.raises(PowerFails):
        store.vault.unlock(PIN)
    monkeypatch.undo()
    again = reopened(store)
    clock.advance(LONGEST_WAIT)
    again.vault.unlock(PIN)
    assert actions(again).count("wrong PIN") == 2
    assert again.verify_trail().holds
    again.close()


def test_right_pins_leave_nothing_that_looks_put_back(store):
    for _ in range(3):
        store.vault.unlock(PIN)
        store = reopened(store)
    store.vault.unlock(PIN)
    assert store.verify_trail().holds
    store.close()


@pytest.mark.parametrize(
    "change",
    ["passes = 2000000", "memory_kib = 1073741824", "lanes = 0", "memory_kib = 1", "lanes = -4"],
)
def test_a_cost_that_nobody_chose_is_refused_at_once_and_no_try_counted(store, change):
    edit(store, f"UPDATE vault SET {change}")
    with Store.open(store.database.path, Mode.LIVE) as again:
        with pytest.raises(StoreDamaged, match="costs was changed"):
            again.vault.unlock(PIN)
        assert tries(again) == PinTries()


def test_the_wipe_is_one_step_with_the_last_wrong_pin(tmp_path, clock):
    with open_store(tmp_path, Mode.LIVE, clock) as store:
        store.vault.protect(PIN, wipe_after=2)
        store.vault.lock()
        guess(store, 2, clock)
        assert store.vault.pin_state().tries_left == 0
        with pytest.raises(StoreWiped):
            store.vault.unlock(PIN)


@pytest.mark.parametrize(
    "pin",
    [
        *("123456", "000000", "654321", "111111", "121212", "123123", "112233", "135791"),
        *("345678", "890123", "987654", "aabbcc", "aaaaaa", "abcdef", "qwertyui", "      "),
        *("password1", "1 1 1 1", "246810", "135790", "024681", "101112", "121110", "010203"),
        *("147258", "123654", "159357", "789456", "147369", "192837", "20261126", "31121999"),
        *("12311999", "qwerty1", "abc123", "123456a", "a1b2c3", "1q2w3e", "passw0rd", "P@ssword"),
        *(
            "1qaz2wsx",
            "12-34-56",
            "aa123456",
            "qwe qwe!",
            "Summer2026",
            "ｐａｓｓ１２３４",
            "test12",
        ),
    ],
)
def test_a_pin_that_is_tried_first_is_no_pin(tmp_path, pin):
    with open_store(tmp_path, Mode.LIVE) as store:
        with pytest.raises(WrongPin):
            store.vault.protect(pin)
        assert not store.vault.is_protected


@pytest.mark.parametrize(
    "pin",
    ["271828", "482913", "246813", "correct horse battery", "314159", "20261326", "148269"],
)
def test_a_pin_without_a_pattern_is_one(pin):
    assert not is_trivial(pin)


def test_a_short_pin_is_no_pin(store):
    with pytest.raises(WrongPin, match="6 characters"):
        store.vault.change_pin(PIN, "27182")


def test_what_guessing_costs_is_said_in_words():
    digits = cost_of_guessing("271828", 0.2)
    assert "6 digits like these fall within 104 minutes" in digits
    assert "passphrase" in digits
    assert "years" in cost_of_guessing("seven words that nobody has ever said", 0.2)


def test_the_machines_own_boot_clock_never_goes_back():
    from hht.clock import SYSTEM_CLOCK

    first, second = SYSTEM_CLOCK.boot_moment(), SYSTEM_CLOCK.boot_moment()
    assert first.boot == second.boot
    assert first.seconds <= second.seconds
    assert first.seconds > 0
