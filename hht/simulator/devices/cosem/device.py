"""A Device that speaks DLMS/COSEM: ESME, CHF and HCALCS."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.message import Message
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import (
    FORMAT_CHECK_FAILED,
    AlertDraft,
    Device,
    Refusal,
    Reply,
)
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.cosem.objects import CosemObjects


class CosemDevice(Device):
    """A Device with COSEM objects, and the alerts that their methods leave in `pending`.

    `forms` are by message code what a hub profile has in place of the form of a use case's rule.
    """

    def __init__(self, kind: DeviceType, entity_id: EntityId, keys: DeviceKeys) -> None:
        super().__init__(kind, entity_id, keys)
        self.objects = CosemObjects()
        self.parts["objects"] = self.objects
        self.pending: list[AlertDraft] = []
        self.forms: dict[int, tuple[str, ...]] = {}
        self.handlers["cosem"] = self._cosem

    def _cosem(self, command: Message, now: datetime) -> Reply:
        rule = rules()[command.message_code]
        form = self.forms.get(rule.code, rule.form)
        payload = self.objects.respond(command, form, now)
        if payload is None:
            raise Refusal(FORMAT_CHECK_FAILED, f"the Command is not of the form of {rule.name}")
        pending, self.pending = tuple(self.pending), []
        return Reply(payload, pending)
