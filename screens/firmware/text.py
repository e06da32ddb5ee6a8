"""Firmware in words: a row of the table, and the hash that is to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.firmware.standing import TO_DO, Standing
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.journeys.firmware.firmware_journey import ActivationAsk
    from hht.journeys.firmware.versions import DeviceFirmware
    from screens.visit.device_names import Names

DELIVER, LATER = "deliver", "later"
_GOOD = ("✓", "$success")
_UNDER_WAY = ("◐", "$primary")
_BAD = ("✗", "$error")
_UNABLE = ("–", "$warning")
SIGNS = {
    Standing.NOTHING_HEARD: ("○", "$text-muted"),
    Standing.ON_ITS_WAY: _UNDER_WAY,
    Standing.LEFT_OUT: _UNABLE,
    Standing.TYPE_CANNOT: _UNABLE,
    Standing.DEVICE_CANNOT: _UNABLE,
    Standing.HUB_CANNOT: _UNABLE,
    Standing.SWITCHED_OFF: ("?", "$warning"),
    Standing.DISCARDED: _BAD,
    Standing.WRONG_HARDWARE: _BAD,
    Standing.NOT_FETCHED: _BAD,
    Standing.TRANSFERRED: _UNDER_WAY,
    Standing.VERIFIED: _UNDER_WAY,
    Standing.NOT_VERIFIED: _BAD,
    Standing.ACCEPTED: _UNDER_WAY,
    Standing.REFUSED: _BAD,
    Standing.RUNS: _GOOD,
    Standing.DID_NOT_RUN: _BAD,
}
_IN_A_GROUP, _IN_A_LINE = 8, 32
"""Digits of a hash between two spaces, and on one line: two such lines fit 53 columns."""


def firmware_row(number: int, device: DeviceFirmware, names: Names) -> Row:
    """Describe a Device: the version it named last, who said it, the state of its update."""
    sign, style = SIGNS[device.standing]
    lead = Content.assemble((f"{sign} ", f"bold {style}")) + numbered(number)
    version = device.version or text("firmware.not_read")
    said = standing_words(device)
    source = text("firmware.told_by", use_case=device.told_by) if device.told_by else ""
    detail = Content.styled(" · ".join(filter(None, (said, source))), "$text-muted")
    head = Content(names.short(device.device))
    return Row(device.device, head, detail, Content.styled(version, style), lead)


def most_wanted(found: Sequence[DeviceFirmware]) -> EntityId | None:
    """Return the first Device with something to do, else with an update under way; None if none."""
    to_do = (each.device for each in found if each.standing in TO_DO)
    under_way = (each.device for each in found if SIGNS[each.standing] is _UNDER_WAY)
    return next(chain(to_do, under_way), None)


def standing_words(device: DeviceFirmware) -> str:
    """Say the state of its update; of one that the DCC left out, or that did not run, why."""
    return device.why or _state_words(device)


def whole_words(device: DeviceFirmware, names: Names) -> str:
    """Say the state of its update with why, and what is to be done: a row is too short for it."""
    more = device.why or TO_DO.get(device.standing, "")
    words = ": ".join(filter(None, (names.short(device.device), _state_words(device), more)))
    return f"{words}."


def _state_words(device: DeviceFirmware) -> str:
    left_out = device.standing is Standing.LEFT_OUT
    why = f"_{device.left_out}" if left_out else ""
    return text(f"firmware.{device.standing}{why}".replace("-", "_"))


def confirm_form(ask: ActivationAsk, device: str) -> FormScreen:
    """Show the hash of an Activate Firmware, and ask whether it is the image's.

    Enter delivers it where the Device has verified this very image, and nowhere else.
    """
    deliver = "deliver" if ask.is_verified else "deliver_anyway"
    if ask.is_contradicted:  # which is what the supplier has to see
        deliver = "deliver_refused"
    is_awaited = not (ask.is_verified or ask.is_contradicted)
    choices = [
        Choice(DELIVER, text(f"firmware.{deliver}")),
        Choice(LATER, text("firmware.wait" if is_awaited else "firmware.later")),
    ]
    when = text("firmware.at_once")
    if ask.at:
        when = text("firmware.at", time=text("date.moment", at=ask.at.astimezone()))
    said = text(f"firmware.image_{ask.image.replace('-', '_')}", device=device)
    return FormScreen(
        text("firmware.confirm_title", device=device),
        f"{text('firmware.hash')}\n{hash_lines(ask.sha256)}\n\n{said}\n{when}",
        choices if ask.is_verified else choices[::-1],
        escape=LATER,
        tone="doubt",
    )


def hash_lines(sha256: str) -> str:
    """Return a SHA-256 in groups that can be read aloud and compared."""
    lines = (sha256[at : at + _IN_A_LINE] for at in range(0, len(sha256), _IN_A_LINE))
    return "\n".join(
        " ".join(line[at : at + _IN_A_GROUP] for at in range(0, len(line), _IN_A_GROUP))
        for line in lines
    )
