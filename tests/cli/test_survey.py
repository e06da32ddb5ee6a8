"""`hht survey` and `hht survey show`, run as a person runs them."""

import asyncio
import json
import os
from pathlib import Path

import pytest
import warm_start
from patience import PATIENCE
from radio_lab import CHANNEL, HUB, lab

from hht.store.sqlite.file_lock import FileLock
from hht.survey.survey_file import read_survey

pytestmark = [
    pytest.mark.real_time("the program is a process of its own"),
    pytest.mark.whole_program,
]


async def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    environment = {**os.environ, "COLUMNS": "53"}
    command = ("hht", "--data-dir", folder, *arguments)
    done = await asyncio.to_thread(warm_start.run, *command, env=environment, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


async def test_a_second_spot_is_added_to_the_file_and_all_its_forms_can_be_shown(
    tmp_path: Path,
) -> None:
    out = tmp_path / "survey.json"
    async with lab() as at:
        at.air.interference[20] = -40
        common = ("--radio", at.address, "survey", "--passes", "2", "--out", str(out))
        code, shown, err = await run(tmp_path, *common, "--spot", "cupboard", "--hub", str(HUB))
        assert code == 0, err
        assert "sub-GHz is not heard at all" in err
        assert max(len(row) for row in shown.splitlines()[:14]) <= 53
        assert f"{HUB} PAN" in shown
        code, _, err = await run(tmp_path, *common, "--spot", "kitchen", "--hub", str(HUB))
        assert code == 0, err
    survey = read_survey(out.read_bytes(), str(out))
    assert [(spot.name, len(spot.passes)) for spot in survey.spots] == [
        ("cupboard", 2),
        ("kitchen", 2),
    ]
    assert {(each.spot, each.channel, each.ours) for each in survey.networks} == {
        ("cupboard", CHANNEL, True),
        ("kitchen", CHANNEL, True),
    }
    for form, beginning in (("table", "channel "), ("csv", "spot,at"), ("svg", "<svg ")):
        code, text, _ = await run(tmp_path, "survey", "show", str(out), "--as", form)
        assert (code, text.startswith(beginning)) == (0, True)
    code, advice, _ = await run(tmp_path, "survey", "advise", str(out), "--json")
    assert code == 0
    assert json.loads(advice.splitlines()[0])["advice"] == "stay"


async def test_as_json_passes_and_networks_come_first_and_channels_last(tmp_path: Path) -> None:
    async with lab() as at:
        code, out, _ = await run(tmp_path, "--radio", at.address, "survey", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    kinds = [row["event"] for row in rows]
    assert kinds == ["pass", "network"] * 3 + ["channel"] * 16
    assert rows[0]["spot"] == "here"
    assert set(rows[0]["channels"]) == {str(channel) for channel in range(11, 27)}
    last = {key: rows[-1][key] for key in ("channel", "hubs", "ours")}
    assert last == {"channel": 26, "hubs": 0, "ours": False}


async def test_another_duration_is_refused_for_the_same_file(tmp_path: Path) -> None:
    out = tmp_path / "survey.json"
    async with lab() as at:
        common = ("--radio", at.address, "survey", "--passes", "1", "--out", str(out))
        assert (await run(tmp_path, *common))[0] == 0
        before = out.read_bytes()
        code, _, err = await run(tmp_path, *common, "--duration", "5")
    assert code == 2
    assert "made with duration 3, not 5" in err
    assert out.read_bytes() == before


async def test_while_another_hht_is_at_work_there_is_no_survey(tmp_path: Path) -> None:
    database = tmp_path / "live.db"
    lock = FileLock(database)
    lock.acquire()
    try:
        async with lab() as at:
            code, _, err = await run(tmp_path, "--radio", at.address, "survey")
    finally:
        lock.release()
    assert code == 1
    assert "A survey would interrupt what is being delivered: Another hht (process" in err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--spot", ""), "A spot's name is a text of 1 to 60 characters"),
        (("--spot", "x" * 61), "A spot's name is a text of 1 to 60 characters"),
        (("--hub", "00-DB"), "--hub"),
        (("--out", "no-such-folder/s.json"), "There is no such folder"),
    ],
)
async def test_what_cannot_be_surveyed_has_its_one_line(
    tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    code, out, err = await run(tmp_path, "--radio", "socket://127.0.0.1:1", "survey", *arguments)
    assert (code, out) == (2, "")
    assert line in err
    assert len(err.splitlines()) == 1
