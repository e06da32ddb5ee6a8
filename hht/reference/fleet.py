"""The reference Devices behind a simulated hub: reference Commands travel the whole path.

Each Command is answered in the state in which its reference Device answered it, so the same ones
can be sent in any order and again; where that Device's signature is not known it is 64 zero octets.
"""

from collections.abc import Mapping
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import SIGNATURE_LENGTH
from hht.reference.reply import reply_to
from hht.simulator.devices.fleet import Answering, Fleet


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
        return [reply.response + bytes(0 if reply.signed else SIGNATURE_LENGTH)]


class ReferenceFleet(Fleet):
    """A fleet whose Commands go to reference Devices, all in the HAN; the hub's log is its own."""

    def __init__(
        self,
        chf: EntityId,
        gpf: EntityId,
        others: Mapping[EntityId, DeviceType],
        keys: PemFolder,
        chf_log_limit: int = 16,
    ) -> None:
        super().__init__(chf, gpf, others, keys, chf_log_limit)
        self._answering = {device.entity_id: ReferenceDevice(device.kind, keys) for device in self}

    def __getitem__(self, entity: EntityId) -> Answering:
        return self._answering[entity]

    def in_han(self, entity: EntityId) -> bool:
        """Return whether it is a reference Device, or has joined."""
        return entity in self._answering or super().in_han(entity)
