"""Several images for one Device in one job: what is about the last, for only that is awaited.

A hub discards an image for the next one, and says so (CCS08 names a version and no hash); a Device
that has verified both holds the last alone.
"""

from collections.abc import Sequence

from hht.duis.job.brief import SentImage
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import FirmwareTransferResult
from hht.gbcs.message import Message
from hht.journeys.firmware.images import NOT_VERIFIED, VERIFIED, activation_of, reported_counter
from hht.journeys.firmware.transfers import CCS08, transfer_result
from hht.store.rows import Capture, CommandRow


def sent_last(device: EntityId, sent: Sequence[SentImage]) -> SentImage | None:
    """Return the image that a job lists last for a Device; None where it lists none."""
    return next((each for each in reversed(sent) if each.device == str(device)), None)


def about_last_image(
    device: EntityId,
    sent: Sequence[SentImage],
    rows: Sequence[CommandRow],
    captures: Sequence[Capture],
) -> tuple[Sequence[CommandRow], Sequence[Capture]]:
    """Leave out what is about images that were sent to this Device before the last one.

    These are activations that name them and what became of those, what the Device said of them,
    and for each that it never spoke of one report that it was not transferred.
    """
    hashes = [bytes.fromhex(each.sha256) for each in sent if each.device == str(device)]
    earlier = set(hashes[:-1]) - set(hashes[-1:])
    if not earlier:
        return rows, captures
    gone = {row.id for row in rows if row.device == device and _names(row, earlier)}
    counters = {row.counter for row in rows if row.id in gone}
    spoken = {each for each in earlier if any(_speaks_of(c, each, device) for c in captures)}
    kept = [
        capture
        for capture in captures
        if not any(_speaks_of(capture, each, device) for each in spoken)
        and not (capture.originator == device and reported_counter(capture) in counters)
    ]
    in_vain = [each for each in kept if _was_not_transferred(each, device)]
    for each in in_vain[: len(earlier) - len(spoken)]:
        kept.remove(each)
    return [row for row in rows if row.id not in gone], kept


def _names(row: CommandRow, hashes: set[bytes]) -> bool:
    activation = activation_of(row.raw)
    return activation is not None and activation.sha256 in hashes


def _speaks_of(capture: Capture, sha256: bytes, device: EntityId) -> bool:
    is_word = capture.alert_code in (VERIFIED, NOT_VERIFIED) and capture.originator == device
    return is_word and sha256 in capture.raw


def _was_not_transferred(capture: Capture, device: EntityId) -> bool:
    if capture.message_code != CCS08:
        return False
    result = transfer_result(Message.parse(capture.raw).payload, device)
    return result not in (None, FirmwareTransferResult.SUCCESS)
