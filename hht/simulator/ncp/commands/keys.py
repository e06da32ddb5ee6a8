"""The virtual co-processor's link keys: its key table, and keys that last while joining is open."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.commands.configuration import Configuration
from hht.simulator.ncp.commands.security import Security
from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode

_NO_INDEX = 0xFF
_ANYONE = EntityId(b"\xff" * 8)
_Bits = t.EmberKeyStructBitmask
_NO_NODE, _ = t.EUI64.deserialize(b"\xff" * 8)
_NETWORK, _TC_LINK, _TRANSIENT = 1, 2, 6  # SecurityManagerKeyType
_TC_LINK_KEY, _CURRENT_NETWORK_KEY = 1, 3  # EmberKeyType


class Keys:
    """A table of link keys by index, whose entries the node uses, and transient ones."""

    def __init__(self, node: RadioNode, configuration: Configuration, security: Security) -> None:
        self._node = node
        self._configuration = configuration
        self._security = security
        self._table: dict[int, EntityId] = {}
        self.transient: dict[EntityId, bytes] = {}

    def restart(self) -> None:
        """Keep the table, as in flash; a transient key does not outlive a reset."""
        self.transient.clear()

    def join_key(self, joining: EntityId) -> bytes | None:
        """Return the link key that a device which wants to join must hold, None for no key."""
        own = self.transient.get(joining) or self.transient.get(_ANYONE)
        return own or self._security.preconfigured

    def commands(self) -> Mapping[str, Command]:
        return {
            "clearKeyTable": self._clear,
            "eraseKeyTableEntry": self._erase,
            "findKeyTableEntry": self._find,
            "getKeyTableEntry": self._entry,
            "setKeyTableEntry": lambda fields: self._put(fields, fields["keyData"]),
            "addOrUpdateKeyTableEntry": self._add_or_update,
            "importLinkKey": lambda fields: self._put(fields, fields["key"]),
            "exportLinkKeyByIndex": self._export_by_index,
            "exportLinkKeyByEui": self._export_by_eui,
            "getKey": self._key,
            "exportKey": self._export,
            "importKey": self._import,
            "checkKeyContext": self._check,
            "getApsKeyInfo": self._aps_key_info,
            "addTransientLinkKey": self._add_transient,
            "importTransientKey": self._add_transient,
            "exportTransientKeyByEui": self._export_transient,
            "exportTransientKeyByIndex": self._export_transient_by_index,
            "getTransientLinkKey": self._transient_entry,
            "getTransientKeyTableEntry": self._transient_entry_by_index,
            "clearTransientLinkKeys": self._clear_transient,
        }

    @property
    def _size(self) -> int:
        return self._configuration.size(t.EzspConfigId.CONFIG_KEY_TABLE_SIZE)

    def _clear(self, _: Fields) -> Fields:
        self._node.link_keys.clear()
        self._table.clear()
        return {"status": Status.SUCCESS}

    def _erase(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= self._size:
            return {"status": Status.INDEX_OUT_OF_RANGE}
        partner = self._table.pop(index, None)
        if partner is not None:
            self._node.link_keys.pop(partner, None)
        return {"status": Status.SUCCESS}

    def _index(self, partner: EntityId) -> int:
        """Return where a partner's key is: _NO_INDEX when it is nowhere."""
        found = [at for at, each in self._table.items() if each == partner]
        return found[0] if found and partner in self._node.link_keys else _NO_INDEX

    def _find(self, fields: Fields) -> Fields:
        return {"index": self._index(_partner(fields["address"]))}

    def _add_or_update(self, fields: Fields) -> Fields:
        index = self._index(_partner(fields["address"]))
        free = [at for at in range(self._size) if at not in self._table]
        if index == _NO_INDEX and not free:
            return {"status": Status.TABLE_FULL}
        at = free[0] if index == _NO_INDEX else index
        return self._put({**fields, "index": at}, fields["keyData"])

    def _put(self, fields: Fields, key: Any) -> Fields:
        index, partner = int(fields["index"]), _partner(fields["address"])
        if index >= self._size:
            return {"status": Status.INDEX_OUT_OF_RANGE}
        self._table[index] = partner
        self._node.set_link_key(partner, key.serialize())
        return {"status": Status.SUCCESS}

    def _held(self, index: int) -> tuple[EntityId, bytes] | None:
        partner = self._table.get(index)
        key = self._node.link_keys.get(partner) if partner else None
        return (partner, key) if partner and key else None

    def _entry(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        held = self._held(index)
        if held is None:
            erased = index < self._size
            status = Status.TABLE_ENTRY_ERASED if erased else Status.INDEX_OUT_OF_RANGE
            return {"status": status}
        return {"status": Status.SUCCESS, "keyStruct": _structure(*held)}

    def _export_by_index(self, fields: Fields) -> Fields:
        held = self._held(int(fields["index"]))
        return _exported(*held) if held else {"status": Status.NOT_FOUND}

    def _export_by_eui(self, fields: Fields) -> Fields:
        partner = _partner(fields["eui64"])
        index = self._index(partner)
        if index == _NO_INDEX:
            return {"status": Status.NOT_FOUND, "index": _NO_INDEX}
        return {**_exported(partner, self._node.link_keys[partner]), "index": index}

    def _key(self, fields: Fields) -> Fields:
        """Answer getKey: the network key or the Trust Centre's link key, before EZSP 13."""
        kind = int(fields["keyType"])
        keys = {_TC_LINK_KEY: self._security.preconfigured, _CURRENT_NETWORK_KEY: self._network()}
        key = keys.get(kind)
        if not key:
            return {"status": Status.KEY_INVALID}
        structure = _structure(_ANYONE, key, t.EmberKeyType(kind))
        structure.outgoingFrameCounter = self._node.network.frame_counter
        return {"status": Status.SUCCESS, "keyStruct": structure}

    def _network(self) -> bytes | None:
        return self._node.network.key or None

    def _export(self, fields: Fields) -> Fields:
        context = fields["context"]
        keys = {_NETWORK: self._network(), _TC_LINK: self._security.preconfigured}
        key = keys.get(int(context.core_key_type))
        if not key:
            return {"status": Status.NOT_FOUND, "context": context}
        return {"status": Status.SUCCESS, "key": t.KeyData(key), "context": context}

    def _import(self, fields: Fields) -> Fields:
        """Answer importKey: only the kinds that a host sets before it forms a network."""
        context, key = fields["context"], fields["key"].serialize()
        kind = int(context.core_key_type)
        if self._security.in_use or kind not in (_NETWORK, _TC_LINK):
            return {"status": Status.INVALID_CALL, "context": context}
        if kind == _NETWORK:
            self._security.network_key = key
        else:
            self._security.link_key = self._security.preconfigured = key
        return {"status": Status.SUCCESS, "context": context}

    def _check(self, fields: Fields) -> Fields:
        return {"status": self._export(fields)["status"]}

    def _aps_key_info(self, fields: Fields) -> Fields:
        context = fields["context_in"]
        partner = _partner(context.eui64)
        if partner not in self._node.link_keys:
            return {"status": Status.NOT_FOUND, "context": context}
        found = {"key_data": _metadata(), "context": context, "eui": context.eui64}
        return {"status": Status.SUCCESS, **found}

    def _add_transient(self, fields: Fields) -> Fields:
        partner = fields["partner"] if "partner" in fields else fields["eui64"]
        key = fields["transientKey"] if "transientKey" in fields else fields["plaintext_key"]
        self.transient[_partner(partner)] = key.serialize()
        return {"status": Status.SUCCESS}

    def _export_transient(self, fields: Fields) -> Fields:
        partner = _partner(fields["eui64"])
        key = self.transient.get(partner)
        return _exported(partner, key, _TRANSIENT) if key else {"status": Status.NOT_FOUND}

    def _export_transient_by_index(self, fields: Fields) -> Fields:
        held = list(self.transient.items())[int(fields["index"]) :][:1]
        return _exported(*held[0], _TRANSIENT) if held else {"status": Status.NOT_FOUND}

    def _transient_entry(self, fields: Fields) -> Fields:
        partner = _partner(fields["eui64"])
        return self._transient_data(partner, self.transient.get(partner))

    def _transient_entry_by_index(self, fields: Fields) -> Fields:
        held = [*list(self.transient.items())[int(fields["index"]) :], (_ANYONE, None)]
        return self._transient_data(*held[0])

    def _transient_data(self, partner: EntityId, key: bytes | None) -> Fields:
        if key is None:
            return {"status": Status.NOT_FOUND}
        left = self._configuration.size(t.EzspConfigId.CONFIG_TRANSIENT_KEY_TIMEOUT_S)
        data = t.EmberTransientKeyDataV8(
            eui64=_field(partner),
            keyData=t.KeyData(key),
            bitmask=_Bits.KEY_HAS_PARTNER_EUI64,
            remainingTimeSeconds=left,
        )
        return {"status": Status.SUCCESS, "transient_key_data": data}

    def _clear_transient(self, _: Fields) -> Fields:
        self.transient.clear()
        return {}


def _partner(address: Any) -> EntityId:
    return EntityId.from_little_endian(address.serialize())


def _field(partner: EntityId) -> Any:
    value, _rest = t.EUI64.deserialize(partner.little_endian)
    return value


def _metadata() -> Any:
    return t.SecurityManagerAPSKeyMetadata(
        bitmask=_Bits.KEY_HAS_OUTGOING_FRAME_COUNTER | _Bits.KEY_HAS_PARTNER_EUI64,
        outgoing_frame_counter=0,
        incoming_frame_counter=0,
        ttl_in_seconds=0,
    )


def _exported(partner: EntityId, key: bytes, kind: int = 5) -> Fields:
    """Return a key with what is known of it; `kind` 5 is an application link key."""
    context = t.SecurityManagerContextV13(
        core_key_type=t.SecurityManagerKeyType(kind),
        key_index=0,
        derived_type=t.SecurityManagerDerivedKeyTypeV13(0),
        eui64=_field(partner),
        multi_network_index=0,
        flags=t.SecurityManagerContextFlags(0),
        psa_key_alg_permission=0,
    )
    named = {"eui64": context.eui64, "context": context, "plaintext_key": t.KeyData(key)}
    return {"status": Status.SUCCESS, **named, "key_data": _metadata()}


def _structure(
    partner: EntityId, key: bytes, kind: Any = t.EmberKeyType.APPLICATION_LINK_KEY
) -> Any:
    counters = _Bits.KEY_HAS_OUTGOING_FRAME_COUNTER | _Bits.KEY_HAS_SEQUENCE_NUMBER
    return t.EmberKeyStruct(
        bitmask=counters | _Bits.KEY_HAS_PARTNER_EUI64,
        type=kind,
        key=t.KeyData(key),
        outgoingFrameCounter=0,
        incomingFrameCounter=0,
        sequenceNumber=0,
        partnerEUI64=_field(partner),
    )
