"""A rehearsal: a job's own Local Commands played against a simulated hub and Devices made from it.

It runs in a folder and a database that are deleted. MACs and signatures are not checked: no
simulated Device has the keys for that. Order, counters, joins and Install Codes are.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from hht.clock import SYSTEM_CLOCK
from hht.duis.job_pack import JobPack
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.events import Event
from hht.files import write_whole
from hht.gbcs.device_commands import CCS01, AddDevice, device_command
from hht.gbcs.errors import MalformedMessage
from hht.hub_profile import DEFAULT, load_profile
from hht.journeys.auto.play import play
from hht.journeys.equipment import RadioKit
from hht.journeys.events import CommandChanged, CommandSent, Summary
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.simulator.launcher import HubProcess
from hht.simulator.site.device_limits import DEVICE_TYPES, too_many
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import SITE_FILE, read_record
from hht.simulator.site.spec import (
    AirSpec,
    DeviceSpec,
    HubSpec,
    JobSpec,
    RadioPlace,
    SiteSpec,
)
from hht.simulator.unchecked import PROGRAM
from hht.store import CommandRow, Mode, Store

RESPONSE_SECONDS = 5
"""A simulated Device that answers does so within a second: the rest would only be waited for."""
PATIENCE = 8.0  # as long is a Device waited for that never comes
_PLACE = RadioPlace(channel=15, pan_id=0x1A2B, lqi=220, rssi=-50, loss=0)


@dataclass
class Rehearsal:
    """How it went: the Local Commands in the order in which they were sent, and the whole."""

    summary: Summary
    rows: tuple[CommandRow, ...]
    seconds: dict[int, float] = field(default_factory=dict)

    @property
    def in_order(self) -> list[CommandRow]:
        """Those that were sent, in their order, then the others."""
        sent = {each: index for index, each in enumerate(self.seconds)}
        return sorted(self.rows, key=lambda row: (sent.get(row.id, len(sent)), row.position))


async def rehearse(pack: JobPack) -> Rehearsal:
    """Play the job; InputError where the pack does not say which hub and Devices there are."""
    with tempfile.TemporaryDirectory(prefix="hht-rehearsal-") as folder:
        run_dir = Path(folder) / "site"
        _make_site(pack, run_dir)
        with HubProcess.start(run_dir, program=PROGRAM) as hub:
            return await _play(pack, Path(folder), run_dir, hub.address)


async def _play(pack: JobPack, folder: Path, run_dir: Path, address: str) -> Rehearsal:
    mode = Mode(pack.mode or Mode.LIVE)
    profile = replace(load_profile(pack.profile or DEFAULT), response_seconds=RESPONSE_SECONDS)
    watch = _Watch()
    with Store.open(folder / f"{mode}.db", mode) as store:
        job = store.jobs.add(replace(pack, visit=None))
        identity = load_identity(run_dir / "hht-identity.json")
        visit = Visit(store, job.id, RadioKit(address, identity, profile), watch.note)
        summary = await play(visit, scenario="rehearsal", patience=PATIENCE)
        return Rehearsal(summary, store.commands.of_job(job.id), watch.seconds)


class _Watch:
    """A measure of each Local Command from its sending to its last change."""

    def __init__(self, elapsed: Callable[[], float] = SYSTEM_CLOCK.elapsed) -> None:
        self.seconds: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._elapsed = elapsed

    def note(self, event: Event) -> None:
        if isinstance(event, CommandSent):
            self._sent.setdefault(event.command_id, self._elapsed())
            self.seconds.setdefault(event.command_id, 0.0)
        elif isinstance(event, CommandChanged) and event.command_id in self._sent:
            taken = self._elapsed() - self._sent[event.command_id]
            self.seconds[event.command_id] = round(taken, 3)


def _make_site(pack: JobPack, run_dir: Path) -> None:
    """Make the premises of the pack; each Device holds the Install Code of its label."""
    spec = _spec(pack)
    prepare_site(spec, run_dir)
    record = read_record(run_dir)
    known = {each.entity_id: each.install_code for each in pack.devices}
    for entity, code in {**_added(pack), **{e: c for e, c in known.items() if c}}.items():
        if entity.hex() in record["install_codes"]:
            record["install_codes"][entity.hex()] = code.hex()
    write_whole(run_dir / SITE_FILE, json.dumps(record).encode())


def _spec(pack: JobPack) -> SiteSpec:
    if pack.hub_gpf is None or pack.hub_chf is None:
        raise InputError(
            "The job does not say which hub it is for",
            where=pack.reference,
            remedy="Rehearse a pack with its job.json or job.toml.",
        )
    types = [each.type for each in pack.devices]
    if excess := too_many(types) or next((t for t in types if t not in DEVICE_TYPES), ""):
        what = f"No premises can be made of these Devices: {excess[:60]}"
        raise InputError(what, where=pack.reference, remedy="Correct the types in the pack.")
    return SiteSpec(
        name="rehearsal",
        source="rehearsal",
        profile=pack.profile or DEFAULT,
        speed=1.0,
        job=JobSpec(pack.reference, pack.title, pack.premises, steps=()),
        hub=HubSpec(pack.hub_gpf, pack.hub_chf, _PLACE, 0, 0, joining_refused=False),
        neighbours=(),
        devices=tuple(_device(each.type, each.entity_id, each.joined) for each in pack.devices),
        air=AirSpec(0, 0, 0, 0, 0, {}),
        faults=(),
    )


def _device(kind: str, entity: EntityId, joined: bool) -> DeviceSpec:
    return DeviceSpec(
        type=kind,
        entity_id=entity,
        label=str(entity),
        lqi=220,
        rssi=-50,
        wake_minutes=0,
        install_code_wrong=False,
        joined=joined,
    )


def _added(pack: JobPack) -> dict[EntityId, bytes]:
    """Return the Install Codes that the CCS01s carry: of Devices whose label the job lacks."""
    found: dict[EntityId, bytes] = {}
    for each in pack.commands:
        message = each.local_command.message
        try:
            said = device_command(message) if message.message_code == CCS01 else None
        except MalformedMessage:
            continue
        if isinstance(said, AddDevice):
            found[said.device] = said.install_code
    return found
