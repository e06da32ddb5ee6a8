"""What the reset and error codes of ASH mean (Silicon Labs UG101, 'Reset and Error Codes')."""

from dataclasses import dataclass

_AGAIN = "Connect again; if it happens again, update its firmware."
_POWER = "Plug it into another USB port, without a hub or an extension lead."
_PLUG = "Plug it in again, then connect again."
_SERVER = "Check the dongle's server and the network to it, then connect again."
_LINE = (
    "Plug it in again without a hub or an extension lead; for a dongle with RTS/CTS add "
    "?flow=hardware to its address."
)
_LINE_AT_SERVER = "Check the dongle's speed and flow control in the server's settings."

_REASONS = {
    0x00: ("for no reason that it knows", _AGAIN),
    0x01: ("its reset pin was pulled", _AGAIN),
    0x02: ("its power had failed", _POWER),
    0x03: ("its firmware hung (watchdog)", _AGAIN),
    0x06: ("its firmware found a fault in itself (assert)", _AGAIN),
    0x09: ("it came out of its bootloader", _AGAIN),
    0x0B: ("by software", _AGAIN),
    0x51: ("nobody acknowledged what it sent (ACK timeout)", _LINE),
    0x80: ("a fault of its chip", _AGAIN),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a dongle is lost, as the brackets behind that say it, and what to do."""

    reason: str
    remedy: str

    def remedy_for(self, *, at_server: bool) -> str:
        """Say what to do, where a server has the dongle's port or where this machine has it."""
        return _AT_SERVER.get(self.remedy, self.remedy) if at_server else self.remedy


_AT_SERVER = {_LINE: _LINE_AT_SERVER, _PLUG: _SERVER}

CLOSED = Trouble("the connection was closed", _PLUG)
CLOSED_BY_US = Trouble("closed", "Connect again.")
NO_ACKNOWLEDGEMENT = Trouble("it acknowledges nothing that is sent to it", _LINE)
REJECTION = Trouble("it rejects everything that is sent to it (NAK)", _LINE)


def reset(code: int) -> Trouble:
    """Explain an RSTACK that came unasked."""
    return _explained("it reset itself", code)


def failure(code: int) -> Trouble:
    """Explain an ERROR frame, after which a dongle does nothing more until it is reset."""
    return _explained("it stopped with an error", code)


def silence(question: str, seconds: float) -> Trouble:
    """Say that a question that has to be answered was not."""
    return Trouble(f"no answer to {question} within {seconds:g} s", _PLUG)


def _explained(event: str, code: int) -> Trouble:
    why, remedy = _REASONS.get(code, ("UG101 does not have its code", _AGAIN))
    return Trouble(f"{event}: {why}, 0x{code:02X}", remedy)
