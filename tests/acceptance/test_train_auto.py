"""The main job from the command line: a no-WAN install from scan to SR 8.13, judged outside."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("train auto")  # one process of pytest plays it, and once
PROGRAM = [sys.executable, "-c", "from hht.cli.main import run; run()"]


def run_hht(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run the program; its output as text."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=90
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One play of the scenario: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("played")
    options = ["--data-dir", folder / "data", "--pcap", folder / "air.pcap"]
    done = run_hht("train", "no-wan-install", "--auto", "--json", "--seed", "1", *options)
    return folder, done, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def exported(played):
    """The folder with the SR 8.13 files."""
    folder = played[0]
    out = folder / "out"
    done = run_hht("queue", "export", "--out", out, "--data-dir", folder / "data")
    assert done.returncode == 0, done.stderr
    return out


def test_it_is_completed_and_nothing_is_left_open(played):
    _, done, events = played
    summary = events[-1]
    assert done.returncode == 0, done.stderr
    assert summary["event"] == "summary"
    assert summary["outcome"] == "complete"
    assert summary["delivered"] >= 10
    assert summary["answered"] == summary["delivered"]
    assert (summary["failed"], summary["unknown"]) == (0, 0)


def test_every_line_is_an_event(played):
    assert all("event" in event for event in played[2])


def test_every_mac_and_signature_was_checked_and_holds(played):
    heard = [e for e in played[2] if e["event"] in ("response_captured", "alert_captured")]
    assert len(heard) >= 10
    assert {each for e in heard for each in (e["mac"], e["signature"])} == {"valid", "absent"}


def test_no_install_code_and_no_key_is_printed(played):
    folder, done, _ = played
    run_dir = folder / "data/training/runs/no-wan-install-1"
    site = json.loads((run_dir / "site.json").read_text())
    secrets = [*site["install_codes"].values(), site["network_key"], site["hht_install_code"]]
    said = (done.stdout + done.stderr).lower()
    assert not [secret for secret in secrets if secret.lower() in said]


def test_the_hub_is_reported_once_from_the_answers_of_the_job(played, exported):
    summary = played[2][-1]
    assert summary["reports"] == 1
    (report,) = exported.glob("*sr8.14.2-*.xml")
    assert "CHF Install - no SM WAN" in report.read_text()


def test_the_queue_is_a_line_an_item_for_people(played):
    listed = run_hht("queue", "list", "--data-dir", played[0] / "data").stdout.splitlines()
    summary = played[2][-1]
    assert len(listed) == summary["returns"] + summary["reports"]
    assert not [line for line in listed if "None" in line or line != line.rstrip()]


@pytest.mark.shared
def test_every_exported_request_is_valid_duis(exported, shared):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(shared / "duis/xsd/duis.xsd"))
    files = sorted(exported.glob("*.xml"))
    assert len(files) >= 10
    for file in files:
        schema.assertValid(etree.parse(file))


def test_each_request_names_its_import_and_returns_a_message_of_the_hub(played, exported):
    from lxml import etree

    job = played[0] / "data/training/runs/no-wan-install-1/job"
    namespace = {"sr": "http://www.dccinterface.co.uk/ServiceUserGateway"}
    imported = {
        etree.parse(file).findtext(".//sr:Header/sr:RequestID", namespaces=namespace)
        for file in job.glob("*.xml")
    }
    for file in exported.glob("*sr8.13-*.xml"):
        request = etree.parse(file)
        original = request.findtext(".//sr:OriginalRequestID", namespaces=namespace)
        body = request.findtext(".//sr:DeviceGBCSResponse", namespaces=namespace)
        assert original is None or original in imported
        assert body
        assert base64.b64decode(body, validate=True)[0] in (0xDD, 0xDF)


@pytest.mark.tshark
def test_wireshark_reads_the_capture_and_decrypts_the_han(played):
    capture = played[0] / "air.pcap"
    fields = tshark(capture, "-T", "fields", "-e", "_ws.col.Protocol")
    protocols = set(fields.split())
    assert tshark(capture, "-Y", "_ws.malformed") == ""
    assert {"GBCS", "SE"} <= protocols
    info = tshark(capture, "-T", "fields", "-e", "_ws.col.Info")
    for expected in ("Beacon", "Association Request", "CCS01", "ECS70"):
        assert expected in info, expected


def tshark(capture: Path, *options: str) -> str:
    """What tshark says of the capture, given the keys beside it."""
    keys = Path(f"{capture}.keys").read_text().splitlines()
    given = [f"uat:zigbee_pc_keys:{line}" for line in keys if line and not line.startswith("#")]
    preferences = [word for key in given for word in ("-o", key)]
    command = ["tshark", "-r", str(capture), *preferences, *options]
    environment = os.environ | {"HOME": str(capture.parent)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=environment, check=True
    ).stdout
