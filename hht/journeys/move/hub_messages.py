"""What the hub itself says that is about a move: Alerts, and Responses about its channels."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hht.entity_id import EntityId
from hht.gbcs.message import Cra
from hht.hub_profile import HubProfile
from hht.journeys.move import asked, events
from hht.journeys.move.expected import expected
from hht.journeys.move.record import MoveRecord
from hht.journeys.move.states import MoveEvent, MoveKind, MoveState
from hht.journeys.plan.kinds import kind_of
from hht.store import Capture, CommandRow
from hht.store.command_states import is_done, is_open
from hht.texts import texts_of

_text = texts_of("move_asked")

_CHANGED, _OUTCOME = 0x8F26, 0x8F28
_READ_CHANNEL, _READ_CHANNEL_LOG = 0x010A, 0x010B


def hub_has_answered(command: int, rows: Sequence[CommandRow], captures: Sequence[Capture]) -> bool:
    """Return whether the hub has said what it makes of a Command that may move it.

    Of a scan it says so twice: its Response accepts the request, an Alert says whether it scans.
    """
    row = next(each for each in rows if each.id == command)
    if is_open(row.state):
        return False
    scans = [each for each in rows if _asks_for_scan(each) and is_done(each.state)]
    outcomes = [each for each in captures if each.alert_code == _OUTCOME]
    return not _asks_for_scan(row) or len(outcomes) >= len(scans)


def _asks_for_scan(row: CommandRow) -> bool:
    return kind_of(row.message_code).moves == MoveKind.SUB_GHZ.value


class HubMessages:
    """The reader of the hub's messages for the record of a move."""

    def __init__(self, record: MoveRecord, profile: HubProfile, late: Collection[EntityId]) -> None:
        self._record = record
        self._profile = profile
        self._late = late

    def take(self, capture: Capture, command: CommandRow | None) -> None:
        """Take in a message that was kept, and the Local Command that it answers.

        MalformedMessage, ValueError or IndexError for one that cannot be read.
        """
        if capture.cra is Cra.ALERT and capture.originator == self._record.job.hub_chf:
            self._alert(capture)
        elif capture.cra is Cra.RESPONSE and command is not None:
            self._response(command, capture)

    def _alert(self, capture: Capture) -> None:
        if capture.alert_code == _CHANGED:
            channel, said = asked.new_channel(capture.raw)
            self._changed(channel, _text("now_on", channel=said), capture.received_at)
        elif capture.alert_code == _OUTCOME:
            answer = asked.scan_answer(capture.raw)
            self._scan_answered(answer, capture.received_at)

    def _scan_answered(self, answer: asked.ScanAnswer, at: datetime) -> None:
        said = _text("scan_leave" if answer.hht_connected else "scan", answer=answer.said)
        if not self._record.move.awaits_hub:  # else its sub-GHz leg goes with it
            self._scan_awaited(answer, said, at)
        self._record.publish(events.MoveAsked(MoveKind.SUB_GHZ.value, said))

    def _scan_awaited(self, answer: asked.ScanAnswer, said: str, at: datetime) -> None:
        move = self._record.begun(self._record.move, MoveKind.SUB_GHZ, said, at)
        devices = self._record.job.devices
        wait = expected(MoveKind.SUB_GHZ, devices, self._profile, self._late)
        due = at + timedelta(seconds=wait.seconds)
        move = replace(move, expects_leave=answer.hht_connected, due=due)
        is_over = not answer.accepted and not answer.hht_connected
        self._record.keep(move.stayed(said) if is_over else move)

    def _response(self, row: CommandRow, capture: Capture) -> None:
        """Take in a Response of the hub's that is about channels."""
        if capture.judgement is None or not capture.judgement.positive:
            return
        if kind_of(row.message_code).moves == MoveKind.HUB.value:
            self._mask_taken(row, capture.received_at)
        elif row.message_code == _READ_CHANNEL:
            self._channel_read(asked.channel_in_use(capture.raw), capture.received_at)
        elif row.message_code == _READ_CHANNEL_LOG:
            move = self._record.move
            waits = move.kind is MoveKind.SUB_GHZ and move.state is MoveState.ASKED
            if waits and move.since and asked.was_kept(capture.raw, move.since):
                self._record.stay(_text("kept"))

    def _mask_taken(self, row: CommandRow, at: datetime) -> None:
        allowed, channel = asked.mask_channels(row.raw), self._record.move.channel
        if allowed is None or channel in allowed:
            said = _text("stays" if allowed else "mask_away", channel=channel)
            if self._record.move.is_open:  # who is looked for is looked for on
                self._record.publish(events.MoveAsked(MoveKind.HUB.value, said))
                return
            self._record.begin(MoveKind.HUB, said, at, row.id)
            self._record.stay(said)
            return
        listed = _text("or").join(map(str, sorted(allowed)))
        said = _text("goes", channel=channel, to=listed)
        self._record.begin(MoveKind.HUB, said, at, row.id, expects_leave=True)

    def _channel_read(self, channel: bytes, at: datetime) -> None:
        """Compare the sub-GHz channel with the one that was read before."""
        before = self._record.move.sub_ghz
        if before in ("", channel.hex()):
            self._record.keep(replace(self._record.move, sub_ghz=channel.hex()))
        elif before != channel.hex():
            self._changed(channel, _text("read_elsewhere"), at)

    def _changed(self, channel: bytes, said: str, at: datetime) -> None:
        move = self._record.move
        if move.sub_ghz == channel.hex() and move.is_open:
            return
        if move.awaits_hub:
            self._record.keep(replace(move, sub_ghz=channel.hex()))
            return
        begun = self._record.begun(move, MoveKind.SUB_GHZ, said, at)
        begun = replace(begun, sub_ghz=channel.hex(), earlier=move.watch_of_all)
        self._record.keep(replace(begun, hub_at=at, looked_at=at).after(MoveEvent.CHANGED))
        self._record.publish_hub_back(at)
