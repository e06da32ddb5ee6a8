"""The GPF's ear on the GSME's messages: what it taps off as it passes, and the alert when it fails.

A tap-off Command is for a GSME, and for the GPF's mirror of it as well: the GPF keeps it as it
passes, executes it when the GSME's Response passes the other way, and raises 0x819E when none does.
"""

import contextlib
from collections.abc import Callable

from hht.clock import Clock
from hht.gbcs.correlation import CorrelationKey, key_of_command, key_of_response
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.simulator.devices.core.device import AlertDraft, Refusal
from hht.simulator.devices.types.gpf import Gpf

TAPPED_OFF = frozenset({0x006B, 0x006F, 0x0071, 0x0015, 0x007C, 0x007E, 0x0088, 0x00A3})
"""The tap-off messages of GBCS 10.3."""
TAP_OFF_FAILED = 0x819E


class TapOff:
    """Taps off for one GPF, those GSMEs only that it is joined with; `emit` gets its alert."""

    def __init__(
        self, gpf: Gpf, clock: Clock, patience: float, emit: Callable[[bytes], None]
    ) -> None:
        self._gpf = gpf
        self._clock = clock
        self._patience = patience
        self._emit = emit
        self._open: dict[CorrelationKey, Message] = {}

    def passes(self, raw: bytes) -> None:
        """A Command goes to its Device."""
        if message := self._tapped(raw):
            key = key_of_command(message)
            self._open[key] = message
            self._clock.call_later(self._patience, lambda: self._missed(key))

    def heard(self, message: Message) -> None:
        """A message comes from a Device."""
        if message.cra is not Cra.RESPONSE:
            return
        command = self._open.pop(key_of_response(message), None)
        if command is not None:
            self._execute(command)

    def lapsed(self, raw: bytes) -> None:
        """A Command could not be delivered, so that no Response will come."""
        if self._tapped(raw):
            self._fail()

    def _tapped(self, raw: bytes) -> Message | None:
        """The Command, if it is one to tap off; the Device itself refuses what is malformed."""
        with contextlib.suppress(MalformedMessage):
            message = Message.parse(raw)
            is_known = message.recipient in self._gpf.device_log.entries
            if is_known and message.message_code in TAPPED_OFF and message.cra is Cra.COMMAND:
                return message
        return None

    def _execute(self, command: Message) -> None:
        try:
            self._gpf.hear(command, self._clock.now())
        except (MalformedMessage, Refusal):
            self._fail()

    def _missed(self, key: CorrelationKey) -> None:
        if self._open.pop(key, None) is not None:
            self._fail()

    def _fail(self) -> None:
        alert = AlertDraft(TAP_OFF_FAILED, signed=False)
        self._emit(self._gpf.alert(alert, self._clock.now()))
