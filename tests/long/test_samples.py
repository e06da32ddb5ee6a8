"""A sample of each of the long checks that `.ci/long` makes whole, and that they can fail."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import air_fuzz
import crash_matrix
import guesses
import power_loss
from sampling import share_of

pytestmark = pytest.mark.whole_program

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and wraps Linux's SQLite")


@linux
def test_power_cut_at_any_instant_loses_nothing_that_was_promised() -> None:
    found = power_loss.run(instants=60, seed=2)
    assert found["instants"] == 60
    assert found["unsynced kinds"] == 3
    assert [each for each in found if each.startswith("WRONG")] == []


@linux
def test_a_store_that_syncs_nothing_would_be_found_out(tmp_path: Path) -> None:
    """The same steps without their syncs: every write floats, and what was promised is missing."""
    (recorded := tmp_path / "recorded").mkdir(mode=0o700)
    steps = [step for step in power_loss.record(recorded) if step.kind != "sync"]
    wrong = 0
    for number in range(10):
        (folder := tmp_path / str(number)).mkdir(mode=0o700)
        for file, content in power_loss.disk_after(steps, random.Random(number)).items():
            (folder / file).write_bytes(content)
        wrong += bool(power_loss.judge(folder, steps))
    assert wrong == 10


@linux
def test_altered_bytes_from_the_air_are_read_or_refused_and_fill_no_memory() -> None:
    found = air_fuzz.run(inputs=20_000, seed=3)
    assert found["escaped"] == {}
    assert found["grown_mib"] <= air_fuzz.FLAT_MIB  # type: ignore[operator]


def test_what_escapes_a_reader_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(raw: bytes) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(air_fuzz, "targets", lambda: {"it": air_fuzz.Target(fails, [b"x"])})
    assert air_fuzz.run(inputs=10, seed=1)["escaped"]


def test_a_kill_before_an_acknowledgement_on_the_strict_hub_loses_nothing_silently(
    tmp_path: Path,
) -> None:
    victim = share_of(crash_matrix.VICTIMS, len(crash_matrix.VICTIMS))[0]
    cell = crash_matrix.play_cell(tmp_path / "cell", "strict", "before ack", 2, victim)
    assert (cell.wrong, sum(cell.ends.values())) == ([], 1)


def test_every_guess_of_the_stand_in_has_another_value_to_be_played_with() -> None:
    played = {guess.name for guess in guesses.guesses()}
    assert played == set(guesses.guessed())


def test_what_must_not_be_is_wrong_in_the_matrix() -> None:
    sent = {"event": "command_sent", "command_id": 7}
    answered = {"event": "command_changed", "command_id": 7, "state": "answered"}
    assert crash_matrix.sent_after_response([sent, answered, sent]) == {7}
    assert crash_matrix.sent_after_response([sent, sent, answered]) == set()
    assert crash_matrix.numbers(9, 3) == [1, 5, 9]
    assert crash_matrix.numbers(0, 3) == []
