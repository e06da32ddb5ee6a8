"""What goes wrong on the serial line between a co-processor and its host, below EZSP."""

import random
from dataclasses import dataclass, field
from typing import Literal

Breaking = Literal["drop", "silence", "restart", "error"]
ResetAnswer = Literal[
    "once", "twice", "flood", "late", "in pieces", "garbled", "after stale frames", "error"
]

ASH_VERSION = 2  # the only one there is (UG101)
RESET_SOFTWARE = 0x0B
TOO_MANY_TIMEOUTS = 0x51


@dataclass
class LineFaults:
    """What goes wrong on the line to the host, changed at any time; as made, nothing does.

    `silent` swallows everything both ways; `noise` is the chance of a byte to get one bit
    wrong, both ways. When `break_at` more EZSP frames have come from the host, `breaking`
    happens: the line drops or falls silent, or the co-processor restarts or reports a fatal
    error, with `break_code` (codes of UG101 table 4). `reset_answer` is how RST is answered,
    `reset_code` and `ash_version` what the answer says. `swallows` acknowledges EZSP frames
    and does nothing; `naks` refuses each with that many NAKs, and with `naks_once` accepts it when
    it is sent again. `revives` has a silent co-processor answer the next host that connects.
    `ack_seconds` is how long an acknowledgement is awaited each time, None for UG101's adaptive
    0.4 to 3.2 s.
    """

    silent: bool = False
    noise: float = 0.0
    break_at: int | None = None
    breaking: Breaking = "drop"
    break_code: int = TOO_MANY_TIMEOUTS
    reset_answer: ResetAnswer = "once"
    reset_code: int = RESET_SOFTWARE
    ash_version: int = ASH_VERSION
    swallows: bool = False
    naks: int = 0
    naks_once: bool = False
    revives: bool = False
    ack_seconds: float | None = None
    luck: random.Random = field(default_factory=random.Random)

    def spoil(self, data: bytes) -> bytes:
        """Return the bytes that come out at the other end."""
        if self.silent:
            return b""
        if not self.noise:
            return data
        return bytes(
            byte ^ 1 << self.luck.randrange(8) if self.luck.random() < self.noise else byte
            for byte in data
        )

    def breaks_now(self) -> bool:
        """Count an EZSP frame from the host; is it the one the line does not survive?"""
        if self.break_at is None:
            return False
        self.break_at -= 1
        broken = self.break_at <= 0
        self.silent = self.silent or (broken and self.breaking == "silence")
        if broken and self.breaking in ("restart", "error", "silence"):
            self.break_at = None
        return broken
