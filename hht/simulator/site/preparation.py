"""One premises on disk: identities, keys, codes and the job, made once and then kept.

The run's folder holds `site.json` (what the hub needs, secrets included, owner only), `keys/` (the
PEM folder), `cbke.json` (the ECQV authority), `hht-identity.json` (what the handheld is given) and
`job/` (the job pack). A hub or an app that is started again finds all of it as it was.
"""

import json
import random
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hht.clock import SYSTEM_CLOCK, Clock
from hht.entity_id import EntityId
from hht.files import write_whole
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.head_end.job import write_job
from hht.simulator.pki.smki import TrainingPki
from hht.simulator.site.record import SITE_FILE, Site, another_unit, load_site, read_record
from hht.simulator.site.spec import SiteSpec, to_json

_HHT = EntityId.parse("00DB00000000FF01")
_CODE_LENGTH = 16
"""The longest Install Code there is, without its CRC; GB Devices have this one."""
_KEY_LENGTH = 16
"""AES-128, as every ZigBee key."""


def certify(site: Site) -> None:
    """Make a PKI of the site's own in its folder of keys."""
    hub = site.spec.hub
    pki = TrainingPki.load_or_create(site.keys_dir)
    pki.certify_device(hub.chf, "CHF")
    pki.certify_device(hub.gpf, "GPF")
    for device in (each for each in site.devices if each.type is not DeviceType.TYPE_2):
        pki.certify_device(device.entity_id, device.spec.label)
        if device.spec.certificate_of_another:
            pki.certify_device(another_unit(device.entity_id), f"not the {device.spec.label}")


def prepare_site(
    spec: SiteSpec,
    run_dir: Path,
    seed: int | None = None,
    speed: float | None = None,
    fill_keys: Callable[[Site], None] = certify,
    clock: Clock = SYSTEM_CLOCK,
) -> Site:
    """Make the site in `run_dir`, or load the one that is there, made of another `spec` too.

    With a seed the Install Codes and the network key are the same every time; the PKI never is.
    `speed` is the premises' clock's, where it is not to be that of `spec`; the premises start, and
    the job is dated, at the time that `clock` shows.
    """
    path = run_dir / SITE_FILE
    if not path.exists():
        run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_secret(path, _record(spec, seed, clock) | {"speed": speed or spec.speed})
    elif "spec" not in (record := read_record(run_dir)):  # one that named its scenario alone
        _write_secret(path, record | {"spec": to_json(spec)})
    site = load_site(run_dir)
    if not (site.job_dir / "job.json").exists():
        fill_keys(site)
        site.authority.identity(site.spec.hub.gpf)
        identity = identity_row(site, site.hht, site.hht_install_code)
        _write_secret(run_dir / "hht-identity.json", identity)
        write_job(site, clock.now())
    return site


def _record(spec: SiteSpec, seed: int | None, clock: Clock) -> dict[str, Any]:
    draw = secrets.token_bytes if seed is None else random.Random(seed).randbytes
    halves = [device.as_hht.hex() for device in spec.devices if device.as_hht]
    devices = [device.entity_id.hex() for device in spec.devices] + halves
    return {
        "note": "hht training: these secrets protect nothing",
        "spec": to_json(spec),
        "started": clock.now().isoformat(),
        "hht": _HHT.hex(),
        "hht_install_code": draw(_CODE_LENGTH).hex(),
        "network_key": draw(_KEY_LENGTH).hex(),
        "install_codes": {device: draw(_CODE_LENGTH).hex() for device in devices},
    }


def identity_row(site: Site, entity: EntityId, install_code: bytes) -> dict[str, str | int]:
    """Write the credentials of an HHT, or of a half of a unit, as hht-identity.json has them."""
    cbke = site.authority.identity(entity)
    return {
        "note": "hht training",
        "entity_id": str(entity),
        "suite": cbke.suite,
        "certificate": cbke.certificate.hex(),
        "private_key": cbke.private_key.hex(),
        "ca_public_key": cbke.ca_public_key.hex(),
        "install_code": install_code.hex(),
    }


def _write_secret(path: Path, content: Mapping[str, Any]) -> None:
    write_whole(path, json.dumps(content, indent=1).encode())
