"""What is at the other end of a line, in words for the person who holds the dongle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What answers, and what to do. `rank` grows with the evidence; from SURE on nothing else is
    tried."""

    what: str
    remedy: str
    rank: int


# Ranks: the best answer of all lines is believed.
SURE, LIKELY, DAMAGED, STUCK, NOISE, SILENT = 5, 4, 3, 2, 1, 0

NCP_FIRMWARE = "EmberZNet NCP firmware, 6.7 or later"
WRITE_FIRMWARE = f"Write {NCP_FIRMWARE}, to it, or use another dongle."
