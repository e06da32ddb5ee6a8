"""The virtual co-processor's tables: multicasts, bindings, addresses, routes and neighbours."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.commands.configuration import Configuration
from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode

_Config = t.EzspConfigId
_UNKNOWN = 0xFFFD  # a short address that no node has
_UNUSED_NODE = 0xFFFF
_NO_NODE, _ = t.EUI64.deserialize(b"\xff" * 8)
_NULL_EUI, _ = t.EUI64.deserialize(bytes(8))
_UNUSED_BINDING, _UNUSED_ROUTE = 0, 3  # EmberBindingType, RouteRecordStatus


class Tables:
    """Tables as long as their configuration value; an index past the end is refused.

    The simulated network is one hop wide and has no routers: routes and neighbours are empty.
    """

    def __init__(self, node: RadioNode, configuration: Configuration) -> None:
        self._node = node
        self._configuration = configuration
        self._multicasts: dict[int, Any] = {}
        self._bindings: dict[int, Any] = {}
        self._addresses: dict[int, tuple[Any, int]] = {}
        self._extended: set[bytes] = set()

    def restart(self) -> None:
        """Keep the bindings, which outlive a reset as in flash."""
        self._multicasts.clear()
        self._addresses.clear()
        self._extended.clear()

    def destination(self, index: int) -> int:
        """Return the short address that an index of the address table stands for."""
        return self._addresses.get(index, (_NO_NODE, _UNKNOWN))[1]

    def commands(self) -> Mapping[str, Command]:
        return {
            "getMulticastTableEntry": self._get_multicast,
            "setMulticastTableEntry": self._set_multicast,
            "clearBindingTable": self._clear_bindings,
            "setBinding": self._set_binding,
            "getBinding": self._get_binding,
            "deleteBinding": self._delete_binding,
            "bindingIsActive": lambda _: {"active": False},
            "getBindingRemoteNodeId": lambda _: {"nodeId": _UNKNOWN},
            "setBindingRemoteNodeId": lambda _: {},
            "addressTableEntryIsActive": lambda _: {"active": False},
            "getAddressTableInfo": self._get_address,
            "setAddressTableInfo": self._set_address,
            "getAddressTableRemoteEui64": lambda fields: {"eui64": self._row(fields)[0]},
            "getAddressTableRemoteNodeId": lambda fields: {"nodeId": self._row(fields)[1]},
            "setAddressTableRemoteEui64": self._set_remote,
            "setAddressTableRemoteNodeId": self._set_remote,
            "replaceAddressTableEntry": self._replace_address,
            "lookupNodeIdByEui64": self._lookup_short,
            "lookupEui64ByNodeId": self._lookup_long,
            "getExtendedTimeout": self._get_extended,
            "setExtendedTimeout": self._set_extended,
            "neighborCount": lambda _: {"value": 0},
            "getNeighbor": lambda _: {"status": Status.BAD_ARGUMENT},
            "getNeighborFrameCounter": lambda _: {"status": Status.NOT_FOUND},
            "setNeighborFrameCounter": lambda _: {"status": Status.NOT_FOUND},
            "getRouteTableEntry": self._route,
            "getSourceRouteTableEntry": lambda _: {"status": Status.NOT_FOUND},
            "getSourceRouteTableFilledSize": lambda _: {"sourceRouteTableFilledSize": 0},
            "getSourceRouteTableTotalSize": lambda _: {
                "sourceRouteTableTotalSize": self._size(_Config.CONFIG_SOURCE_ROUTE_TABLE_SIZE)
            },
            "setSourceRoute": lambda _: {"status": Status.SUCCESS},
        }

    def _size(self, table: int) -> int:
        return self._configuration.size(table)

    def _get_multicast(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size(_Config.CONFIG_MULTICAST_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        entry = self._multicasts.get(index)
        return {"status": Status.SUCCESS, **({"value": entry} if entry else {})}

    def _set_multicast(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size(_Config.CONFIG_MULTICAST_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        self._multicasts[index] = fields["value"]
        return {"status": Status.SUCCESS}

    def _clear_bindings(self, _: Fields) -> Fields:
        self._bindings.clear()
        return {"status": Status.SUCCESS}

    def _set_binding(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size(_Config.CONFIG_BINDING_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        self._bindings[index] = fields["value"]
        return {"status": Status.SUCCESS}

    def _get_binding(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size(_Config.CONFIG_BINDING_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        entry = self._bindings.get(index)
        return {"status": Status.SUCCESS, **({"value": entry} if entry else {})}

    def _delete_binding(self, fields: Fields) -> Fields:
        known = self._bindings.pop(int(fields["index"]), None)
        return {"status": Status.SUCCESS if known else Status.BAD_ARGUMENT}

    def _row(self, fields: Fields) -> tuple[Any, int]:
        return self._addresses.get(int(fields["addressTableIndex"]), (_NO_NODE, _UNKNOWN))

    def _get_address(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size(_Config.CONFIG_ADDRESS_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        long, short = self._addresses.get(index, (_NO_NODE, _UNUSED_NODE))
        return {"status": Status.SUCCESS, "nwk": short, "eui64": long}

    def _set_address(self, fields: Fields) -> Fields:
        return self._set_row(int(fields["index"]), fields["eui64"], int(fields["nwk"]))

    def _set_remote(self, fields: Fields) -> Fields:
        """Set one of an entry's two addresses: before EZSP 14 each has a command."""
        long, short = self._row(fields)
        index = int(fields["addressTableIndex"])
        return self._set_row(index, fields.get("eui64", long), int(fields.get("id", short)))

    def _set_row(self, index: int, long: Any, short: int) -> Fields:
        if index >= self._size(_Config.CONFIG_ADDRESS_TABLE_SIZE):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        self._addresses[index] = (long, short)
        return {"status": Status.SUCCESS}

    def _replace_address(self, fields: Fields) -> Fields:
        long, short = self._row(fields)
        index = int(fields["addressTableIndex"])
        answer = self._set_row(index, fields["newEui64"], int(fields["newId"]))
        return {**answer, "oldEui64": long, "oldId": short, "oldExtendedTimeout": False}

    def _lookup_short(self, fields: Fields) -> Fields:
        wanted = EntityId.from_little_endian(fields["eui64"].serialize())
        if wanted == self._node.eui64:
            return {"status": Status.SUCCESS, "nodeId": self._node.short_address}
        found = [s for s, e in self._node.network.addresses.items() if e == wanted]
        if found:
            return {"status": Status.SUCCESS, "nodeId": found[0]}
        return {"status": Status.NOT_FOUND, "nodeId": _UNUSED_NODE}

    def _lookup_long(self, fields: Fields) -> Fields:
        found = self._node.network.addresses.get(int(fields["nodeId"]))
        if found is None:
            return {"status": Status.NOT_FOUND, "eui64": _NULL_EUI}
        value, _rest = t.EUI64.deserialize(found.little_endian)
        return {"status": Status.SUCCESS, "eui64": value}

    def _get_extended(self, fields: Fields) -> Fields:
        """Answer with a status, found or not, as from EZSP 14 on."""
        extended = fields["remoteEui64"].serialize() in self._extended
        status = Status.SUCCESS if extended else Status.NOT_FOUND
        return {"extendedTimeout": extended, "status": status}

    def _set_extended(self, fields: Fields) -> Fields:
        change = self._extended.add if fields["extendedTimeout"] else self._extended.discard
        change(fields["remoteEui64"].serialize())
        return {"status": Status.SUCCESS}

    def _route(self, fields: Fields) -> Fields:
        if int(fields["index"]) >= self._size(_Config.CONFIG_ROUTE_TABLE_SIZE):
            return {"status": Status.BAD_ARGUMENT}
        unused = t.EmberRouteTableEntry(
            destination=_UNUSED_NODE,
            nextHop=_UNUSED_NODE,
            status=t.RouteRecordStatus(_UNUSED_ROUTE),
            age=0,
            concentratorType=0,
            routeRecordState=0,
        )
        return {"status": Status.SUCCESS, "value": unused}
