"""The statuses that the virtual co-processor answers with, in EZSP's three numberings."""

from enum import Enum
from typing import Any

import bellows.types as t


class Status(Enum):
    """(EmberStatus before EZSP 14, sl_status_t from 14 on, EzspStatus for set-up before 14).

    Values of UG100, ember-types.h, sl_status.h and ezsp-enum.h.
    """

    SUCCESS = (0x00, 0x0000, 0x00)
    INVALID_CALL = (0x70, 0x0002, 0x38)
    BAD_ARGUMENT = (0x02, 0x0021, 0x36)
    UNKNOWN_ID = (0x02, 0x0021, 0x37)
    OUT_OF_MEMORY = (0x18, 0x0019, 0x35)
    NOT_FOUND = (0x03, 0x002D, 0x37)
    INDEX_OUT_OF_RANGE = (0xB1, 0x0027, 0x36)
    TABLE_FULL = (0xB4, 0x001C, 0x35)
    TABLE_ENTRY_ERASED = (0xB6, 0x002D, 0x36)
    LIBRARY_NOT_PRESENT = (0xB5, 0x000E, 0x38)
    KEY_INVALID = (0xB2, 0x0029, 0x36)
    MAX_MESSAGE_LIMIT_REACHED = (0x72, 0x0C03, 0x35)
    MAC_SCANNING = (0x3D, 0x004D, 0x38)
    MAC_INVALID_CHANNEL_MASK = (0x35, 0x004F, 0x36)
    MAC_INCORRECT_SCAN_TYPE = (0x34, 0x004E, 0x36)
    MAC_BAD_SCAN_DURATION = (0x33, 0x0050, 0x36)
    MAC_COMMAND_TRANSMIT_FAILURE = (0x36, 0x0044, 0x38)
    PHY_INVALID_CHANNEL = (0x8A, 0x0055, 0x36)
    PHY_INVALID_POWER = (0x8B, 0x0056, 0x36)
    MESSAGE_TOO_LONG = (0x74, 0x0038, 0x36)
    NETWORK_UP = (0x90, 0x0015, 0x38)
    NETWORK_DOWN = (0x91, 0x0016, 0x38)
    NETWORK_OPENED = (0x9C, 0x0C18, 0x38)
    NETWORK_CLOSED = (0x9D, 0x0C19, 0x38)
    NOT_JOINED = (0x93, 0x0017, 0x38)
    JOIN_FAILED = (0x94, 0x0017, 0x38)
    NO_BEACONS = (0xAB, 0x0018, 0x38)
    NO_NETWORK_KEY_RECEIVED = (0xAD, 0x0C1B, 0x38)
    DELIVERY_FAILED = (0x66, 0x0C02, 0x38)
    APS_ENCRYPTION_ERROR = (0xA6, 0x0C0A, 0x38)
    SECURITY_STATE_NOT_SET = (0xA8, 0x0C0B, 0x38)

    def of_type(self, kind: type) -> Any:
        """This status as the field type of one EZSP version has it."""
        ember, newer, ezsp = self.value
        if kind is t.sl_Status:
            return t.sl_Status(newer)
        if kind is t.EzspStatus:
            return t.EzspStatus(ezsp)
        return kind(ember)
