"""The statuses that the virtual co-processor answers with, in EZSP's older and newer numbering."""

from enum import Enum
from typing import Any

import bellows.types as t


class Status(Enum):
    """(EmberStatus before EZSP 14, sl_status_t from 14 on), values of UG100 and sl_status.h."""

    SUCCESS = (0x00, 0x0000)
    INVALID_CALL = (0x70, 0x0002)
    BAD_ARGUMENT = (0x02, 0x0021)
    MAC_SCANNING = (0x3D, 0x004D)
    MAC_INVALID_CHANNEL_MASK = (0x35, 0x004F)
    MESSAGE_TOO_LONG = (0x74, 0x0038)
    NETWORK_UP = (0x90, 0x0015)
    NETWORK_DOWN = (0x91, 0x0016)
    NOT_JOINED = (0x93, 0x0017)
    JOIN_FAILED = (0x94, 0x0017)
    NO_BEACONS = (0xAB, 0x0018)
    NO_NETWORK_KEY_RECEIVED = (0xAD, 0x0C1B)
    DELIVERY_FAILED = (0x66, 0x0C02)
    APS_ENCRYPTION_ERROR = (0xA6, 0x0C0A)
    SECURITY_STATE_NOT_SET = (0xA8, 0x0C0B)

    def of_type(self, kind: type) -> Any:
        """This status as the field type of one EZSP version has it."""
        ember, newer = self.value
        if kind is t.sl_Status:
            return t.sl_Status(newer)
        if kind is t.EzspStatus:
            error = t.EzspStatus.ERROR_INVALID_CALL
            return t.EzspStatus.SUCCESS if self is Status.SUCCESS else error
        return kind(ember)
