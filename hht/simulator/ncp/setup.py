"""The virtual co-processor's answers about itself, its tables and its endpoints."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import Endpoint, RadioNode

BOARD_NAME = "hht training"
MANUFACTURER = "hht"
VERSION_INFO = bytes.fromhex("0000 07 04 03 00")  # build 0 of 7.4.3.0
PLAIN_PAYLOAD = 82  # bytes of APS payload under network security alone
_TOKEN_LENGTH = 16
_TOKENS = {
    t.EzspMfgTokenId.MFG_STRING: MANUFACTURER,
    t.EzspMfgTokenId.MFG_BOARD_NAME: BOARD_NAME,
}
_CONFIGURATION = {
    t.EzspConfigId.CONFIG_KEY_TABLE_SIZE: 4,
    t.EzspConfigId.CONFIG_MAC_FILTER_TABLE_SIZE: 2,
    t.EzspConfigId.CONFIG_ADDRESS_TABLE_SIZE: 8,
}


class Setup:
    """Configuration values, values, endpoints and tokens, as a host sets them after a reset."""

    def __init__(self, node: RadioNode) -> None:
        self._node = node
        self._configuration: dict[int, int] = {}
        self.values: dict[int, bytes] = {}
        self.restart()

    def restart(self) -> None:
        """Back to what is there at power-on."""
        self._configuration = {int(key): value for key, value in _CONFIGURATION.items()}
        self.values = {int(t.EzspValueId.VALUE_VERSION_INFO): VERSION_INFO}
        self._node.endpoints.clear()

    @property
    def mac_filters(self) -> list[int]:
        """The list of MAC filters: as many as its table holds."""
        raw = self.values.get(int(t.EzspValueId.VALUE_MAC_FILTER_LIST), b"")
        return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]

    def commands(self) -> Mapping[str, Command]:
        return {
            "nop": lambda _: {},
            "getEui64": lambda _: {"eui64": eui64(self._node)},
            "getMfgToken": self._token,
            "getValue": self._get_value,
            "setValue": self._set_value,
            "getConfigurationValue": self._get_configuration,
            "setConfigurationValue": self._set_configuration,
            "setManufacturerCode": lambda _: {"status": Status.SUCCESS},
            "setPolicy": lambda _: {"status": Status.SUCCESS},
            "addEndpoint": self._add_endpoint,
            "maximumPayloadLength": lambda _: {"apsLength": PLAIN_PAYLOAD},
        }

    def _token(self, fields: Fields) -> Fields:
        text = _TOKENS.get(fields["tokenId"], "").encode()
        return {"tokenData": text.ljust(_TOKEN_LENGTH, b"\xff")}

    def _get_value(self, fields: Fields) -> Fields:
        value = self.values.get(int(fields["valueId"]))
        status = Status.BAD_ARGUMENT if value is None else Status.SUCCESS
        return {"status": status, "value": value or b""}

    def _set_value(self, fields: Fields) -> Fields:
        is_filters = fields["valueId"] == t.EzspValueId.VALUE_MAC_FILTER_LIST
        room = self._configuration[int(t.EzspConfigId.CONFIG_MAC_FILTER_TABLE_SIZE)]
        if is_filters and len(fields["value"]) > 2 * room:
            return {"status": Status.BAD_ARGUMENT}
        self.values[int(fields["valueId"])] = bytes(fields["value"])
        return {"status": Status.SUCCESS}

    def _get_configuration(self, fields: Fields) -> Fields:
        value = self._configuration.get(int(fields["configId"]))
        status = Status.BAD_ARGUMENT if value is None else Status.SUCCESS
        return {"status": status, "value": value or 0}

    def _set_configuration(self, fields: Fields) -> Fields:
        self._configuration[int(fields["configId"])] = int(fields["value"])
        return {"status": Status.SUCCESS}

    def _add_endpoint(self, fields: Fields) -> Fields:
        servers, clients = fields["inputClusterCount"], fields["outputClusterCount"]
        clusters = [int(cluster) for cluster in fields["inputClusterList"]]
        clusters += [int(cluster) for cluster in fields["outputClusterList"]]
        self._node.endpoints[int(fields["endpoint"])] = Endpoint(
            int(fields["profileId"]),
            int(fields["deviceId"]),
            tuple(clusters[:servers]),
            tuple(clusters[servers : servers + clients]),
        )
        return {"status": Status.SUCCESS}


def eui64(node: RadioNode) -> Any:
    """The node's EUI-64 as an EZSP field."""
    value, _ = t.EUI64.deserialize(node.eui64.little_endian)
    return value
