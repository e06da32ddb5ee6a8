"""What a message that was kept proves of a Device's way back.

Of the hub's own log (CCS05, CCS06) only that it lists a Device, and the average RSSI of its link,
count: a hub may fill the other figures as it likes, the time of the last communication too.
"""

from dataclasses import replace
from datetime import timedelta

from hht.entity_id import EntityId
from hht.gbcs.dlms import decode_access_response
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.timing import own_moment
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.journeys.move.states import Move
from hht.store.rows import Capture, CommandRow

_READ_LOG = (0x0004, 0x010F)
"""CCS05 and CCS06."""
_AVERAGE_RSSI = 3
"""The member of an entry of the CHF Device Log; see assets/tables/cosem_classes.tsv, class 104."""


def taken_in(move: Move, capture: Capture, command: CommandRow | None, ahead: timedelta) -> Move:
    """Return the move once this capture was taken in; `command` is what it answers.

    `ahead` is how far the handheld's clock is ahead of the Devices'.
    """
    if move.earlier:
        move = replace(move, earlier=taken_in(move.earlier, capture, command, ahead))
    device = capture.originator
    if move.since is None or device is None or capture.received_at < move.since:
        return move
    if device not in move.heard and _is_of_after(capture, command, move, ahead):
        move = replace(move, heard={**move.heard, device: capture.received_at})
    if listed := _listed(capture):
        at = {entity: (capture.received_at, rssi) for entity, rssi in listed.items()}
        move = replace(move, listed={**move.listed, **at})
    return move


def _is_of_after(
    capture: Capture, command: CommandRow | None, move: Move, ahead: timedelta
) -> bool:
    """Return whether a Device can have made a message only after the move.

    An Alert has its own time. A Response to a Command that had been sent before may have waited in
    the hub, unless the Command was sent again.
    """
    if capture.cra is Cra.RESPONSE:
        return command is not None and command.tries > move.under_way.get(command.id, 0)
    if capture.cra is not Cra.ALERT or move.since is None:
        return False
    try:
        message = Message.parse(capture.raw)
        moment = own_moment(message, decode_payload(message))
    except MalformedMessage:
        return False
    return moment is not None and moment + ahead >= move.since


def _measured(rssi: int) -> int | None:
    """Return the average RSSI in dBm; 0 is in a log where nothing was measured yet."""
    return rssi if rssi < 0 else None


def _listed(capture: Capture) -> dict[EntityId, int | None]:
    """Return who is in the CHF Device Log that this Response brings, with the average RSSI
    (dBm)."""
    if capture.cra is not Cra.RESPONSE or capture.message_code not in _READ_LOG:
        return {}
    if capture.judgement is None or not capture.judgement.positive:
        return {}
    try:
        (entries,) = decode_access_response(Message.parse(capture.raw).payload).data
        rows = [each.members for each in entries.members]
        return {EntityId(row[0].octets): _measured(row[_AVERAGE_RSSI].number) for row in rows}
    except (MalformedMessage, ValueError, IndexError):
        return {}
