"""The TPM slot: the chip counts wrong PINs whatever was done to hht's files; a code opens without.

The TPM is a real one in software (swtpm), which allows three wrong PINs.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from software_tpm import SoftwareTpm, software_tpm
from store_samples import CS14_ALERT, hear, open_store

from hht.clock import ManualClock
from hht.store import Mode, Store
from hht.store.doctor import Finding, check_store
from hht.store.errors import StoreError, StoreLocked, WrongPin
from hht.store.secrets import tpm as chips
from hht.store.secrets.pin_tries import UNTRIED
from hht.store.secrets.recovery import new_recovery_code, recovery_key
from hht.store.secrets.tpm import TpmTrouble, find_tpm

PIN, WRONG = "271828", "000000"


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftwareTpm]:
    """The machine's TPM; in a short folder, for a socket's name has 107 characters at most."""
    with tempfile.TemporaryDirectory(prefix="tpm-") as name, software_tpm(Path(name)) as started:
        monkeypatch.setenv(chips.VARIABLE, started.address)
        yield started


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data", Mode.LIVE, ManualClock()) as opened:
        hear(opened, CS14_ALERT)
        yield opened


def bind(store: Store, *, wipe_after: int | None = None) -> str:
    """Set the PIN with the TPM and lock; the recovery code."""
    code = store.vault.protect(PIN, wipe_after=wipe_after, tpm=find_tpm())
    store.vault.lock()
    return code


def wrong(store: Store, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPin):
            store.vault.unlock(WRONG)


def checked(store: Store) -> Finding:
    (found,) = [each for each in check_store(store) if each.check == "tpm"]
    return found


def test_the_pin_opens_with_the_tpm(chip, store):
    bind(store)
    wrong(store, 1)
    store.vault.unlock(PIN)
    assert [each.raw for each in store.captures.all()] == [CS14_ALERT]
    assert store.verify_trail().holds


def test_the_chip_counts_although_the_file_and_its_anchor_are_put_back(chip, store, tmp_path):
    bind(store)
    store.close()
    anchor = store.audit.anchor
    assert anchor is not None
    untried = shutil.copy(store.database.path, tmp_path / "untried.db")
    anchored = anchor.path.read_bytes()
    for _ in range(3):
        shutil.copy(untried, store.database.path)
        anchor.path.write_bytes(anchored)
        with Store.open(store.database.path, Mode.LIVE) as again:
            wrong(again, 1)
    shutil.copy(untried, store.database.path)
    anchor.path.write_bytes(anchored)
    with Store.open(store.database.path, Mode.LIVE) as again:
        with pytest.raises(StoreLocked, match="the TPM lets nobody try"):
            again.vault.unlock(PIN)
        assert checked(again).found.endswith("lets nobody try for now")
        chip.tool("dictionarylockout", "--clear-lockout")
        again.vault.unlock(PIN)


def test_what_the_tpm_did_not_judge_counts_neither_here_nor_towards_the_wipe(chip, store):
    bind(store, wipe_after=4)
    wrong(store, 3)
    for _ in range(4):
        with pytest.raises(StoreLocked):
            store.vault.unlock(WRONG)
    vault = store.vault.row.read()
    assert vault is not None
    assert (vault.tries.failures, vault.tries.begun, bool(vault.wrapped)) == (3, 0, True)


def test_without_its_tpm_only_the_recovery_code_opens_and_a_new_pin_can_be_set(
    chip, store, monkeypatch
):
    code = bind(store)
    monkeypatch.setenv(chips.VARIABLE, chips.NO_TPM)
    with pytest.raises(TpmTrouble, match="no TPM"):
        store.vault.unlock(PIN)
    assert store.vault.pin_state().tries_left is None
    assert not checked(store).holds
    with pytest.raises(TpmTrouble):
        store.vault.unlock(new_recovery_code())
    store.vault.unlock(code.replace("-", " ").lower())
    with pytest.raises(StoreError, match="cannot be the PIN"):
        store.vault.change_keys(code)
    assert store.vault.change_pin(code, "314159") == ""
    store.vault.lock()
    with pytest.raises(WrongPin):
        store.vault.unlock(code)
    store.vault.unlock("314159")
    assert store.verify_trail().holds


def test_another_machines_tpm_gives_nothing_out(chip, store, monkeypatch, tmp_path):
    bind(store)
    with (
        tempfile.TemporaryDirectory(prefix="tpm-") as folder,
        software_tpm(Path(folder)) as other,
    ):
        monkeypatch.setenv(chips.VARIABLE, other.address)
        with pytest.raises(TpmTrouble, match="another machine's TPM"):
            store.vault.unlock(PIN)
    vault = store.vault.row.read()
    assert vault is not None
    assert vault.tries == UNTRIED


def test_a_changed_pin_and_changed_keys_void_the_code_before(chip, store):
    first = bind(store)
    second = store.vault.change_pin(PIN, "314159", tpm=find_tpm())
    third = store.vault.change_keys("314159", tpm=find_tpm())
    store.vault.lock()
    for void in (first, second):
        with pytest.raises(WrongPin):
            store.vault.unlock(void)
    store.vault.unlock(third)


def test_the_wipe_takes_what_the_code_and_the_tpm_would_open(chip, store):
    code = bind(store, wipe_after=2)
    wrong(store, 2)
    vault = store.vault.row.read()
    assert vault is not None
    assert (vault.wrapped, vault.tpm, vault.recovery) == (b"", b"", b"")
    with pytest.raises(StoreError, match="made unreadable"):
        store.vault.unlock(code)


def test_nothing_that_opens_is_in_the_file_or_in_an_argument(chip, store, monkeypatch):
    given: list[str] = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, **options: (given.extend(command), run(command, **options))[1],
    )
    code = bind(store)
    store.vault.unlock(PIN)
    key = recovery_key(code)
    assert key is not None
    parts = [each for each in given if not each.startswith(("tpm2_", "-", "/", "file:/dev/fd/"))]
    attributes = {each for each in parts if each.startswith("fixedtpm|")}
    assert set(parts) - attributes <= {"o", "ecc", "file:-"}
    written = store.database.path.read_bytes()
    assert key not in written
    assert code.replace("-", "").encode() not in written


def test_the_doctor_says_what_the_tpm_does_and_what_it_does_not(chip, store):
    assert (checked(store).holds, "no part of the key" in checked(store).found) == (None, True)
    bind(store)
    unguarded = checked(store)
    assert (unguarded.holds, "3 wrong PINs, then one each 17 minutes" in unguarded.found) == (
        None,
        True,
    )
    assert "password" in unguarded.remedy
    chip.tool("changeauth", "-c", "lockout", "secret")
    assert checked(store).holds


def test_a_tpm_whose_owner_has_a_password_is_not_used_and_that_is_said(chip, store):
    chip.tool("changeauth", "-c", "owner", "secret")
    with pytest.raises(TpmTrouble, match="owner hierarchy has a password"):
        bind(store)
    assert not store.vault.is_protected


@pytest.mark.parametrize(
    "text", ["", "271828", "correct horse battery staple", "A" * 31, "A" * 33, "1" * 32]
)
def test_what_is_no_recovery_code_is_taken_as_a_pin(text):
    assert recovery_key(text) is None
