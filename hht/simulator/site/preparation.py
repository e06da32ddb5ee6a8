"""One run of a scenario on disk: identities, keys, codes and the job, made once and then kept.

The run's folder holds `site.json` (what the hub needs, secrets included, owner only), `keys/` (the
PEM folder), `cbke.json` (the ECQV authority), `hht-identity.json` (what the handheld is given) and
`job/` (the job pack). A hub or an app that is started again finds all of it as it was.
"""

import json
import random
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.keystore import PemFolder
from hht.simulator.head_end.job import write_job
from hht.simulator.pki.smki import TrainingPki
from hht.simulator.site.record import Site, SiteDevice, load_site
from hht.training.scenario.load import load_scenario
from hht.training.scenario.spec import Scenario

__all__ = ["Site", "SiteDevice", "load_site", "prepare_reference_site", "prepare_site"]

REFERENCE = "rtds"
_HHT = EntityId.parse("00DB00000000FF01")
_CODE_LENGTH = 16
_KEY_LENGTH = 16


def prepare_site(
    scenario: Scenario, run_dir: Path, seed: int | None = None, speed: float | None = None
) -> Site:
    """Make the site in `run_dir`, or load the one that is there.

    With a seed the Install Codes and the network key are the same every time; the PKI never is.
    `speed` is the premises' clock's, where it is not to be the scenario's.
    """
    site = _prepare(scenario, run_dir, seed, speed=speed or scenario.speed)
    if not (site.job_dir / "job.json").exists():
        _certify(site)
        _finish(site)
    return site


def prepare_reference_site(run_dir: Path, keys: Path) -> Site:
    """A site of the reference Devices, with the keys of that folder; made once, then loaded."""
    site = _prepare(load_scenario(REFERENCE), run_dir, None, reference=True)
    if not (site.job_dir / "job.json").exists():
        PemFolder(keys)  # says so if it is no folder
        shutil.copytree(keys, site.keys_dir, dirs_exist_ok=True)
        _finish(site)
    return site


def _prepare(
    scenario: Scenario,
    run_dir: Path,
    seed: int | None,
    *,
    reference: bool = False,
    speed: float = 1.0,
) -> Site:
    if not (run_dir / "site.json").exists():
        run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        record = _record(scenario, seed) | {"reference": reference, "speed": speed}
        _write_secret(run_dir / "site.json", record)
    return load_site(run_dir)


def _finish(site: Site) -> None:
    site.authority.identity(site.scenario.hub.gpf)
    _write_secret(site.run_dir / "hht-identity.json", _identity(site))
    write_job(site, datetime.now(UTC))


def _record(scenario: Scenario, seed: int | None) -> dict[str, Any]:
    draw = secrets.token_bytes if seed is None else random.Random(seed).randbytes
    devices = [device.entity_id.hex() for device in scenario.devices]
    return {
        "note": "hht training: these secrets protect nothing",
        "scenario": scenario.source,
        "started": datetime.now(UTC).isoformat(),
        "hht": _HHT.hex(),
        "hht_install_code": draw(_CODE_LENGTH).hex(),
        "network_key": draw(_KEY_LENGTH).hex(),
        "install_codes": {device: draw(_CODE_LENGTH).hex() for device in devices},
    }


def _certify(site: Site) -> None:
    hub = site.scenario.hub
    pki = TrainingPki.load_or_create(site.keys_dir)
    pki.certify_device(hub.chf, "CHF")
    pki.certify_device(hub.gpf, "GPF")
    for device in (each for each in site.devices if each.type is not DeviceType.TYPE_2):
        pki.certify_device(device.entity_id, device.spec.label)


def _identity(site: Site) -> dict[str, Any]:
    cbke = site.authority.identity(site.hht)
    return {
        "note": "hht training",
        "entity_id": str(site.hht),
        "suite": cbke.suite,
        "certificate": cbke.certificate.hex(),
        "private_key": cbke.private_key.hex(),
        "ca_public_key": cbke.ca_public_key.hex(),
        "install_code": site.hht_install_code.hex(),
    }


def _write_secret(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner may read, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1))
    draft.replace(path)
