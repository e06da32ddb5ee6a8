"""What a hub passes on to the HHT of all that its Devices say: Responses of its own, and copies."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.gbcs.correlation import CorrelationKey, key_of_command, key_of_response
from hht.gbcs.message import Cra, Message
from hht.hub_profile import HubProfile


class Outgoing:
    """`queue` keeps what is for the HHT; `is_heard` says whether one is in the HAN.

    `changed` follows what was queued late.
    """

    def __init__(
        self,
        profile: HubProfile,
        clock: ScaledClock,
        is_heard: Callable[[], bool],
        queue: Callable[[bytes], object],
        changed: Callable[[], object],
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._is_heard = is_heard
        self._enqueue = queue
        self._changed = changed
        self._by_wan: set[CorrelationKey] = set()

    def note_wan(self, raw: bytes) -> None:
        """Note a Command of the DCC's: its Response goes back over the WAN."""
        self._by_wan.add(key_of_command(Message.parse(raw)))

    def take(self, raw: bytes, message: Message) -> None:
        """Queue a Response to the HHT's own Command, or a copy where the HHT gets those."""
        copied = self._profile.copies_to_hht and self._is_heard()
        if not copied and not self._answers_hht(message):
            return
        if late := self._profile.late_seconds:
            self._clock.call_later(late, partial(self._queue_late, raw))
        else:
            self._enqueue(raw)

    def _queue_late(self, raw: bytes) -> None:
        self._enqueue(raw)
        self._changed()

    def _answers_hht(self, message: Message) -> bool:
        return message.cra is Cra.RESPONSE and key_of_response(message) not in self._by_wan

    def state(self) -> list[Any]:
        """Return the Commands of the DCC's, for JSON."""
        return [[k.device.hex(), k.party.hex(), k.counter, k.message_code] for k in self._by_wan]

    def restore(self, state: list[Any]) -> None:
        """Restore what `state()` returned."""
        self._by_wan = {
            CorrelationKey(EntityId.parse(device), EntityId.parse(party), counter, code)
            for device, party, counter, code in state
        }
