"""A hub's sub-GHz settings before and after a DBCH04, field by field with units and ranges.

What a hub has is known from DBCH03 (read) and DBCH09 (its Alert after a change), the newest of
them; what a Local Command asks for, from the DBCH04 itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hht.gbcs.dlms import (
    BitString,
    Notification,
    Value,
    decode_access_request,
    decode_access_response,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.channels import channels_in_words
from hht.gbcs.explain.sub_ghz_limits import LIMITS, range_in_words, setting_in_words
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.store import Capture, CommandRow

_READ, _SET, _CHANGED = 0x010C, 0x010D, 0x0113
_MASKS = ("channels 0-26", "channels 27-34", "channels 35-61", "upper channels 0-26")
FIELDS = (*_MASKS, *LIMITS)
"""The fifteen fields of the structure, in its order."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field in words, as the hub has it and as the job's DBCH04 wants it; None: not known.

    `allowed` is DUIS's range, empty for a mask of channels.
    """

    name: str
    now: str | None
    wanted: str | None
    allowed: str = ""

    @property
    def changes(self) -> bool:
        """Whether the Command changes it, as far as both are known."""
        return None not in (self.now, self.wanted) and self.now != self.wanted


def settings_of(rows: Sequence[CommandRow], captures: Sequence[Capture]) -> tuple[Setting, ...]:
    """Return each field before and after; empty where nothing of the job is about them."""
    now = next((found for each in reversed(captures) if (found := _known(each))), None)
    wanted = next((found for row in reversed(rows) if (found := _asked(row))), None)
    if now is None and wanted is None:
        return ()
    return tuple(
        Setting(name, now[at] if now else None, wanted[at] if wanted else None, _allowed(at))
        for at, name in enumerate(_NAMES)
    )


def _allowed(at: int) -> str:
    form = FIELDS[at]
    if form not in LIMITS:
        return ""
    return range_in_words(form) + (" (unit not known)" if form in _UNIT_UNKNOWN else "")


def _known(capture: Capture) -> tuple[str, ...] | None:
    """Return the settings that a Response DBCH03 or an Alert DBCH09 carries."""
    try:
        message = Message.parse(capture.raw)
        if capture.message_code == _READ and capture.cra is Cra.RESPONSE:
            (value,) = decode_access_response(message.payload).data
            return _words(value)
        payload = decode_payload(message)
        if capture.message_code == _CHANGED and isinstance(payload, Notification):
            return _words(payload.body.members[2])
    except (MalformedMessage, ValueError, IndexError):
        return None
    return None


def _asked(row: CommandRow) -> tuple[str, ...] | None:
    if row.message_code != _SET:
        return None
    try:
        (value,) = decode_access_request(Message.parse(row.raw).payload).data
        return _words(value)
    except (MalformedMessage, ValueError, IndexError):
        return None


def _words(value: Value) -> tuple[str, ...]:
    members = value.members
    if len(members) != len(FIELDS):
        raise MalformedMessage("these are no sub-GHz settings")
    masks = tuple(_mask(each) for each in members[: len(_MASKS)])
    limits = zip(members[len(_MASKS) :], LIMITS, strict=True)
    return (*masks, *(setting_in_words(each.number, form) for each, form in limits))


def _mask(value: Value) -> str:
    if not isinstance(value.content, BitString):
        raise MalformedMessage("a channel mask is no bit-string")
    return channels_in_words(value.content.octets)


_NAMES = (
    *_MASKS,
    "normal-limited threshold",
    "limited-critical threshold",
    "channel changes a week",
    "GSME curfew",
    "quieter threshold",
    "noisier threshold",
    "non-GSME poor communication",
    "non-GSME poor half hours",
    "local noise period",
    "failure threshold",
    "retry threshold",
)
_UNIT_UNKNOWN = ("gsme_curfew", "noise_period")
