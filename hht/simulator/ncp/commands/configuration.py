"""The virtual co-processor's configuration values, policies and the tables they size."""

from collections.abc import Mapping

import bellows.types as t

from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status

_Config = t.EzspConfigId
_OLD_MAC_FILTERS = 2  # EmberZNet 7.1 and before
_MAC_FILTERS = 15  # from 7.2.1 on (NabuCasa/silabs-firmware#12)
_MAC_FILTERS_GREW_AT = 10  # EZSP version of EmberZNet 7.2.1
# What EmberZNet 7.4 answers before a host has set anything, as UG100 and its headers have it.
_DEFAULTS = {
    _Config.CONFIG_PACKET_BUFFER_COUNT: 255,
    _Config.CONFIG_NEIGHBOR_TABLE_SIZE: 26,
    _Config.CONFIG_APS_UNICAST_MESSAGE_COUNT: 10,
    _Config.CONFIG_BINDING_TABLE_SIZE: 2,
    _Config.CONFIG_ADDRESS_TABLE_SIZE: 8,
    _Config.CONFIG_MULTICAST_TABLE_SIZE: 8,
    _Config.CONFIG_ROUTE_TABLE_SIZE: 16,
    _Config.CONFIG_DISCOVERY_TABLE_SIZE: 8,
    _Config.CONFIG_STACK_PROFILE: 0,
    _Config.CONFIG_SECURITY_LEVEL: 5,
    _Config.CONFIG_MAX_HOPS: 30,
    _Config.CONFIG_MAX_END_DEVICE_CHILDREN: 6,
    _Config.CONFIG_INDIRECT_TRANSMISSION_TIMEOUT: 3000,
    _Config.CONFIG_END_DEVICE_POLL_TIMEOUT: 8,
    _Config.CONFIG_TX_POWER_MODE: 0,
    _Config.CONFIG_DISABLE_RELAY: 0,
    _Config.CONFIG_TRUST_CENTER_ADDRESS_CACHE_SIZE: 0,
    _Config.CONFIG_SOURCE_ROUTE_TABLE_SIZE: 7,
    _Config.CONFIG_FRAGMENT_WINDOW_SIZE: 1,
    _Config.CONFIG_FRAGMENT_DELAY_MS: 0,
    _Config.CONFIG_KEY_TABLE_SIZE: 4,
    _Config.CONFIG_APS_ACK_TIMEOUT: 1600,
    _Config.CONFIG_ACTIVE_SCAN_DURATION: 3,
    _Config.CONFIG_END_DEVICE_BIND_TIMEOUT: 60,
    _Config.CONFIG_PAN_ID_CONFLICT_REPORT_THRESHOLD: 2,
    _Config.CONFIG_REQUEST_KEY_TIMEOUT: 0,
    _Config.CONFIG_CERTIFICATE_TABLE_SIZE: 0,
    _Config.CONFIG_APPLICATION_ZDO_FLAGS: 0,
    _Config.CONFIG_BROADCAST_TABLE_SIZE: 15,
    _Config.CONFIG_MAC_FILTER_TABLE_SIZE: _MAC_FILTERS,
    _Config.CONFIG_SUPPORTED_NETWORKS: 1,
    _Config.CONFIG_SEND_MULTICASTS_TO_SLEEPY_ADDRESS: 0,
    _Config.CONFIG_ZLL_GROUP_ADDRESSES: 0,
    _Config.CONFIG_ZLL_RSSI_THRESHOLD: 0x80,
    _Config.CONFIG_MTORR_FLOW_CONTROL: 1,
    _Config.CONFIG_RETRY_QUEUE_SIZE: 16,
    _Config.CONFIG_NEW_BROADCAST_ENTRY_THRESHOLD: 2,
    _Config.CONFIG_TRANSIENT_KEY_TIMEOUT_S: 300,
    _Config.CONFIG_BROADCAST_MIN_ACKS_NEEDED: 255,
    _Config.CONFIG_TC_REJOINS_USING_WELL_KNOWN_KEY_TIMEOUT_S: 300,
    _Config.CONFIG_CTUNE_VALUE: 0,
    _Config.CONFIG_GP_PROXY_TABLE_SIZE: 5,
    _Config.EZSP_CONFIG_GP_SINK_TABLE_SIZE: 0,
}
# The most that the memory of one co-processor has room for.
_MOST = {
    _Config.CONFIG_BINDING_TABLE_SIZE: 32,
    _Config.CONFIG_ADDRESS_TABLE_SIZE: 64,
    _Config.CONFIG_MULTICAST_TABLE_SIZE: 32,
    _Config.CONFIG_KEY_TABLE_SIZE: 127,
    _Config.CONFIG_MAC_FILTER_TABLE_SIZE: 32,
    _Config.CONFIG_MAX_END_DEVICE_CHILDREN: 64,
    _Config.CONFIG_SOURCE_ROUTE_TABLE_SIZE: 254,
    _Config.CONFIG_NEIGHBOR_TABLE_SIZE: 26,
}
ALLOW_JOINS = 0x01  # EzspDecisionBitmask, from EZSP 8 on
CONTENTS_IN_CALLBACK = 0x41  # EzspDecisionId: messageSentHandler carries the message too
_POLICIES = {  # what a policy is at power-on; those of RF4CE are in no ZigBee firmware
    t.EzspPolicyId.TRUST_CENTER_POLICY: ALLOW_JOINS,
    t.EzspPolicyId.BINDING_MODIFICATION_POLICY: 0x10,
    t.EzspPolicyId.UNICAST_REPLIES_POLICY: 0x20,
    t.EzspPolicyId.POLL_HANDLER_POLICY: 0x30,
    t.EzspPolicyId.MESSAGE_CONTENTS_IN_CALLBACK_POLICY: 0x40,
    t.EzspPolicyId.TC_KEY_REQUEST_POLICY: 0x51,
    t.EzspPolicyId.APP_KEY_REQUEST_POLICY: 0x60,
    t.EzspPolicyId.PACKET_VALIDATE_LIBRARY_POLICY: 0x62,
    t.EzspPolicyId.ZLL_POLICY: 0x70,
    t.EzspPolicyId.TC_REJOINS_USING_WELL_KNOWN_KEY_POLICY: 0x80,
}


