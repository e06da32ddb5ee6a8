"""What the reset and error codes of ASH mean (Silicon Labs UG101, 'Reset and Error Codes')."""

from dataclasses import dataclass

_AGAIN = "Connect again; if it happens again, update its firmware."
_POWER = "Plug it into another USB port, without a hub or an extension lead."
_LINE = (
    "Plug it in again without a hub or an extension lead; for a dongle with RTS/CTS add "
    "?flow=hardware to its address."
)

_RESETS = {
    0x00: ("for a reason it does not know", _AGAIN),
    0x01: ("by its reset pin", _AGAIN),
    0x02: ("because its power had failed", _POWER),
    0x03: ("by its watchdog: its firmware hung", _AGAIN),
    0x06: ("because its firmware found a fault in itself (assert)", _AGAIN),
    0x09: ("out of its bootloader", _AGAIN),
    0x0B: ("by software", _AGAIN),
}
_ERRORS = {
    0x51: ("nobody acknowledged what it sent (ACK timeout)", _LINE),
    0x80: ("a fault of its chip", _AGAIN),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a dongle is lost, as it stands in brackets behind that, and what to do."""

    reason: str
    remedy: str


CLOSED = Trouble("the connection was closed", "Plug it in again, then connect again.")
CLOSED_BY_US = Trouble("closed", "Connect again.")
NO_ACKNOWLEDGEMENT = Trouble("it acknowledges nothing that is sent to it", _LINE)
REJECTION = Trouble("it rejects everything that is sent to it (NAK)", _LINE)


def reset(code: int) -> Trouble:
    """An RSTACK that nobody asked for."""
    why, remedy = _RESETS.get(code, ("with a code that UG101 does not have", _AGAIN))
    return Trouble(f"it reset itself {why}, 0x{code:02X}", remedy)


def failure(code: int) -> Trouble:
    """An ERROR frame: the dongle does nothing more until it is reset."""
    known = _ERRORS.get(code) or _RESETS.get(code) or ("a code that UG101 does not have", _AGAIN)
    return Trouble(f"it stopped with an error: {known[0]}, 0x{code:02X}", known[1])


def silence(question: str, seconds: float) -> Trouble:
    """It did not answer a question that it has to answer."""
    return Trouble(f"no answer to {question} within {seconds:g} s", CLOSED.remedy)
