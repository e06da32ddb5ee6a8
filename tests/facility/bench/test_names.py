"""A bench's name is one bench's, on one machine and across machines; a port is one slot's."""

import os
from pathlib import Path
from typing import Any

import pytest

from hht.clock import SYSTEM_CLOCK, ManualClock
from hht.errors import InputError
from hht.facility.batches.records import UnitRow, UnitState
from hht.facility.bench import names
from hht.facility.bench.line import UnitLine
from hht.facility.bench.names import hold_name, slots_at
from hht.store.sqlite.file_lock import FileLock

UNIT = UnitRow("00-DB-00-00-00-00-00-01", UnitState.LOADED, "", 1, "b", "s", "", "", "", 1.0)


class Waiting(ManualClock):
    """A clock on which a wait is over at once, and something happens meanwhile."""

    def __init__(self, meanwhile: Any) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.waited: list[float] = []
        self.said: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.meanwhile()


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[UnitRow]:
    """The units that the books have."""
    had: list[UnitRow] = []
    monkeypatch.setattr(names, "units_of", lambda books, batch: iter(had))
    return had


async def hold(folder: Path, bench: str = "b", clock: Waiting | None = None) -> FileLock:
    """Take a name; the clock notes whether that was waited for."""
    clock = clock or Waiting(lambda: None)
    return await hold_name(None, "x", bench, folder, clock.said.append, clock)  # type: ignore[arg-type]


async def test_a_second_bench_of_one_name_on_one_machine_is_refused(tmp_path, rows) -> None:
    first, other = await hold(tmp_path), await hold(tmp_path, "another / name")
    with pytest.raises(InputError, match="at work already"):
        await hold(tmp_path)
    first.release()
    other.release()


async def test_a_bench_that_was_killed_here_goes_on_at_once(tmp_path, rows) -> None:
    (await hold(tmp_path)).release()
    rows.append(UNIT)
    clock = Waiting(lambda: None)
    (await hold(tmp_path, clock=clock)).release()
    assert clock.said == clock.waited == []


async def test_a_name_that_another_machine_is_at_work_under_is_refused(tmp_path, rows) -> None:
    rows.append(UNIT)
    clock = Waiting(lambda: rows.append(replace_at(UNIT, 2.0)))
    with pytest.raises(InputError, match="at work already"):
        await hold(tmp_path, clock=clock)
    assert clock.waited
    with pytest.raises(InputError):  # and it is asked again the next time
        await hold(tmp_path, clock=Waiting(lambda: rows.append(replace_at(UNIT, 3.0))))


async def test_a_name_whose_bench_has_ended_elsewhere_is_taken_over(tmp_path, rows) -> None:
    rows.append(UNIT)
    clock = Waiting(lambda: None)
    (await hold(tmp_path, clock=clock)).release()
    assert clock.said == clock.waited
    assert len(clock.said) == 1


def replace_at(row: UnitRow, since: float) -> UnitRow:
    import msgspec

    return msgspec.structs.replace(row, since=since)


def test_a_slot_has_its_ports_name_and_the_whole_path_where_two_are_called_alike() -> None:
    assert slots_at(["/dev/ttyUSB0", "/dev/ttyUSB1"]) == [
        ("ttyUSB0", "/dev/ttyUSB0"),
        ("ttyUSB1", "/dev/ttyUSB1"),
    ]
    named = [name for name, _ in slots_at(["/dev/a/unit", "/dev/b/unit", "/dev/c"])]
    assert named == ["/dev/a/unit", "/dev/b/unit", "c"]


def test_one_port_with_two_paths_is_no_two_slots(tmp_path: Path) -> None:
    (tmp_path / "by-path").symlink_to(tmp_path / "ttyUSB0")
    for other in ("by-path", "../" + tmp_path.name + "/ttyUSB0", "ttyUSB0"):
        with pytest.raises(InputError, match="A port is named twice"):
            slots_at([str(tmp_path / "ttyUSB0"), str(tmp_path / other)])


async def test_a_port_that_another_slot_has_is_refused_and_free_when_that_lets_it_go(
    tmp_path: Path,
) -> None:
    host, port = os.openpty()
    path = Path(os.ttyname(port))
    first = UnitLine(path, SYSTEM_CLOCK)
    with pytest.raises(OSError, match="another slot or program has it"):
        UnitLine(path, SYSTEM_CLOCK)
    first.close()
    UnitLine(path, SYSTEM_CLOCK).close()
    os.close(port)
    os.close(host)
