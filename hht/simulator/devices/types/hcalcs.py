"""The simulated HCALCS: it knows its supplier, and works with one ESME."""

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.joinable import JoiningDevice


class Hcalcs(JoiningDevice):
    """An HCALCS."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = 16) -> None:
        super().__init__(DeviceType.HCALCS, entity_id, keys, log_limit)
