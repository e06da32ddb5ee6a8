"""A site on disk: one premises with its identities and secrets, and how it is loaded."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.keystore import PemFolder
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.pauses import PremisesClock
from hht.simulator.pki.cbke_authority import CbkeAuthority
from hht.simulator.site.device_limits import gbcs_type
from hht.simulator.site.spec import DeviceSpec, SiteSpec, site_spec
from hht.zse.cbke.exchange import CbkeIdentity

if TYPE_CHECKING:
    from hht.simulator.devices.fleet import Fleet

SITE_FILE = "site.json"
UNIT_DISPLAY = "display.json"
"""In a unit's folder: what it shows, with `line` and `reason`."""

MakeFleet = Callable[[EntityId, EntityId, Mapping[EntityId, DeviceType], PemFolder, int], "Fleet"]
"""Makes the Devices from CHF, GPF, the others, the keys and the CHF Device Log's limit."""


@dataclass(frozen=True, slots=True)
class SiteDevice:
    """A Device of the site; the Install Code (16 bytes, without CRC) is what its label shows.

    A unit that lets itself in has another one as HHT.
    """

    spec: DeviceSpec
    install_code: bytes = field(repr=False)
    hht_install_code: bytes = field(default=b"", repr=False)

    @property
    def entity_id(self) -> EntityId:
        return self.spec.entity_id

    @property
    def type(self) -> DeviceType:
        return gbcs_type(self.spec.type, draft_ihd=self.spec.draft_ihd)


@dataclass(frozen=True)
class Site:
    """A premises with its identities, keys and Install Codes."""

    run_dir: Path
    spec: SiteSpec
    authority: CbkeAuthority
    hht: EntityId
    devices: tuple[SiteDevice, ...]
    started: datetime
    speed: float
    network_key: bytes = field(repr=False)
    hht_install_code: bytes = field(repr=False)

    @property
    def keys_dir(self) -> Path:
        """Return the PEM folder, in the form of `--keys`."""
        return self.run_dir / "keys"

    @property
    def unit_dir(self) -> Path:
        """Return the folder of the unit that lets itself in."""
        return self.run_dir / "unit"

    @property
    def job_dir(self) -> Path:
        return self.run_dir / "job"

    def clock(self) -> ScaledClock:
        """Make the premises' clock: the same time for hub and handheld, also after a restart.

        It stops while the exercise is paused.
        """
        return PremisesClock.of_run(self.run_dir, self.started, self.speed)

    @cached_property
    def keys(self) -> PemFolder:
        return PemFolder(self.keys_dir)

    @cached_property
    def hub_cbke(self) -> CbkeIdentity:
        """Return the hub's CBKE identity; its subject is the GPF, as is its radio's address."""
        return self.authority.identity(self.spec.hub.gpf)

    def make_fleet(
        self, chf_log_limit: int = LOG_ENTRIES, make: MakeFleet | None = None
    ) -> "Fleet":
        """Make the Devices of the premises as they come from the factory."""
        from hht.simulator.devices.fleet import Fleet  # for the hub's process alone

        hub = self.spec.hub
        others = {device.entity_id: device.type for device in self.devices}
        return (make or Fleet)(hub.chf, hub.gpf, others, self.keys, chf_log_limit)

    def agreement_certificate(self, device: EntityId) -> bytes:
        """Return the Key Agreement certificate, DER, that a method C join with a Device carries."""
        other = next((each.spec for each in self.devices if each.entity_id == device), None)
        if other and other.certificate_of_another:
            device = another_unit(device)
        certificate = self.keys.certificate(device, "ka")
        return certificate.public_bytes(Encoding.DER) if certificate else b""

    @property
    def labels(self) -> dict[EntityId, str]:
        """Return the label of everything in the premises."""
        hub = self.spec.hub
        devices = {device.entity_id: device.spec.label for device in self.devices}
        return {hub.chf: "CHF", hub.gpf: "GPF", **devices}

    def named(self, label: str) -> tuple[DeviceType, EntityId]:
        """Return type and Entity Identifier of the Device, CHF or GPF with this label."""
        if label in ("CHF", "GPF"):
            hub = self.spec.hub
            return DeviceType[label], hub.chf if label == "CHF" else hub.gpf
        device = self.device(label)
        return device.type, device.entity_id

    def device(self, label: str) -> SiteDevice:
        """Find the Device with this label; KeyError when there is none."""
        for device in self.devices:
            if device.spec.label == label:
                return device
        raise KeyError(label)


def another_unit(device: EntityId) -> EntityId:
    """Return the identifier of the unit beside this one on the shelf, which it is mixed up with."""
    return EntityId(device[:-1] + bytes([device[-1] ^ 0x80]))


def load_site(run_dir: Path) -> Site:
    """Load a site that `prepare_site` made; HhtError when the folder holds none."""
    record = read_record(run_dir)
    try:
        return _site(run_dir, record, site_spec(record["spec"]))
    except (KeyError, TypeError, ValueError):
        raise _no_site(run_dir) from None


def read_record(run_dir: Path) -> dict[str, Any]:
    """Read the site's file as it is; HhtError when the folder holds none."""
    try:
        record = json.loads((run_dir / SITE_FILE).read_text())
    except (OSError, ValueError):
        raise _no_site(run_dir) from None
    if not isinstance(record, dict):
        raise _no_site(run_dir)
    return record


def _no_site(run_dir: Path) -> HhtError:
    return HhtError(
        "This folder holds no training site",
        where=str(run_dir),
        remedy="Move it away and start the scenario again.",
    )


def _site(run_dir: Path, record: Mapping[str, Any], spec: SiteSpec) -> Site:
    codes = record["install_codes"]
    return Site(
        run_dir=run_dir,
        spec=spec,
        started=datetime.fromisoformat(record["started"]),
        speed=record["speed"],
        authority=CbkeAuthority(run_dir / "cbke.json"),
        hht=EntityId.parse(record["hht"]),
        devices=tuple(_device(each, codes) for each in spec.devices),
        network_key=bytes.fromhex(record["network_key"]),
        hht_install_code=bytes.fromhex(record["hht_install_code"]),
    )


def _device(spec: DeviceSpec, codes: Mapping[str, str]) -> SiteDevice:
    as_hht = bytes.fromhex(codes[spec.as_hht.hex()]) if spec.as_hht else b""
    return SiteDevice(spec, bytes.fromhex(codes[spec.entity_id.hex()]), as_hht)
