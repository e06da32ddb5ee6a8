"""The simulated PPMID."""

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.joinable import JoiningDevice


class Ppmid(JoiningDevice):
    """A PPMID; it knows the Access Control Broker, and no supplier."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = 16) -> None:
        super().__init__(DeviceType.PPMID, entity_id, keys, log_limit)
