"""GPF tap off (GBCS 10.3): GSME Commands that the GPF relays are applied to its mirror as well.

The GPF keeps such a Command as it passes, executes it when the GSME's Response passes the other
way, and raises 0x819E when none does.
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


class GpfTapOff:
    """The tapped off Commands of the GSMEs that one GPF is joined with, and their effect.

    `patience` is how many seconds a Response may take; `emit` gets the GPF's alert.
    """

    def __init__(
        self, gpf: Gpf, clock: Clock, patience: float, emit: Callable[[bytes], None]
    ) -> None:
        self._gpf = gpf
        self._clock = clock
        self._patience = patience
        self._emit = emit
        self._open: dict[CorrelationKey, Message] = {}

    def passes(self, raw: bytes) -> None:
        """Keep a Command on its way to its Device if it is one to tap off."""
        if message := self._tapped(raw):
            key = key_of_command(message)
            self._open[key] = message
            self._clock.call_later(self._patience, lambda: self._missed(key))

    def heard(self, message: Message) -> None:
        """Execute the kept Command that this message of a Device is the Response to."""
        if message.cra is not Cra.RESPONSE:
            return
        command = self._open.pop(key_of_response(message), None)
        if command is not None:
            self._execute(command)

    def lapsed(self, raw: bytes) -> None:
        """Raise the alert for a Command that could not be delivered: no Response will come."""
        if self._tapped(raw):
            self._fail()

    def _tapped(self, raw: bytes) -> Message | None:
        """Return the Command if it is one to tap off; the Device itself refuses a malformed one."""
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