class Configuration:
    """What a host sets after each reset. A table grows only while no network is up.

    `fixed_tables` of the server's faults is a firmware that refuses all growth, as some do.
    """

    def __init__(self, server: EzspServer) -> None:
        self._server = server
        self._values: dict[int, int] = {}
        self._policies: dict[int, int] = {}
        self.locked = False
        self.restart()

    def restart(self) -> None:
        """Go back to what is there at power-on."""
        self._values = {int(key): value for key, value in _DEFAULTS.items()}
        few = self._server.version < _MAC_FILTERS_GREW_AT or self._server.faults.fixed_tables
        if few:
            self._values[int(_Config.CONFIG_MAC_FILTER_TABLE_SIZE)] = _OLD_MAC_FILTERS
        self._policies = {int(key): int(value) for key, value in _POLICIES.items()}
        self.locked = False

    def size(self, table: int) -> int:
        """Return how many entries a table has."""
        return self._values[int(table)]

    def policy(self, policy: int) -> int:
        """Return the decision in force."""
        return self._policies[int(policy)]

    def commands(self) -> Mapping[str, Command]:
        return {
            "getConfigurationValue": self._get,
            "setConfigurationValue": self._set,
            "getPolicy": self._get_policy,
            "setPolicy": self._set_policy,
        }

    def _get(self, fields: Fields) -> Fields:
        value = self._values.get(int(fields["configId"]))
        status = Status.UNKNOWN_ID if value is None else Status.SUCCESS
        return {"status": status, "value": value or 0}

    def _set(self, fields: Fields) -> Fields:
        identifier, wanted = int(fields["configId"]), int(fields["value"])
        now = self._values.get(identifier)
        if now is None:
            return {"status": Status.UNKNOWN_ID}
        if identifier in _MOST and wanted > now:
            if self.locked:
                return {"status": Status.INVALID_CALL}
            fixed = self._server.faults.fixed_tables
            if fixed or wanted > _MOST[t.EzspConfigId(identifier)]:
                return {"status": Status.OUT_OF_MEMORY}
        self._values[identifier] = wanted
        return {"status": Status.SUCCESS}

    def _get_policy(self, fields: Fields) -> Fields:
        decision = self._policies.get(int(fields["policyId"]))
        status = Status.UNKNOWN_ID if decision is None else Status.SUCCESS
        return {"status": status, "decisionId": decision or 0}

    def _set_policy(self, fields: Fields) -> Fields:
        identifier = int(fields["policyId"])
        if identifier not in self._policies:
            return {"status": Status.UNKNOWN_ID}
        self._policies[identifier] = int(fields["decisionId"])
        return {"status": Status.SUCCESS}
