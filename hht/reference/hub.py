"""The reference Devices behind a simulated hub: reference Commands travel the whole path.

Each Command is answered in the state in which its reference Device answered it, so the same ones
can be sent in any order and again; where that Device's signature is not known it is 64 zero octets.
`python -m hht.reference.hub --run-dir DIR` serves a prepared site; see `hht.simulator.process`.
"""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import SIGNATURE_LENGTH, Message
from hht.reference.reply import reply_to
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.fleet import Answering, Fleet
from hht.simulator.process import main
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.simulator.site.spec import SiteSpec


class ReferenceDevice:
    """One reference Device; it has no memory."""

    def __init__(self, kind: DeviceType, keys: PemFolder) -> None:
        self.kind = kind
        self._keys = keys

    def handle(self, raw: bytes, now: datetime) -> list[bytes]:
        """Return the reference Response, or nothing."""
        reply = reply_to(raw, self._keys)
        if reply.error:
            return []
        if reply.signed:
            return [reply.response]
        return [replace(Message.parse(reply.response), signature=bytes(SIGNATURE_LENGTH)).encode()]


class ReferenceFleet(Fleet):
    """A fleet whose Commands go to reference Devices, all in the HAN; the hub's log is its own."""

    def __init__(
        self,
        chf: EntityId,
        gpf: EntityId,
        others: Mapping[EntityId, DeviceType],
        keys: PemFolder,
        chf_log_limit: int = LOG_ENTRIES,
    ) -> None:
        super().__init__(chf, gpf, others, keys, chf_log_limit)
        self._answering = {device.entity_id: ReferenceDevice(device.kind, keys) for device in self}

    def __getitem__(self, entity: EntityId) -> Answering:
        return self._answering[entity]

    def in_han(self, entity: EntityId) -> bool:
        """Return whether it is a reference Device, or has joined."""
        return entity in self._answering or super().in_han(entity)


def prepare_reference_site(spec: SiteSpec, run_dir: Path, keys: Path) -> Site:
    """Make the site of the reference Devices with the keys of that folder, or load it."""

    def copy_keys(site: Site) -> None:
        PemFolder(keys)  # HhtError if it is no folder
        shutil.copytree(keys, site.keys_dir, dirs_exist_ok=True)

    return prepare_site(spec, run_dir, fill_keys=copy_keys)


if __name__ == "__main__":
    sys.exit(main(make_fleet=ReferenceFleet))
