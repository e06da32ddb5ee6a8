"""What a scenario may ask its head-end to compose: short phrases, one or two Commands each."""

from collections.abc import Callable, Mapping

from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.join_log import PAIRS
from hht.simulator.site.spec import Step

_T = DeviceType
HUB_LABELS: Mapping[str, DeviceType] = {"CHF": _T.CHF, "GPF": _T.GPF}
_WITH_CLOCK = (_T.ESME, _T.GSME)
_WITH_FIRMWARE = (_T.ESME, _T.GSME, _T.PPMID, _T.HCALCS)


Fits = Callable[..., bool]
_PHRASES: Mapping[str, Fits] = {
    "add": lambda kind: kind not in (_T.CHF, _T.GPF),
    "remove": lambda kind: kind not in (_T.CHF, _T.GPF),
    "clock": lambda kind: kind in _WITH_CLOCK,
    "join": lambda one, two: (one, two) in PAIRS and (two is _T.TYPE_2 or (two, one) in PAIRS),
    "unjoin": lambda one, two: (one, two) in PAIRS,
    "read joins": lambda kind: kind not in (_T.CHF, _T.TYPE_2),
    "read firmware": lambda kind: kind in _WITH_FIRMWARE,
    "read log": lambda: True,
    "back up log": lambda: True,
    "read channel": lambda: True,
    "scan channels": lambda: True,
}
"""The actions, and which Device types each may name after it."""


def parse_step(phrase: str, devices: Mapping[str, DeviceType]) -> Step:
    """Read "join ESME PPMID"; ValueError says what is wrong with the phrase."""
    kinds = {**devices, **HUB_LABELS}
    action = next((a for a in _PHRASES if phrase == a or phrase.startswith(f"{a} ")), None)
    if action is None:
        raise ValueError(f"{phrase!r} is not one of the Commands a job can have")
    labels = tuple(phrase.removeprefix(action).split())
    for label in labels:
        if label not in kinds:
            raise ValueError(f"{phrase!r} names {label!r}, which is no Device here")
    fits = _PHRASES[action]
    if len(labels) != fits.__code__.co_argcount or not fits(*(kinds[label] for label in labels)):
        raise ValueError(f"{phrase!r} is not something these Devices can be told")
    return Step(action, labels)
