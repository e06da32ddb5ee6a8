"""Every misbehaviour that a virtual dongle can have, by name.

Each was seen on a real dongle or port, or stands for a kind of such; a scenario, `hht hub serve
--dongle-fault` and the tests switch them on by these names.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from hht.errors import InputError
from hht.simulator.ncp.faults.ezsp import EVERY_TIME, EzspFaults, Refusal
from hht.simulator.ncp.faults.impostors import IMPOSTORS
from hht.simulator.ncp.faults.line import LineFaults
from hht.simulator.ncp.status import Status

RESET_EXTERNAL, RESET_POWER_ON, RESET_WATCHDOG = 0x01, 0x02, 0x03
RESET_ASSERT, RESET_BOOTLOADER, RESET_UNKNOWN = 0x06, 0x09, 0xEE
ERROR_RECEIVE, ERROR_UNKNOWN = 0x81, 0xF7
_MAC_FILTER, _INCOMING, _STACK_STATUS, _NETWORK_FOUND = 0x46, 0x45, 0x19, 0x1B
_UNKNOWN, _RAW_COMPLETE, _SENT, _ENERGY = 0xFFF, 0x98, 0x3F, 0x48
_EARLY = "getEui64"  # a command that every host gives soon after the version
_MANY = 6  # frames or calls after which something in the middle of a visit happens
_IN_VISIT = 60  # frames: opening takes about 15, a visit some hundreds


class Misbehaving(Protocol):
    """What a fault is switched on in."""

    impostor: str

    @property
    def faults(self) -> LineFaults:
        """Those of the line."""

    @property
    def ezsp_faults(self) -> EzspFaults:
        """Those of answers and callbacks."""

    def hang_up(self) -> None:
        """Cut the host off."""

    def lose_network(self) -> None:
        """Have the stack lose its network."""

    def restart(self, code: int) -> None:
        """Restart, for this reason."""

    def fail(self, code: int) -> None:
        """Report a fatal error."""


Fault = Callable[[Misbehaving], None]


def _line(**settings: object) -> Fault:
    def switch(at: Misbehaving) -> None:
        for name, value in settings.items():
            setattr(at.faults, name, value)

    return switch


def _ezsp(**settings: object) -> Fault:
    def switch(at: Misbehaving) -> None:
        for name, value in settings.items():
            setattr(at.ezsp_faults, name, value)

    return switch


def _refuses(
    *commands: str,
    status: Status = Status.INVALID_CALL,
    calls: Collection[int] = EVERY_TIME,
    until_reset: bool = False,
) -> Fault:
    def switch(at: Misbehaving) -> None:
        for name in commands:
            at.ezsp_faults.refused[name] = Refusal(status, calls, until_reset)

    return switch


def _unanswered(*commands: str) -> Fault:
    return lambda at: at.ezsp_faults.unanswered.update(commands)


def _stray(*callbacks: tuple[int, bytes]) -> Fault:
    def switch(at: Misbehaving) -> None:
        at.ezsp_faults.stray.setdefault(_EARLY, []).extend(callbacks)

    return switch


def _loses(callback: str, calls: object = None) -> Fault:
    def switch(at: Misbehaving) -> None:
        which = EVERY_TIME if calls is None else calls
        at.ezsp_faults.lost[callback] = which  # type: ignore[assignment]

    return switch


def _at(event: str, number: int, happens: Callable[[Misbehaving], None]) -> Fault:
    """Build a fault at a certain call of a command, or in place of a callback."""

    def switch(at: Misbehaving) -> None:
        at.ezsp_faults.doing[event] = (number, lambda: happens(at))
        if event.endswith("Handler"):
            at.ezsp_faults.lost[event] = (number,)

    return switch


def _replaces(command: str, body: bytes) -> Fault:
    return lambda at: at.ezsp_faults.replaced.update({command: body})


def _impostor(name: str) -> Fault:
    def switch(at: Misbehaving) -> None:
        at.impostor = name

    return switch


def _cuts(command: str, kept: int) -> Fault:
    return lambda at: at.ezsp_faults.cut.update({command: kept})


def _spoils(callback: str, body: bytes) -> Fault:
    return lambda at: at.ezsp_faults.false_callbacks.update({callback: body})


FAULTS: Mapping[str, Fault] = {
    **{name: _impostor(name) for name in IMPOSTORS},
    # How a reset is answered
    "reset-ash-1": _line(ash_version=1),
    "reset-assert": _line(reset_code=RESET_ASSERT),
    "reset-bootloader": _line(reset_code=RESET_BOOTLOADER),
    "reset-external": _line(reset_code=RESET_EXTERNAL),
    "reset-power-on": _line(reset_code=RESET_POWER_ON),
    "reset-unknown": _line(reset_code=RESET_UNKNOWN),
    "reset-watchdog": _line(reset_code=RESET_WATCHDOG),
    "reset-error": _line(reset_answer="error"),
    "reset-error-unknown": _line(reset_answer="error", break_code=ERROR_UNKNOWN),
    "reset-flood": _line(reset_answer="flood"),
    "reset-garbled": _line(reset_answer="garbled"),
    "reset-in-pieces": _line(reset_answer="in pieces"),
    "reset-late": _line(reset_answer="late"),
    "reset-stale-frames": _line(reset_answer="after stale frames"),
    "reset-twice": _line(reset_answer="twice"),
    # What becomes of EZSP frames
    "mute-after-reset": _line(swallows=True),
    "naks": _line(naks=1),
    "naks-once": _line(naks=1, naks_once=True),
    "nak-storm": _line(naks=3000),
    "noise": _line(noise=0.001),
    "error-at-once": _line(break_at=1, breaking="error"),
    "error-later": _line(break_at=_MANY, breaking="error"),
    "error-later-receive": _line(break_at=_MANY, breaking="error", break_code=ERROR_RECEIVE),
    "error-later-assert": _line(break_at=_MANY, breaking="error", break_code=RESET_ASSERT),
    "restart-later": _line(break_at=_MANY, breaking="restart", break_code=RESET_ASSERT),
    "power-on-later": _line(break_at=_MANY, breaking="restart", break_code=RESET_POWER_ON),
    "silence-later": _line(break_at=_MANY, breaking="silence"),
    "silence-until-reopened": _line(break_at=_IN_VISIT, breaking="silence", revives=True),
    "unplugged-later": _line(break_at=_MANY, breaking="drop"),
    # Versions, tables, answers
    "ezsp-4": _ezsp(version=4),
    "ezsp-15": _ezsp(version=15),
    "ezsp-20": _ezsp(version=20),
    "ezsp-255": _ezsp(version=255),
    "stack-type-1": _ezsp(stack_type=1),
    "nothing-known": _ezsp(nothing_known=True),
    "fixed-tables": _ezsp(fixed_tables=True),
    "overflow": _ezsp(overflow=True),
    "answers-cut": _ezsp(cut_all=0),
    "answers-longer": _ezsp(surplus=b"\xaa\xbb"),
    "eui64-cut": _cuts("getEui64", 1),
    "eui64-blank": _replaces("getEui64", b"\xff" * 8),
    "no-endpoint": _refuses("addEndpoint"),
    "no-mac-filters": _refuses("setValue", status=Status.UNKNOWN_ID),
    "no-channel": _refuses("setLogicalAndRadioChannel", "setRadioChannel"),
    "no-interpan": _refuses("setValue", "mfglibStart", status=Status.UNKNOWN_ID),
    "mfglib-refused": _refuses("mfglibStart"),
    "raw-refused": _refuses("sendRawMessageExtended"),
    "raw-refused-once": _refuses("sendRawMessageExtended", calls=(1,)),
    "unicast-full": _refuses("sendUnicast", status=Status.MAX_MESSAGE_LIMIT_REACHED),
    "unicast-full-until-reset": _refuses(
        "sendUnicast", status=Status.MAX_MESSAGE_LIMIT_REACHED, until_reset=True
    ),
    "unicast-full-at-times": _refuses(
        "sendUnicast", status=Status.MAX_MESSAGE_LIMIT_REACHED, calls=(3, 9)
    ),
    "link-key-refused": _refuses("importLinkKey", "addOrUpdateKeyTableEntry"),
    "link-key-refused-until-reset": _refuses(
        *("importLinkKey", "addOrUpdateKeyTableEntry", "setKeyTableEntry"), until_reset=True
    ),
    "security-refused": _refuses("setInitialSecurityState"),
    "security-refused-until-reset": _refuses("setInitialSecurityState", until_reset=True),
    "poll-refused": _refuses("pollForData"),
    "custom-frame-unanswered": _unanswered("customFrame"),
    "board-name-unanswered": _unanswered("getMfgToken"),
    "no-op-unanswered": _unanswered("nop"),
    # Scans and the network
    "scan-busy": _refuses("startScan", status=Status.MAC_SCANNING),
    "scan-busy-once": _refuses("startScan", status=Status.MAC_SCANNING, calls=(1,)),
    "scan-never-ends": _loses("scanCompleteHandler"),
    "scan-fails": _spoils("scanCompleteHandler", b"\x0b\x40"),
    "scan-then-restart": _at("scanCompleteHandler", 1, lambda at: at.restart(RESET_ASSERT)),
    "scan-then-error": _at("scanCompleteHandler", 1, lambda at: at.fail(0x51)),
    "scan-then-unplugged": _at("scanCompleteHandler", 1, lambda at: at.hang_up()),
    "join-no-beacons": _ezsp(joining_fails_as=Status.NO_BEACONS),
    "network-lost": _at("sendUnicast", _MANY, lambda at: at.lose_network()),
    "assert-in-visit": _at("sendUnicast", _MANY, lambda at: at.restart(RESET_ASSERT)),
    # Callbacks
    "filters-deaf": _ezsp(deaf_filters=True),
    "raw-never-complete": _loses("rawTransmitCompleteHandler"),
    "sent-lost-once": _loses("messageSentHandler", (4,)),
    "callbacks-short": _stray(
        (_INCOMING, b"\x00\x01"),
        (_STACK_STATUS, b""),
        (_NETWORK_FOUND, b"\x01"),
        (_RAW_COMPLETE, b""),
        (_MAC_FILTER, b"\x00"),
        (_SENT, b""),
        (_ENERGY, b"\x01"),
    ),
    "callbacks-long": _stray((_INCOMING, bytes(60))),
    "callbacks-unknown": _stray((_UNKNOWN, b"zz")),
    "stack-status-unknown": _stray((_STACK_STATUS, b"\xef\x00\x00\x00")),
    "raw-complete-odd": _stray((_RAW_COMPLETE, b"\x7f"), (_RAW_COMPLETE, b"")),
}


def find_fault(name: str) -> Fault:
    """Return the fault of that name; InputError when there is none."""
    fault = FAULTS.get(name)
    if fault is None:
        known = ", ".join(sorted(FAULTS))
        raise InputError(f"there is no dongle fault {name!r}", remedy=f"Use one of {known}.")
    return fault
