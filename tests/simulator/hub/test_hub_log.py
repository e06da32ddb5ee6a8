"""The hub's log: its events in the common schema, written and kept as they always were."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import CS14_ALERT

from hht.clock import ManualClock
from hht.errors import HhtError
from hht.events import Event, Source
from hht.gbcs.message import Message
from hht.simulator.hub import events
from hht.simulator.hub.events import FaultInjected, HubEvent, PowerCut, PowerOn
from hht.simulator.hub.hub_log import LOG_FILE, HubLog, read_log, read_records
from hht.simulator.hub.state_file import StateFile

KINDS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and "name" in vars(kind)
]


@pytest.fixture
def log(tmp_path: Path) -> HubLog:
    return HubLog(ManualClock(), tmp_path, {})


def test_the_words_are_those_that_other_tools_rely_on() -> None:
    assert {kind.name for kind in KINDS} == {
        *("power-on", "power-cut", "window-closed", "refused", "admitted", "joined", "left"),
        *("device-joined", "stay-ended", "formed-anew", "command", "response", "alert"),
        *("fault", "fault-over", "image", "channel-changed"),
    }
    assert {kind.source for kind in KINDS} == {Source.HUB}


def test_an_entry_has_its_time_its_word_its_text_and_its_facts(log: HubLog) -> None:
    log.record(PowerCut("No power for 20 s", 20.0))
    assert list(log.entries) == [
        {
            "at": "2026-11-20T09:00:00.000+00:00",
            "what": "power-cut",
            "text": "No power for 20 s",
            "seconds": 20.0,
        }
    ]


def test_the_file_has_the_version_and_gives_the_entries_and_the_events_back(
    log: HubLog, tmp_path: Path
) -> None:
    happened: list[HubEvent] = [PowerOn(), FaultInjected("Noise", "noise", "trainer")]
    for event in happened:
        log.record(event)
    lines = (tmp_path / LOG_FILE).read_text().splitlines()
    assert [json.loads(line)["v"] for line in lines] == [1, 1]
    assert read_log(tmp_path) == list(log.entries)
    assert [record.event() for record in read_records(tmp_path)] == happened


def test_an_alert_that_this_tool_does_not_know_is_said_once(log: HubLog) -> None:
    alert = Message.parse(CS14_ALERT)
    unknown = replace(alert, payload=alert.payload.replace(b"\x8f\x12", b"\x99\x99", 1))
    for message in (alert, unknown):
        log.record_message(message)
    assert [entry["text"].partition(": ")[2] for entry in log.entries] == [
        "8F12 CHF Device Log changed",
        "9999 An Alert this tool does not know",
    ]


def test_a_log_without_versions_is_read(tmp_path: Path) -> None:
    line = {"at": "2026-11-20T09:00:00.000+00:00", "what": "power-on", "text": "Power"}
    (tmp_path / LOG_FILE).write_text(json.dumps(line) + "\n")
    assert read_log(tmp_path) == [line]
    (record,) = read_records(tmp_path)
    assert (record.version, record.event()) == (0, PowerOn("Power"))


def test_the_log_survives_a_line_cut_short(log: HubLog, tmp_path: Path) -> None:
    log.record(PowerOn())
    with (tmp_path / LOG_FILE).open("a") as file:
        file.write('{"what": "cut sho')
    assert [row["what"] for row in read_log(tmp_path)] == ["power-on"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full here")
def test_a_full_disk_stops_no_hub_and_its_entries_are_written_once_there_is_room(
    log: HubLog, tmp_path: Path
) -> None:
    log.record(PowerOn())
    file, aside = tmp_path / LOG_FILE, tmp_path / "aside"
    file.rename(aside)
    file.symlink_to("/dev/full")
    log.record(PowerCut("No power for 20 s", 20.0))
    aside.rename(file)
    log.record(PowerOn())
    assert [entry["what"] for entry in read_log(tmp_path)] == ["power-on", "power-cut", "power-on"]


def test_a_hub_remembers_what_was_written_whole_when_the_disk_takes_no_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    memory = StateFile(tmp_path / "state.json")
    memory.save({"moments": 1})

    def take_nothing(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "write", take_nothing)
        memory.save({"moments": 2})
    assert memory.load() == {"moments": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "[]", "{", "\0\0"])
def test_a_hub_whose_memory_was_damaged_says_which_file_that_is(
    content: str, tmp_path: Path
) -> None:
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(HhtError, match="memory is damaged") as refused:
        StateFile(tmp_path / "state.json").load()
    assert refused.value.where == str(tmp_path / "state.json")
