"""Which firmware each Device of a job runs, and the state of its update, from what was captured.

A version is read by ECS52, GCS38 or CS08; the outcome of an Activate Firmware (CS06) and a PPMID's
own report (CS09) carry it too. The hub's report of a transfer is CCS08.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hht.duis.firmware_warning import said_of
from hht.duis.job.brief import SentImage
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import FirmwareTransferResult
from hht.gbcs.message import Message
from hht.gbcs.outcome import outcome_of
from hht.journeys.firmware.images import LATER_OUTCOME, ImageSeen, activation_of, image_seen
from hht.journeys.firmware.several_images import about_last_image, sent_last
from hht.journeys.firmware.standing import SAID, Standing, standing_of
from hht.journeys.firmware.transfers import CCS08, CS09, transfer_result
from hht.journeys.plan.later_outcomes import failed_later, refused_at_once
from hht.store.command_states import CommandState, has_reply
from hht.store.rows import Capture, CommandRow, JobRow

_ASN1 = re.compile(rb"\x04\x04(.{4})", re.DOTALL)
_VERSION_IN: Mapping[int, tuple[str, "re.Pattern[bytes]"]] = {
    0x0059: ("ECS52", re.compile(rb"\x09\x04(.{4})", re.DOTALL)),
    0x0084: ("GCS38", re.compile(rb"\x41\x04(.{4})", re.DOTALL)),
    0x0129: ("CS08", _ASN1),
    0x0012: ("CS06", _ASN1),
    CS09: ("CS09", _ASN1),
    LATER_OUTCOME: ("CS06", _ASN1),
}
"""By message code: the use case, and the octet string of four that is the version."""
_ALERTS = frozenset({CS09, LATER_OUTCOME})
_TRANSFER_WORDS = {
    FirmwareTransferResult.SUCCESS: "the hub has given it the image",
    FirmwareTransferResult.IMAGE_DISCARDED: "the hub has thrown the image away",
    FirmwareTransferResult.HARDWARE_VERSION_MISMATCH: "the image is for another hardware version",
    FirmwareTransferResult.FILE_TRANSFER_FAILURE: "the image could not be transferred",
}
_IMAGE_WORDS = {
    ImageSeen.VERIFIED: "this image is verified",
    ImageSeen.VERIFIED_BEFORE: "this image was verified before, as the job says",
    ImageSeen.NOT_VERIFIED: "this image did not verify",
    ImageSeen.ANOTHER: "the Device has reported another image",
    ImageSeen.UNHEARD: "nothing was heard here of this image",
}


@dataclass(frozen=True, slots=True)
class DeviceFirmware:
    """One Device: the version that it named last, by which use case and when, and its update.

    `version` is eight hexadecimal digits, None where none was heard; `transfer` is the hub's
    report in words; `activation` the SHA-256 of its Activate Firmware, with `image` in words;
    `standing` where the update is; `left_out` the word for why the DCC sends it no image, `why`
    in words why the Device did not run it.
    """

    device: EntityId
    version: str | None = None
    told_by: str | None = None
    at: datetime | None = None
    transfer: str | None = None
    activation: str | None = None
    execute_at: datetime | None = None
    image: str | None = None
    standing: Standing = Standing.NOTHING_HEARD
    left_out: str = ""
    why: str = ""

    @property
    def said(self) -> str:
        """The state of its update, in words."""
        said = SAID[self.standing]
        if self.standing is Standing.LEFT_OUT:
            return f"{said}: {said_of(self.left_out)}"
        return f"{said}: {self.why}" if self.why else said


def firmware_of(
    job: JobRow, rows: Sequence[CommandRow], captures: Sequence[Capture]
) -> list[DeviceFirmware]:
    """Say for each Device of a job what is known of its firmware; `captures` are oldest first.

    A Device that the DCC left out is that only as long as nothing was heard of its update.
    """
    left_out = {device: reason for device, _, reason in job.brief.left_out}
    sent = job.brief.images
    arriving = {
        str(each.entity_id)
        for each in job.devices
        if (last := sent_last(each.entity_id, sent)) and not last.verified
    }
    found = (_of(each.entity_id, each.type, rows, captures, sent) for each in job.devices)
    known = [_left_out(each, left_out.get(str(each.device), "")) for each in found]
    return [_on_its_way(each) if str(each.device) in arriving else each for each in known]


def _on_its_way(device: DeviceFirmware) -> DeviceFirmware:
    is_quiet = device.standing is Standing.NOTHING_HEARD
    return replace(device, standing=Standing.ON_ITS_WAY) if is_quiet else device


def _left_out(device: DeviceFirmware, reason: str) -> DeviceFirmware:
    is_quiet = device.standing is Standing.NOTHING_HEARD
    standing = Standing.LEFT_OUT if reason and is_quiet else device.standing
    return replace(device, standing=standing, left_out=reason)


def _of(
    device: EntityId,
    kind: str,
    rows: Sequence[CommandRow],
    captures: Sequence[Capture],
    sent: Sequence[SentImage],
) -> DeviceFirmware:
    version, told_by, at = _version(device, captures)
    own = [r for r in rows if r.device == device and activation_of(r.raw)]
    row = next((r for r in own if not has_reply(r.state)), own[-1] if own else None)
    asked = activation_of(row.raw) if row else None
    standing = standing_of(device, kind, *about_last_image(device, sent, rows, captures))
    return DeviceFirmware(
        device,
        version,
        told_by,
        at,
        _transfer(device, captures),
        asked.sha256.hex() if asked else None,
        asked.at if asked else None,
        _IMAGE_WORDS[image_seen(row, captures, sent)] if row else None,
        standing,
        why=_why(standing, own, captures),
    )


def _why(standing: Standing, own: Sequence[CommandRow], captures: Sequence[Capture]) -> str:
    """Return what the Device itself has said of why it does not run the image."""
    if standing is Standing.DID_NOT_RUN:
        return ([*failed_later(own, captures).values()] or [""])[-1]
    if standing is Standing.REFUSED:
        refused = [row for row in own if row.state is CommandState.REFUSED]
        return refused_at_once(refused[-1], captures)
    return ""


def _version(
    device: EntityId, captures: Sequence[Capture]
) -> tuple[str | None, str | None, datetime | None]:
    for capture in reversed(captures):
        known = _VERSION_IN.get(capture.message_code or 0)
        if capture.originator != device or known is None:
            continue
        message = Message.parse(capture.raw)
        found = known[1].search(message.payload)
        if found and (capture.message_code in _ALERTS or outcome_of(message).positive):
            return found[1].hex().upper(), known[0], capture.received_at
    return None, None, None


def _transfer(device: EntityId, captures: Sequence[Capture]) -> str | None:
    for capture in reversed(captures):
        if capture.message_code == CCS08:
            result = transfer_result(Message.parse(capture.raw).payload, device)
            if result is not None:
                return _TRANSFER_WORDS[result]
    return None
