"""The endpoints that a host gives the virtual co-processor."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import Endpoint, RadioNode

PLAIN_PAYLOAD = 82  # bytes of APS payload under network security alone
_LAST_ENDPOINT = 254  # 255 is all of them
_NONE = 0xFF
_EMPTY = Endpoint(profile=0)


class Endpoints:
    """Endpoints as a host adds them after a reset, and what the node says of itself."""

    def __init__(self, node: RadioNode) -> None:
        self._node = node
        self._manufacturer = 0

    def restart(self) -> None:
        """Forget the endpoints: a host adds them again."""
        self._node.endpoints.clear()
        self._manufacturer = 0

    def commands(self) -> Mapping[str, Command]:
        return {
            "addEndpoint": self._add,
            "getEui64": lambda _: {"eui64": eui64(self._node)},
            "getNodeId": lambda _: {"nodeId": self._node.short_address},
            "maximumPayloadLength": lambda _: {"apsLength": PLAIN_PAYLOAD},
            "getEndpoint": self._number,
            "getEndpointCount": lambda _: {"count": len(self._node.endpoints)},
            "getEndpointDescription": self._describe,
            "getEndpointCluster": self._cluster,
            "getManufacturerCode": lambda _: {"code": self._manufacturer},
            "setManufacturerCode": self._set_manufacturer,
            "setPowerDescriptor": lambda _: {"status": Status.SUCCESS},
        }

    def _add(self, fields: Fields) -> Fields:
        number = int(fields["endpoint"])
        if not 1 <= number <= _LAST_ENDPOINT or number in self._node.endpoints:
            return {"status": Status.BAD_ARGUMENT}
        servers, clients = fields["inputClusterCount"], fields["outputClusterCount"]
        clusters = [int(cluster) for cluster in fields["inputClusterList"]]
        clusters += [int(cluster) for cluster in fields["outputClusterList"]]
        self._node.endpoints[number] = Endpoint(
            int(fields["profileId"]),
            int(fields["deviceId"]),
            tuple(clusters[:servers]),
            tuple(clusters[servers : servers + clients]),
        )
        return {"status": Status.SUCCESS}

    def _number(self, fields: Fields) -> Fields:
        numbers, index = sorted(self._node.endpoints), int(fields["index"])
        return {"endpoint": numbers[index] if index < len(numbers) else _NONE}

    def _describe(self, fields: Fields) -> Fields:
        found = self._node.endpoints.get(int(fields["endpoint"]), _EMPTY)
        counts = {"inputClusterCount": len(found.servers), "outputClusterCount": len(found.clients)}
        return {"profileId": found.profile, "deviceId": found.device_id, **counts}

    def _cluster(self, fields: Fields) -> Fields:
        found = self._node.endpoints.get(int(fields["endpoint"]), _EMPTY)
        clusters = found.clients if int(fields["listId"]) else found.servers
        index = int(fields["listIndex"])
        return {"cluster": clusters[index] if index < len(clusters) else 0}

    def _set_manufacturer(self, fields: Fields) -> Fields:
        self._manufacturer = int(fields["code"])
        return {"status": Status.SUCCESS}


def eui64(node: RadioNode) -> Any:
    """Return the node's EUI-64 as an EZSP field."""
    value, _ = t.EUI64.deserialize(node.eui64.little_endian)
    return value
