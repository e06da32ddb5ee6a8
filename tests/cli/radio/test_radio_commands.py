"""`hht radio check` and `hht radio sniff`, run as a person runs them."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import warm_start
from line_doubles import NcpByHand, on_socket
from patience import PATIENCE
from radio_lab import CHANNEL, HUB, Lab, lab

from hht.zse.interpan.frame import BROADCAST, InterPanFrame

pytestmark = [
    pytest.mark.real_time("the program is a process of its own"),
    pytest.mark.whole_program,
]

PROGRAM = [sys.executable, "-m", "hht"]
ENVIRONMENT = {**os.environ, "COLUMNS": "80"}


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(*PROGRAM, "--data-dir", str(folder), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=ENVIRONMENT,
    )


async def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = ("hht", "--data-dir", folder, *arguments)
    done = await asyncio.to_thread(warm_start.run, *command, env=ENVIRONMENT, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


async def test_the_check_is_one_page_and_ends_with_a_verdict(tmp_path: Path) -> None:
    async with lab() as at:
        code, out, err = await run(tmp_path, "--radio", at.address, "radio", "check")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) < 50
    assert lines[0].startswith("--  program       hht ")
    assert "bellows" in lines[0]
    assert at.address in lines[0]
    assert lines[1].startswith("ok  dongle        EZSP 13, EmberZNet 7.4.3.0")
    assert lines[-1] == "Fit for use."


async def test_a_point_that_does_not_hold_has_its_remedy_below_and_exit_1(tmp_path: Path) -> None:
    async with on_socket(NcpByHand(7)) as address:
        code, out, _ = await run(tmp_path, "--radio", address, "radio", "check")
    assert code == 1
    assert "BAD dongle        The dongle's firmware is too old: it speaks EZSP 7" in out
    assert "-> Update its firmware" in out
    assert out.splitlines()[-1] == "Not fit for use: see what is marked BAD."


async def test_as_json_each_point_is_a_line_and_none_that_is_bad_ends_fit(tmp_path: Path) -> None:
    (tmp_path / "hht-identity.json").write_text("{")
    async with lab() as at:
        code, out, _ = await run(tmp_path, "--radio", at.address, "radio", "check", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert {tuple(row) for row in rows} == {("check", "holds", "found", "remedy", "figures")}
    assert [row["check"] for row in rows if row["holds"] is False] == ["identity file"]
    assert [row["check"] for row in rows][:3] == ["program", "identity file", "dongle"]
    assert {row["holds"] for row in rows} == {True, None, False}


async def test_without_a_dongle_named_it_says_how_to_name_one(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "radio", "check")
    assert (code, out) == (2, "")
    assert "hht: No dongle was named. Name it with --radio" in err


async def test_the_doctor_has_the_same_points(tmp_path: Path) -> None:
    async with lab() as at:
        code, out, _ = await run(tmp_path, "--radio", at.address, "doctor", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    radio = {row["check"]: row for row in rows if row["about"] == "radio"}
    assert code == 0
    assert "1 network heard" in radio["active scan"]["found"]
    assert "EZSP 13" in radio["dongle"]["found"]
    assert "keys" not in radio


async def test_an_identity_that_cannot_be_read_is_a_point_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "hht-identity.json").write_text("{")
    async with lab() as at:
        code, out, _ = await run(tmp_path, "--radio", at.address, "doctor")
    assert code == 1
    assert "BAD radio     identity file" in out
    assert "EZSP 13" in out


def broadcast(payload: bytes) -> bytes:
    frame = InterPanFrame(HUB, 0x1A62, BROADCAST, BROADCAST, 1, 0x0800, payload)
    return frame.encode()


async def test_the_sniffer_shows_and_keeps_what_is_heard(tmp_path: Path) -> None:
    capture = tmp_path / "air.pcap"
    async with lab() as at:
        tuned = when_tuned(at)
        sniffer = await start(
            *(tmp_path, "--radio", at.address, "radio", "sniff"),
            *("--channel", str(CHANNEL), "--count", "3", "--pcap", str(capture), "--json"),
        )
        await asyncio.wait_for(tuned.wait(), PATIENCE)
        for _ in range(3):
            at.hub.send_raw(broadcast(b"12345"))
        out, err = await asyncio.wait_for(sniffer.communicate(), PATIENCE)
    rows = [json.loads(line) for line in out.decode().splitlines()]
    assert sniffer.returncode == 0
    assert f"Listening on channel {CHANNEL}" in err.decode()
    assert "3 frames heard on channel 15" in err.decode()
    assert {row["frame"] for row in rows} == {broadcast(b"12345").hex()}
    assert {(row["kind"], row["source"]) for row in rows} == {("data", str(HUB))}
    assert "inter-PAN cluster 0800" in rows[0]["detail"]
    assert capture.read_bytes().count(broadcast(b"12345")) == 3


def test_a_capture_that_was_made_is_not_made_again_in_its_place(hht, tmp_path: Path) -> None:
    capture = tmp_path / "air.pcap"
    capture.write_bytes(b"heard at the hub's power-on")
    ran = hht("--radio", "/dev/no-dongle", "radio", "sniff", "--pcap", capture)
    said = f"hht: {capture}: The file is there already. Choose another name.\n"
    assert (ran.code, ran.err) == (2, said)
    assert capture.read_bytes() == b"heard at the hub's power-on"


def when_tuned(at: Lab) -> asyncio.Event:
    """Set once the manufacturing library listens on the channel it was given."""
    tuned = asyncio.Event()
    commands = at.server.device.ezsp.commands
    set_channel = commands["mfglibSetChannel"]

    def tune(fields: dict[str, Any]) -> Mapping[str, Any]:
        asyncio.get_running_loop().call_soon(tuned.set)
        return set_channel(fields)

    commands["mfglibSetChannel"] = tune
    return tuned


async def test_the_sniffer_ends_after_its_seconds(tmp_path: Path) -> None:
    async with lab() as at:
        at.hub.power_off()
        code, out, err = await run(
            tmp_path, "--radio", at.address, "radio", "sniff", "--seconds", "0.1"
        )
    assert (code, out) == (0, "")
    assert "0 frames heard on channel 11" in err


async def test_a_firmware_that_cannot_sniff_says_so_in_one_line(tmp_path: Path) -> None:
    async with lab() as at:
        at.server.switch_on(["mfglib-refused"])
        code, _, err = await run(tmp_path, "--radio", at.address, "radio", "sniff")
    assert code == 1
    assert "The dongle refused mfglibStart" in err
    assert "Traceback" not in err


async def test_a_channel_outside_the_band_is_wrong_usage(tmp_path: Path) -> None:
    code, _, err = await run(tmp_path, "--radio", "x", "radio", "sniff", "--channel", "27")
    assert code == 2
    assert "--channel" in err


async def test_what_is_behind_a_question_mark_is_not_printed(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "--radio", "socket://h:1?key=c2VjcmV0", "radio", "check")
    assert (code, out) == (2, "")
    assert "key is no setting of a line" in err
    assert "c2VjcmV0" not in out + err


async def test_an_empty_address_is_reported_as_such(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "--radio", "", "doctor")
    assert (code, err) == (1, "")
    assert (
        "BAD radio     dongle       No dongle is named. Write its address (in the app M, D" in out
    )
