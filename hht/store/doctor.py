"""The store's part of `hht doctor`: is the database whole, its trail unbroken, its disk roomy?"""

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.spans import counted
from hht.store.audit.fit import Fit
from hht.store.errors import StoreLocked, StoreWiped
from hht.store.modes import Mode
from hht.store.secrets.tpm import Counting, TpmTrouble, find_tpm, has_tpm, in_words, why_no_tpm
from hht.store.sqlite.disk_space import Room
from hht.store.sqlite.timestamps import from_text
from hht.store.store import Store

_FITS = {
    Fit.HOLDS: "the trail ends where it says",
    Fit.NEW: "nothing was written yet that it could say",
    Fit.NOT_CHECKED: "it cannot be kept here",
    Fit.MISSING: "it is missing",
    Fit.OLDER: "the data is an older copy",
    Fit.STALE: "it is older than the data",
}
BUILT_IN = 2026  # a clock before that was never set
_MEBIBYTE = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether it holds, what was found, and what to do where it does not.

    `holds` is None for what was not checked.
    """

    check: str
    holds: bool | None
    found: str
    remedy: str = ""


def check_database(
    path: Path,
    mode: Mode,
    pin: str | None = None,
    more: Callable[[Store], list[Finding]] = lambda store: [],
) -> list[Finding]:
    """Open a database and check all of it; a file that cannot be opened is a finding too.

    Without the `pin` what is locked is not checked. `more` is checked of one that is open.
    """
    try:
        with Store.open(path, mode) as store:
            if pin is not None and store.vault.is_locked:
                store.vault.unlock(pin)
            return check_store(store) + more(store)
    except HhtError as error:
        return [Finding("open", False, error.what, error.remedy)]


def check_folder(folder: Path, clock: Clock = SYSTEM_CLOCK) -> list[Finding]:
    """Return whether the data folder is there and may be written, and the clock is set at all."""
    there = folder.is_dir()
    writable = there and os.access(folder, os.W_OK | os.X_OK)
    found = "may be written" if writable else "may not be written" if there else "not made yet"
    now = clock.now()
    is_set = now.year >= BUILT_IN
    return [
        Finding("data folder", writable or not there, f"{folder}: {found}", "Check who owns it."),
        Finding("clock", is_set, _day_and_time(now), "Set the date and time."),
    ]


def check_store(store: Store) -> list[Finding]:
    """Return every check of an open store, in the order in which a person should read them."""
    return [finding for check in CHECKS for finding in _run(check, store)]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What an engineer wants to know before leaving for the first job; cheap to find out.

    `has_pin` is None where there is none, and training data needs none.
    """

    has_pin: bool | None
    has_room: bool
    is_clock_right: bool


def readiness(store: Store) -> Readiness:
    """Return whether PIN, room and clock are in order, without reading through what is kept."""
    needs_no_pin = store.mode is Mode.TRAINING and not store.vault.is_protected
    return Readiness(
        has_pin=None if needs_no_pin else store.vault.is_protected,
        has_room=store.space.room() is Room.ENOUGH,
        is_clock_right=all(finding.holds is not False for finding in _run(_clock, store)),
    )


def _run(check: Callable[[Store], Iterator[Finding]], store: Store) -> Iterator[Finding]:
    name = check.__name__.removeprefix("_").replace("_", " ")
    try:
        yield from check(store)
    except (StoreLocked, StoreWiped) as error:
        yield Finding(name, None, f"not checked: {error.what}", error.remedy)
    except HhtError as error:
        yield Finding(name, False, error.what, error.remedy)


def _integrity(store: Store) -> Iterator[Finding]:
    rows = store.database.rows("PRAGMA integrity_check(5)")
    lines = (line for row in rows for line in str(row["integrity_check"]).splitlines())
    found = "; ".join(lines)
    yield Finding("integrity", found == "ok", found[:200], "Restore the last backup.")


def _references(store: Store) -> Iterator[Finding]:
    broken = len(store.database.rows("PRAGMA foreign_key_check"))
    found = counted(broken, "broken reference") if broken else "ok"
    yield Finding("references", not broken, found, "Restore the last backup.")


def _captures(store: Store) -> Iterator[Finding]:
    """Check that each message is still the one whose hash was written when it came."""
    count = 0
    for row in store.database.rows("SELECT id, sha256 FROM captures"):
        count += 1
        if hashlib.sha256(store.captures.get(row["id"]).raw).digest() != row["sha256"]:
            yield Finding(
                "captures", False, f"capture {row['id']} was changed", "Restore the last backup."
            )
            return
    yield Finding("captures", True, f"{counted(count, 'message')} as they came")


