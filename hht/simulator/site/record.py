"""A site as it lies on disk: what one run of a scenario is made of, and how it is loaded."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.keystore import PemFolder
from hht.reference.fleet import ReferenceFleet
from hht.simulator.devices.fleet import Fleet
from hht.simulator.pki.cbke_authority import CbkeAuthority
from hht.simulator.site.device_limits import DEVICE_TYPES
from hht.training.scenario.load import load_scenario
from hht.training.scenario.spec import DeviceSpec, Scenario
from hht.zse.cbke.exchange import CbkeIdentity


@dataclass(frozen=True, slots=True)
class SiteDevice:
    """A Device of the site; the Install Code (16 bytes, without CRC) is what its label shows."""

    spec: DeviceSpec
    install_code: bytes = field(repr=False)

    @property
    def entity_id(self) -> EntityId:
        """Its Entity Identifier."""
        return self.spec.entity_id

    @property
    def type(self) -> DeviceType:
        """Its type."""
        return DEVICE_TYPES[self.spec.type]


@dataclass(frozen=True)
class Site:
    """Everything one run of a scenario is made of."""

    run_dir: Path
    scenario: Scenario
    authority: CbkeAuthority
    hht: EntityId
    devices: tuple[SiteDevice, ...]
    is_reference: bool
    started: datetime
    speed: float
    network_key: bytes = field(repr=False)
    hht_install_code: bytes = field(repr=False)

    @property
    def keys_dir(self) -> Path:
        """The PEM folder, as `--keys` takes it."""
        return self.run_dir / "keys"

    @property
    def job_dir(self) -> Path:
        """The job pack."""
        return self.run_dir / "job"

    def clock(self) -> ScaledClock:
        """The premises' time, the same for hub and handheld; it runs on over a restart."""
        return ScaledClock.since(self.started, self.speed)

    @cached_property
    def keys(self) -> PemFolder:
        """The PEM folder as a key store."""
        return PemFolder(self.keys_dir)

    @cached_property
    def hub_cbke(self) -> CbkeIdentity:
        """The hub's CBKE identity: its subject is its radio's address, the GPF's identifier."""
        return self.authority.identity(self.scenario.hub.gpf)

    def make_fleet(self, chf_log_limit: int = 16) -> Fleet:
        """The Devices of the premises as they come from the factory."""
        hub = self.scenario.hub
        others = {device.entity_id: device.type for device in self.devices}
        make = ReferenceFleet if self.is_reference else Fleet
        return make(hub.chf, hub.gpf, others, self.keys, chf_log_limit)

    def agreement_certificate(self, device: EntityId) -> bytes:
        """A Device's Key Agreement certificate, DER, as a method C join carries it."""
        certificate = self.keys.certificate(device, "ka")
        return certificate.public_bytes(Encoding.DER) if certificate else b""

    @property
    def labels(self) -> dict[EntityId, str]:
        """What everything of the premises is called."""
        hub = self.scenario.hub
        devices = {device.entity_id: device.spec.label for device in self.devices}
        return {hub.chf: "CHF", hub.gpf: "GPF", **devices}

    def named(self, label: str) -> tuple[DeviceType, EntityId]:
        """Type and Entity Identifier of the Device with this label, or of the hub's CHF or GPF."""
        if label in ("CHF", "GPF"):
            hub = self.scenario.hub
            return DeviceType[label], hub.chf if label == "CHF" else hub.gpf
        device = self.device(label)
        return device.type, device.entity_id

    def device(self, label: str) -> SiteDevice:
        """The Device with this label; KeyError when there is none."""
        for device in self.devices:
            if device.spec.label == label:
                return device
        raise KeyError(label)


def load_site(run_dir: Path) -> Site:
    """Load a site that `prepare_site` made; HhtError when the folder holds none."""
    try:
        record = json.loads((run_dir / "site.json").read_text())
    except (OSError, json.JSONDecodeError):
        raise HhtError(
            "This folder holds no training site",
            where=str(run_dir),
            remedy="Start the scenario anew.",
        ) from None
    scenario = load_scenario(record["scenario"])
    codes = record["install_codes"]
    return Site(
        run_dir=run_dir,
        scenario=scenario,
        is_reference=record["reference"],
        started=datetime.fromisoformat(record["started"]),
        speed=record["speed"],
        authority=CbkeAuthority(run_dir / "cbke.json"),
        hht=EntityId.parse(record["hht"]),
        devices=tuple(
            SiteDevice(spec, bytes.fromhex(codes[spec.entity_id.hex()]))
            for spec in scenario.devices
        ),
        network_key=bytes.fromhex(record["network_key"]),
        hht_install_code=bytes.fromhex(record["hht_install_code"]),
    )
