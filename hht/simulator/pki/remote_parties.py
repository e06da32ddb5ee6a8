"""The Remote Parties of every training site, by role."""

from collections.abc import Mapping

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role

PARTIES: Mapping[Role, EntityId] = {
    Role.ROOT: EntityId.parse("90B3D51F30000000"),
    Role.RECOVERY: EntityId.parse("90B3D51F30000001"),
    Role.SUPPLIER: EntityId.parse("90B3D51F30010000"),
    Role.NETWORK_OPERATOR: EntityId.parse("90B3D51F30020000"),
    Role.ACCESS_CONTROL_BROKER: EntityId.parse("90B3D51F30000002"),
    Role.TRANSITIONAL_CHANGE_OF_SUPPLIER: EntityId.parse("90B3D51F30000004"),
    Role.WAN_PROVIDER: EntityId.parse("90B3D51F30000007"),
    Role.LOAD_CONTROLLER: EntityId.parse("90B3D51F30010008"),
}
"""The Entity Identifiers are those of DCC's public test data, never a live party's."""
