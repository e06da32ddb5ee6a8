"""The virtual co-processor's values: what a host reads and sets by a value id."""

from collections.abc import Callable, Mapping

import bellows.types as t

from hht.simulator.ncp.commands.configuration import Configuration
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.ncp.versions import version_info
from hht.simulator.stack.node import RadioNode

_Value = t.EzspValueId
_FREE_BUFFERS = 230  # packet buffers at rest; hosts only compare it with 0
_ENDPOINT_FLAGS, _LAST_LEAVE_REASON, _SOURCE_ROUTE_OVERHEAD = 0, 1, 2  # EzspExtendedValueId
_NO_FLAGS = b"\x00\x00"  # the value has its length even where the endpoint is not there
_EXTENDED = {
    _ENDPOINT_FLAGS: b"\x01\x00",  # enabled
    _LAST_LEAVE_REASON: b"\x00\x00\x00",
    _SOURCE_ROUTE_OVERHEAD: b"\x00",
}
# Values a host may set, with what they are at power-on; the length is fixed by that.
_SETTABLE = {
    _Value.VALUE_MAC_PASSTHROUGH_FLAGS: b"\x00",
    _Value.VALUE_UART_SYNCH_CALLBACKS: b"\x00",
    _Value.VALUE_MAXIMUM_INCOMING_TRANSFER_SIZE: b"\x52\x00",
    _Value.VALUE_MAXIMUM_OUTGOING_TRANSFER_SIZE: b"\x52\x00",
    _Value.VALUE_STACK_TOKEN_WRITING: b"\x01",
    _Value.VALUE_EXTENDED_SECURITY_BITMASK: b"\x00\x00",
    _Value.VALUE_DESCRIPTOR_CAPABILITY: b"\x00",
    _Value.VALUE_RADIO_HOLD_OFF: b"\x00",
    _Value.VALUE_MFG_SECURITY_CONFIG: b"\x00\x00\x00\x00",
    _Value.VALUE_NEXT_HOST_REJOIN_REASON: b"\x00",
    _Value.VALUE_NEXT_ZIGBEE_SEQUENCE_NUMBER: b"\x00",
    _Value.VALUE_CCA_THRESHOLD: b"\xb5",
    _Value.VALUE_APS_FRAME_COUNTER: b"\x00\x00\x00\x00",
    _Value.VALUE_ENABLE_R21_BEHAVIOR: b"\x00",
    _Value.VALUE_ANTENNA_MODE: b"\x00",
    _Value.VALUE_ENABLE_PTA: b"\x00",
    _Value.VALUE_PTA_OPTIONS: b"\x00\x00\x00\x00",
    _Value.VALUE_MFGLIB_OPTIONS: b"\x00",
    _Value.VALUE_USE_NEGOTIATED_POWER_BY_LPD: b"\x00",
    _Value.VALUE_NWK_KEY_TIMEOUT: b"\x0a",
    _Value.VALUE_FORCE_TX_AFTER_FAILED_CCA_ATTEMPTS: b"\x00",
    _Value.VALUE_TRANSIENT_KEY_TIMEOUT_S: b"\x2c\x01",
    _Value.VALUE_MAX_BEACONS_TO_STORE: b"\x08",
    _Value.VALUE_END_DEVICE_TIMEOUT_OPTIONS_MASK: b"\x00",
    _Value.VALUE_END_DEVICE_KEEP_ALIVE_SUPPORT_MODE: b"\x03",
    _Value.VALUE_TRANSIENT_DEVICE_TIMEOUT: b"\x10\x27",
    _Value.VALUE_DELAYED_JOIN_ACTIVATION: b"\x00",
    _Value.VALUE_MAX_NWK_RETRIES: b"\x02",
    _Value.VALUE_REJOIN_MODE: b"\x00",
}
_WRITE_ONLY = {  # setting one of these does something, reading it is refused
    _Value.VALUE_SET_COUNTER_THRESHOLD: 3,
    _Value.VALUE_RESET_COUNTER_THRESHOLDS: 0,
    _Value.VALUE_CLEAR_COUNTERS: 0,
}


