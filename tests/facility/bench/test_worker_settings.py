"""A bench and its worker: no secret on a command line, and no end where a label fails."""

from pathlib import Path
from typing import Any

import msgspec

from hht.facility.bench.run import BenchRun
from hht.facility.bench.slot import SlotChanged
from hht.facility.bench.worker import WorkerSettings, settings_text


def test_the_address_of_the_books_is_not_on_the_command_line() -> None:
    url = "postgresql://bench:s3cret@host/facility"
    assert "s3cret" not in settings_text(WorkerSettings("/data", "b1", "A", [], batch_store=url))


def test_a_label_that_cannot_be_written_is_said_and_the_bench_goes_on(tmp_path: Path) -> None:
    said: list[Any] = []
    folder = tmp_path / "labels"
    folder.write_text("a file where the folder should be")
    run = BenchRun(WorkerSettings("/data", "b1", "A", []), said.append, labels=folder)
    run.hear(msgspec.json.encode(SlotChanged("slot-1", "good", "00-DB-00-00-00-00-00-01")))
    assert [each["event"] for each in said] == ["slot", "label-failed"]
    assert str(folder) in said[1]["what"]
