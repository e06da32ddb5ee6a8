"""How bytes go over a serial line: speeds and flow control, as dongles are known to use them."""

from dataclasses import dataclass
from enum import StrEnum


class Flow(StrEnum):
    """Who may stop whom on the line."""

    NONE = "none"
    SOFTWARE = "software"
    HARDWARE = "hardware"


_IN_WORDS = {
    Flow.NONE: "no flow control",
    Flow.SOFTWARE: "no RTS/CTS",
    Flow.HARDWARE: "RTS/CTS",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A speed in baud and a flow control.

    XON and XOFF disturb no dongle, for ASH never sends them as data: they go with every line
    that has no RTS/CTS, unless that is asked not to be.
    """

    baud: int = 115200
    flow: Flow = Flow.SOFTWARE

    def __str__(self) -> str:
        return f"{self.baud} baud, {_IN_WORDS[self.flow]}"


FASTEST = 4_000_000  # baud; no USB serial chip goes beyond
# In the order in which they are common: most sticks; Connect ZBT-2; HUSBZB-1; what other builds
# of the firmware for the same chips offer.
KNOWN_SPEEDS = (115200, 460800, 57600, 230400, 921600, 38400)
# A dongle that wants RTS/CTS mostly answers without it too, so all speeds are tried without first.
KNOWN_FLOWS = (Flow.SOFTWARE, Flow.HARDWARE)


def lines_to_try(
    baud: int | None = None, flow: Flow | None = None, remembered: Line | None = None
) -> tuple[Line, ...]:
    """List every line that may be the right one, the likeliest first.

    `baud` and `flow` are what the person said, and nothing else is tried then; `remembered` is
    what worked with the stick before, at whatever speed.
    """
    speeds = KNOWN_SPEEDS if baud is None else (baud,)
    flows = KNOWN_FLOWS if flow is None else (flow,)
    lines = [Line(speed, each) for each in flows for speed in speeds]
    if remembered and baud in (None, remembered.baud) and flow in (None, remembered.flow):
        lines.insert(0, remembered)
    return tuple(dict.fromkeys(lines))