class Values:
    """Values by id; unknown ones, read-only ones and wrong lengths are refused."""

    def __init__(self, node: RadioNode, server: EzspServer, configuration: Configuration) -> None:
        self._node = node
        self._server = server
        self._configuration = configuration
        self._values: dict[int, bytes] = {}
        self._filters = b""
        self.clear_counters: Callable[[], None] = lambda: None
        self.restart()

    def restart(self) -> None:
        """Go back to what is there at power-on."""
        self._values = {int(key): value for key, value in _SETTABLE.items()}
        self._filters = b""

    @property
    def mac_filters(self) -> list[int]:
        """The list of MAC filters, in order."""
        raw = self._filters
        return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]

    def commands(self) -> Mapping[str, Command]:
        return {
            "getValue": self._get,
            "setValue": self._set,
            "getExtendedValue": self._get_extended,
        }

    def _get(self, fields: Fields) -> Fields:
        value = self._read(int(fields["valueId"]))
        if value is None:
            return {"status": Status.UNKNOWN_ID, "value": b""}
        return {"status": Status.SUCCESS, "value": value}

    def _read(self, identifier: int) -> bytes | None:
        counter = self._node.network.frame_counter.to_bytes(4, "little")
        computed = {
            int(_Value.VALUE_VERSION_INFO): version_info(self._server.version),
            int(_Value.VALUE_FREE_BUFFERS): bytes([_FREE_BUFFERS]),
            int(_Value.VALUE_MAC_FILTER_LIST): self._filters,
            int(_Value.VALUE_NODE_SHORT_ID): self._node.short_address.to_bytes(2, "little"),
            int(_Value.VALUE_NWK_FRAME_COUNTER): counter,
            int(_Value.VALUE_STACK_IS_PERFORMING_REJOIN): b"\x00",
            int(_Value.VALUE_STACK_DEVICE_REQUEST_SEQUENCE_NUMBER): b"\x00",
            int(_Value.VALUE_LAST_REJOIN_REASON): b"\x00",
            int(_Value.VALUE_KEY_STORAGE_VERSION): b"\x01",
        }
        return computed.get(identifier, self._values.get(identifier))

    def _set(self, fields: Fields) -> Fields:
        identifier, value = int(fields["valueId"]), bytes(fields["value"])
        if identifier == _Value.VALUE_MAC_FILTER_LIST:
            return {"status": self._set_filters(value)}
        if identifier == _Value.VALUE_NWK_FRAME_COUNTER:
            return {"status": self._set_frame_counter(value)}
        if identifier == _Value.VALUE_ENDPOINT_FLAGS:
            known = len(value) == 3 and value[0] in self._node.endpoints
            return {"status": Status.SUCCESS if known else Status.BAD_ARGUMENT}
        if identifier == _Value.VALUE_CLEAR_COUNTERS:
            self.clear_counters()
        length = self._length(identifier)
        if length is None:
            return {"status": Status.UNKNOWN_ID}
        if len(value) != length:
            return {"status": Status.BAD_ARGUMENT}
        self._values[identifier] = value
        return {"status": Status.SUCCESS}

    def _length(self, identifier: int) -> int | None:
        if identifier in _WRITE_ONLY:
            return _WRITE_ONLY[t.EzspValueId(identifier)]
        default = _SETTABLE.get(t.EzspValueId(identifier))
        return None if default is None else len(default)

    def _set_filters(self, value: bytes) -> Status:
        """Take a list of two-byte filters, as long as their table has room for it."""
        room = self._configuration.size(t.EzspConfigId.CONFIG_MAC_FILTER_TABLE_SIZE)
        if len(value) % 2 or len(value) > 2 * room:
            return Status.BAD_ARGUMENT
        self._filters = value
        return Status.SUCCESS

    def _set_frame_counter(self, value: bytes) -> Status:
        """Set where a restored network goes on; too late once one is up."""
        if len(value) != 4:
            return Status.BAD_ARGUMENT
        if self._configuration.locked:
            return Status.INVALID_CALL
        self._node.network.frame_counter = int.from_bytes(value, "little")
        return Status.SUCCESS

    def _get_extended(self, fields: Fields) -> Fields:
        identifier, about = int(fields["valueId"]), int(fields["characteristics"])
        if identifier == _ENDPOINT_FLAGS and about not in self._node.endpoints:
            return {"status": Status.BAD_ARGUMENT, "value": _NO_FLAGS}
        value = _EXTENDED.get(identifier)
        status = Status.BAD_ARGUMENT if value is None else Status.SUCCESS
        return {"status": status, "value": value or b""}
