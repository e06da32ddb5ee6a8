"""What goes wrong in a co-processor's answers and callbacks, command by command."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from hht.simulator.ncp.status import Status

_OVERFLOW = 0x01  # of an answer's frame control, low byte
_CONTROL = 1  # place of the frame control's low octet
EVERY_TIME: Collection[int] = range(1, 1 << 31)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command refused: with which status, and which of its calls (counted from 1).

    With `until_reset` it is refused no more after a reset that follows a refusal.
    """

    status: Status
    calls: Collection[int] = EVERY_TIME
    until_reset: bool = False


@dataclass
class EzspFaults:
    """Switches for an EZSP server, changed at any time; as made, nothing is wrong.

    `version` and `stack_type` are what the `version` answer says in place of the truth.
    `unanswered` commands get no answer; of those in `cut` only so many bytes of the answer's
    body are sent; `replaced` bodies are sent as they are; `surplus` follows every other body.
    Callbacks in `lost` are not sent (which ones, counted from 1), those in `false_callbacks`
    are sent with that body; `stray` (frame id, body) follow the answer of a command.
    `doing` runs something at a certain call of a command, before it is executed, or at a callback.
    """

    version: int | None = None
    stack_type: int | None = None
    nothing_known: bool = False
    overflow: bool = False
    joining_fails_as: Status | None = None
    deaf_filters: bool = False
    fixed_tables: bool = False
    surplus: bytes = b""
    refused: dict[str, Refusal] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    cut: dict[str, int] = field(default_factory=dict)
    cut_all: int | None = None
    replaced: dict[str, bytes] = field(default_factory=dict)
    lost: dict[str, Collection[int]] = field(default_factory=dict)
    false_callbacks: dict[str, bytes] = field(default_factory=dict)
    stray: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    doing: dict[str, tuple[int, Callable[[], None]]] = field(default_factory=dict)
    _called: Counter[str] = field(default_factory=Counter)
    _sent: Counter[str] = field(default_factory=Counter)

    def refusal(self, name: str) -> Status | None:
        """Count a call of a command; the status it is refused with, None when it is not."""
        self._called[name] += 1
        self._act(name, self._called[name])
        refusal = self.refused.get(name)
        refused = refusal is not None and self._called[name] in refusal.calls
        return refusal.status if refused and refusal else None

    def reset(self) -> None:
        """Lift the refusals that a reset cures."""
        for name, refusal in tuple(self.refused.items()):
            if refusal.until_reset and self._called[name]:
                del self.refused[name]

    def answers(self, name: str) -> bool:
        """Return whether this command gets an answer at all."""
        return name not in self.unanswered

    def spoil_answer(self, name: str, header: bytes, body: bytes) -> bytes:
        """Return the frame as it goes out."""
        kept = self.cut.get(name, self.cut_all)
        if kept is not None:
            body = body[:kept]
        body = self.replaced.get(name, body + self.surplus)
        if self.overflow:
            header = header[:_CONTROL] + bytes([header[_CONTROL] | _OVERFLOW]) + header[2:]
        return header + body

    def spoil_callback(self, name: str, body: bytes) -> bytes:
        """Return the body of a callback as it goes out."""
        return self.false_callbacks.get(name, body)

    def callbacks_after(self, name: str) -> list[tuple[int, bytes]]:
        """List callbacks that nothing has caused, which follow the answer of this command."""
        return self.stray.get(name, [])

    def loses(self, name: str) -> bool:
        """Count a callback; is it one that never comes?"""
        self._sent[name] += 1
        self._act(name, self._sent[name])
        return self._sent[name] in self.lost.get(name, ())

    def _act(self, name: str, number: int) -> None:
        """Do what is to be done at this call or callback."""
        at, action = self.doing.get(name, (0, None))
        if action is not None and at == number:
            action()
