"""The state of one Device's update; also of a Device or hub that can't, and of one that is off.

Of an image the furthest word decides: the Device's own report (CS09, or 8F66 and 8F67 in message
code 0x00CA), the Response to CS06, its word on the image (8F72, 8F1C), the hub's on the transfer
(CCS08), and in the end whether it answers at all. What comes after such a report and is about
another image decides in its place.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import FirmwareTransferResult, ImageActivationResult
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.future_dated import activation_result
from hht.gbcs.message import Message
from hht.journeys.firmware.images import (
    CS06,
    LATER_OUTCOME,
    NOT_VERIFIED,
    VERIFIED,
    activation_of,
    reported_counter,
)
from hht.journeys.firmware.transfers import (
    CCS08,
    CS09,
    image_result,
    transfer_result,
    transferred_version,
)
from hht.store.command_states import CommandState, has_reply, is_in_doubt
from hht.store.rows import Capture, CommandRow

CARRIED_OUT = 0x8F66
FORMAT_CHECK_FAILED = 0x8F1E
"""What a Device says of a Command that it cannot read or does not know."""
_READ_VERSION = frozenset({0x0059, 0x0084, 0x0129})
_REPORTS = frozenset({CS06, CS09, LATER_OUTCOME})
"""What a Device says of running an image; each names the version that it runs."""
_NOT_OVER_THE_HAN = frozenset({"IHD", "CAD"})
_HUB_NEEDS_SECMP0007 = frozenset({"PPMID", "HCALCS"})


class Standing(StrEnum):
    """Where an update is, or why there can be none."""

    NOTHING_HEARD = "nothing-heard"
    ON_ITS_WAY = "on-its-way"  # the job says that the DCC has sent it
    LEFT_OUT = "left-out"  # the DCC's warning W110101 or W110401 names it
    TYPE_CANNOT = "type-cannot"
    DEVICE_CANNOT = "device-cannot"
    HUB_CANNOT = "hub-cannot"
    SWITCHED_OFF = "switched-off"
    DISCARDED = "discarded"
    WRONG_HARDWARE = "wrong-hardware"
    NOT_FETCHED = "not-fetched"
    TRANSFERRED = "transferred"
    VERIFIED = "verified"
    NOT_VERIFIED = "not-verified"
    ACCEPTED = "accepted"  # to be carried out later
    REFUSED = "refused"
    RUNS = "runs"
    DID_NOT_RUN = "did-not-run"


SAID = {
    Standing.NOTHING_HEARD: "nothing was heard of an update",
    Standing.ON_ITS_WAY: "an image is on its way to it; nothing was heard of it yet",
    Standing.LEFT_OUT: "the DCC does not send it the image",
    Standing.TYPE_CANNOT: "this type of Device takes no firmware over the HAN",
    Standing.DEVICE_CANNOT: "it answers, but knows no firmware version: it cannot be updated",
    Standing.HUB_CANNOT: "the hub threw the image away: its own firmware may be too old for this",
    Standing.SWITCHED_OFF: "it does not answer: switched off, or out of reach",
    Standing.DISCARDED: "the hub has thrown the image away",
    Standing.WRONG_HARDWARE: "the image is for another hardware version",
    Standing.NOT_FETCHED: "it did not fetch the image in time",
    Standing.TRANSFERRED: "the hub has given it the image",
    Standing.VERIFIED: "it has verified the image",
    Standing.NOT_VERIFIED: "the image did not verify",
    Standing.ACCEPTED: "it will run the image at its time",
    Standing.REFUSED: "it did not run the image",
    Standing.RUNS: "it runs the new image",
    Standing.DID_NOT_RUN: "it could not run the image",
}
TO_DO = {
    Standing.HUB_CANNOT: "the supplier asks for new firmware for the hub first",
    Standing.DISCARDED: "the supplier sends it again",
    Standing.WRONG_HARDWARE: "the supplier sends the image for this hardware",
    Standing.NOT_FETCHED: "see that it is on and in reach; then the supplier sends it again",
    Standing.NOT_VERIFIED: "the supplier sends it again",
    Standing.DID_NOT_RUN: "report the version that it runs to the supplier",
}
"""What is to be done about an update that has failed; the rest is under way, done, or an open
Local Command."""
_TRANSFERS = {
    FirmwareTransferResult.SUCCESS: Standing.TRANSFERRED,
    FirmwareTransferResult.IMAGE_DISCARDED: Standing.DISCARDED,
    FirmwareTransferResult.HARDWARE_VERSION_MISMATCH: Standing.WRONG_HARDWARE,
    FirmwareTransferResult.FILE_TRANSFER_FAILURE: Standing.NOT_FETCHED,
}


@dataclass(frozen=True, slots=True)
class _Heard:
    """Everything of one Device in this job."""

    device: EntityId
    kind: str
    rows: Sequence[CommandRow]
    own: Sequence[Capture]
    transfers: Sequence[Capture]


def standing_of(
    device: EntityId, kind: str, rows: Iterable[CommandRow], captures: Iterable[Capture]
) -> Standing:
    """Say the state of the update of a Device of this type; `captures` are oldest first."""
    known = tuple(captures)
    heard = _Heard(
        device,
        kind,
        [row for row in rows if row.device == device],
        [each for each in known if each.originator == device],
        [each for each in known if each.message_code == CCS08],
    )
    newer = _newer_image(heard, known)
    found = _transferred(newer) or _reported(heard) or _activated(heard) or _transferred(heard)
    if found is None and kind in _NOT_OVER_THE_HAN:
        return Standing.TYPE_CANNOT
    return found or _silent(heard)


def _newer_image(heard: _Heard, known: Sequence[Capture]) -> _Heard:
    """Return only what came after the last report on an image, and is about another one."""
    at = max((known.index(each) for each in heard.own if each.message_code in _REPORTS), default=-1)
    asked = [activation.sha256 for row in heard.rows if (activation := activation_of(row.raw))]
    later = known[at + 1 :] if at >= 0 else ()
    own = [
        each
        for each in later
        if each in heard.own
        and each.alert_code in (VERIFIED, NOT_VERIFIED)
        and not any(sha256 in each.raw for sha256 in asked)
    ]
    transfers = [
        each
        for each in later
        if each in heard.transfers
        and (version := transferred_version(Message.parse(each.raw).payload, heard.device))
        and version not in known[at].raw
    ]
    return replace(heard, own=own, transfers=transfers)


def _reported(heard: _Heard) -> Standing | None:
    """Return what the Device itself has said of running an image."""
    for capture in reversed(heard.own):
        if capture.message_code == CS09:
            result = image_result(Message.parse(capture.raw).payload)
            good = result is ImageActivationResult.SUCCESS
            return Standing.RUNS if good else Standing.DID_NOT_RUN
        if capture.message_code == LATER_OUTCOME and not _is_of_before(capture, heard.rows):
            return Standing.RUNS if _was_carried_out(capture) else Standing.DID_NOT_RUN
    return None


def _was_carried_out(report: Capture) -> bool:
    """Return whether a report says success, and its result does not contradict its alert code."""
    with suppress(MalformedMessage):
        if activation_result(Message.parse(report.raw)):
            return False
    return report.alert_code == CARRIED_OUT


def _is_of_before(capture: Capture, rows: Sequence[CommandRow]) -> bool:
    """Return whether a report is on an earlier activation than one that was accepted since."""
    counter = reported_counter(capture)
    return counter is not None and any(
        row.counter > counter
        for row in rows
        if row.message_code == CS06 and row.state is CommandState.ANSWERED
    )


def _activated(heard: _Heard) -> Standing | None:
    for row in reversed(heard.rows):
        activation = activation_of(row.raw)
        if activation and row.state is CommandState.REFUSED:
            return Standing.REFUSED
        if activation and row.state is CommandState.ANSWERED:
            return Standing.ACCEPTED if activation.at else Standing.RUNS
    return None


def _transferred(heard: _Heard) -> Standing | None:
    """Return what the Device has said of the image, else the hub of its transfer."""
    said = {VERIFIED: Standing.VERIFIED, NOT_VERIFIED: Standing.NOT_VERIFIED}
    for capture in reversed(heard.own):
        if capture.alert_code in said:
            return said[capture.alert_code]
    for capture in reversed(heard.transfers):
        result = transfer_result(Message.parse(capture.raw).payload, heard.device)
        if result is None:
            continue
        standing = _TRANSFERS[result]
        if standing is Standing.DISCARDED and heard.kind in _HUB_NEEDS_SECMP0007:
            return Standing.HUB_CANNOT
        if standing is Standing.NOT_FETCHED:
            silent = _silent(heard)
            return standing if silent is Standing.NOTHING_HEARD else silent
        return standing
    return None


def _silent(heard: _Heard) -> Standing:
    """Distinguish a Device without a version from one that is off, by what it left unanswered."""
    in_vain = [
        row.position
        for row in heard.rows
        if row.message_code in _READ_VERSION and is_in_doubt(row.state)
    ]
    if not in_vain:
        return Standing.NOTHING_HEARD
    # That it was heard before it was asked shows nothing: it may have been switched off since.
    later = any(has_reply(row.state) and row.position > min(in_vain) for row in heard.rows)
    refused = any(capture.alert_code == FORMAT_CHECK_FAILED for capture in heard.own)
    return Standing.DEVICE_CANNOT if later or refused else Standing.SWITCHED_OFF
