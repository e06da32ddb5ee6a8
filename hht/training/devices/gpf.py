"""The simulated GPF: whom it works with, and the alert when that changes."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.training.devices import alerts
from hht.training.devices.base import AlertDraft
from hht.training.devices.credentials import DeviceKeys
from hht.training.devices.joining import JoiningDevice
from hht.training.devices.joins import entry_node

LOG_CHANGED = 0x8071
_GCS62 = 0x00B2


class Gpf(JoiningDevice):
    """A GPF."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = 16) -> None:
        super().__init__(DeviceType.GPF, entity_id, keys, log_limit)

    def log_changed(self) -> tuple[AlertDraft, ...]:
        """GCS62: the whole log goes to the Access Control Broker."""

        def payload(counter: int, now: datetime) -> bytes:
            rows = (entry_node(*row) for row in self.device_log.entries.items())
            return alerts.asn1(LOG_CHANGED, now, der.sequence(*rows))

        to = Role.ACCESS_CONTROL_BROKER
        return (AlertDraft(LOG_CHANGED, _GCS62, payload, signed=False, to=to),)
