"""Reference Commands travel the whole path: dongle, tunnel, hub, Device and back into the store."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hht.duis.job_pack import read_job_pack
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.journeys.visit import Visit
from hht.reference.reply import difference, reply_to
from hht.store import Store
from hht.training.exercise.run import TrainingRun

pytestmark = pytest.mark.shared
COMMAND, RESPONSE = "_COMMAND_GBCS.HEX", "_RESPONSE_GBCS.HEX"
LOCAL_SERVICES = ("8.11", "8.12.1", "8.7.1", "8.7.2", "8.8.1", "8.8.2", "8.9", "11.2", "6.28")


def comparable(shared: Path, keys: PemFolder) -> list[tuple[Path, Path]]:
    """Commands whose Response does not hang on the Device's state, with that Response's file."""
    pairs = []
    for service in LOCAL_SERVICES:
        for command in sorted((shared / "rtds/messages").glob(f"{service}_*/*{COMMAND}")):
            response = command.with_name(command.name.replace(COMMAND, RESPONSE))
            raw = bytes.fromhex(command.read_text())
            if response.exists() and not difference(reply_to(raw, keys), octets(response)):
                pairs.append((command, response))
    return pairs


def octets(path: Path) -> bytes:
    return bytes.fromhex(path.read_text())


def write_pack(folder: Path, commands: list[Path]) -> Path:
    """A job pack of HEX files; the RequestIDs are made up, as the supplier's would be."""
    folder.mkdir()
    entries = []
    for number, command in enumerate(commands):
        (folder / command.name).write_bytes(command.read_bytes())
        target = str(Message.parse(octets(command)).recipient)
        request = f"90-B3-D5-1F-30-01-00-00:{target}:{5000 + number}"
        entry = {"file": command.name, "title": command.stem, "after": [], "request_id": request}
        entries.append(entry | {"service_reference": "8.11"})
    hub = {"gpf": "00-DB-12-34-56-78-90-A3", "chf": "00-DB-12-34-56-78-90-A2"}
    devices = [
        {"type": kind, "entity_id": f"00-DB-12-34-56-78-90-A{last}", "label": kind}
        for kind, last in (("ESME", 0), ("GSME", 1), ("PPMID", 4), ("HCALCS", 5), ("HCALCS", 6))
    ]
    job = {"format": "hht-job/1", "mode": "training", "reference": "R", "title": "Reference"}
    pack = job | {"hub": hub, "devices": devices, "commands": entries}
    (folder / "job.json").write_text(json.dumps(pack))
    return folder


async def deliver(visit: Visit) -> None:
    hubs = await visit.scan()
    await visit.connect(next(hub.gpf for hub in hubs if hub.gpf == visit.job.hub_gpf))
    await visit.deliver_all()
    await visit.leave()


def responses(store: Store, job_id: int) -> list[bytes]:
    captured = (capture.raw for capture in store.captures.of_job(job_id))
    return [raw for raw in captured if Message.parse(raw).cra is Cra.RESPONSE]


def up_to_signature(raw: bytes) -> bytes:
    """The Devices' signing keys are not published, so what they sign is equal up to there."""
    message = Message.parse(raw)
    return message.signed_part() if message.signature else raw


def test_the_captures_equal_the_reference_responses(shared: Path, tmp_path: Path) -> None:
    keys = shared / "rtds/keystore"
    pairs = comparable(shared, PemFolder(keys))
    assert len(pairs) >= 10
    run = TrainingRun.of_references(tmp_path, keys)
    pack = read_job_pack(write_pack(tmp_path / "pack", [command for command, _ in pairs]))
    with run.open_store() as store:
        job = store.jobs.add(pack)
        # With the Devices' certificates their answers would be forged: the reference Devices'
        # own signatures cannot be made here.
        visit = Visit(store, job.id, replace(run.kit(run.start_hub()), keys=None))
        try:
            asyncio.run(deliver(visit))
        finally:
            run.stop_hub()
        heard = {up_to_signature(raw) for raw in responses(store, job.id)}
    expected = {up_to_signature(octets(response)) for _, response in pairs}
    assert heard == expected