def _audit_trail(store: Store) -> Iterator[Finding]:
    verdict = store.verify_trail()
    remedy = "Keep the file for whoever looks into it; 'hht audit verify' says all that was found."
    yield Finding("audit trail", verdict.holds, verdict.said, remedy)


def _anchor(store: Store) -> Iterator[Finding]:
    """Yield what can be said of the trail without the PIN; training data has no anchor."""
    if store.audit.anchor is None:
        return
    fit, path = store.audit.fit(), store.audit.anchor.path
    holds = None if fit is Fit.NOT_CHECKED else fit in (Fit.HOLDS, Fit.NEW)
    remedy = (
        "Was a backup put back, or the data moved to this machine? Then look what is missing and"
        " say so with 'hht audit accept'; else keep the file for whoever looks into it."
    )
    if holds is None:
        remedy = f"Make {path.parent} writable."
    yield Finding("anchor", holds, _FITS[fit], remedy)


def _room(store: Store) -> Iterator[Finding]:
    room, free = store.space.room(), store.space.free() // _MEBIBYTE
    remedy = "Have the queue received and delete what is not needed."
    yield Finding("room", room is Room.ENOUGH, f"{free} MiB free: {room}", remedy)


def _permissions(store: Store) -> Iterator[Finding]:
    if sys.platform == "win32":
        return  # the folder's access list decides there, and a profile's is private
    folder = store.database.path.parent
    files = [folder, *folder.glob(store.database.path.name + "*")]
    loose = [path.name for path in files if _mode_of(path) & 0o077]
    found = f"others may read {', '.join(loose)}" if loose else "only you may read the data"
    remedy = "Take the rights of group and others away (chmod go=)."
    yield Finding("permissions", not loose, found, remedy)


def _mode_of(path: Path) -> int:
    """Return a file's mode; 0 where it has gone since it was listed, as a backup's part does."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0


def _protection(store: Store) -> Iterator[Finding]:
    if store.mode is Mode.TRAINING and not store.vault.is_protected:
        yield Finding("protection", True, "training data needs no PIN")
    elif not store.vault.is_protected:
        yield Finding("protection", False, "no PIN is set", "Set one: 'hht pin set'.")
    else:
        with_tpm = "" if store.vault.has_tpm_part else ", without a TPM"
        yield Finding("protection", True, f"a PIN is set{with_tpm}")


def _tpm(store: Store) -> Iterator[Finding]:
    """Yield whether the machine's TPM counts wrong PINs too; nothing where it has none."""
    bound, tpm = store.vault.has_tpm_part, find_tpm()
    if store.mode is Mode.TRAINING or not (bound or has_tpm()):
        return
    at_worst = False if bound else None
    try:
        if tpm is None:
            yield Finding("tpm", at_worst, *why_no_tpm())
        else:
            yield _tpm_counting(tpm.counting(), bound=bound)
    except TpmTrouble as error:
        yield Finding("tpm", at_worst, error.what, "Look into the machine's TPM.")


def _tpm_counting(counting: Counting, *, bound: bool) -> Finding:
    if not bound:
        remedy = "'hht pin set' uses it, and where a PIN is set 'hht pin change'."
        return Finding("tpm", None, "there is one, and it has no part of the key", remedy)
    found = (
        "it has a part of the key and lets nobody try for now"
        if counting.is_locked_out
        else f"it has a part of the key: {counted(counting.most, 'wrong PIN')}, then one each"
        f" {in_words(counting.seconds)}"
    )
    if counting.is_guarded:
        return Finding("tpm", True, found)
    remedy = "Set a password for its lockout: whoever is root can put its count back without one."
    return Finding("tpm", None, found, remedy)


def _clock(store: Store) -> Iterator[Finding]:
    last = store.database.value("SELECT MAX(at) FROM audit")
    try:
        written = from_text(last) if last is not None else None
    except ValueError:  # what is no time at all is the audit trail's to find
        yield Finding("clock", False, "what was written last has no time", "Set the date and time.")
        return
    is_behind = written is not None and written > store.clock.now()
    found = (
        f"earlier than what was written last, {_day_and_time(written)}"
        if written and is_behind
        else "not earlier than what was written last"
    )
    yield Finding("clock", not is_behind, found, "Set the date and time.")


def _day_and_time(moment: datetime) -> str:
    """Return a moment as the handheld's own clock shows it: `27 Nov 2026 23:39`."""
    return f"{moment.astimezone():%d %b %Y %H:%M}"


CHECKS = (
    _integrity,
    _references,
    _captures,
    _audit_trail,
    _anchor,
    _room,
    _permissions,
    _protection,
    _tpm,
    _clock,
)
