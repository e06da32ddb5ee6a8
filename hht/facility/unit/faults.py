"""How a simulated unit misbehaves: what is wrong in its memory, and what it does on the line."""

import os
from collections.abc import Mapping
from hashlib import sha256

from hht.facility.package.header import PackageHeader
from hht.facility.unit.memory import UnitMemory
from hht.facility.wire.messages import Kind

FOREIGN = "foreign"
UNPLUGGED = "unplugged-at-"
_STEPS = {
    "identify": Kind.IDENTIFY,
    "slot": Kind.SLOT,
    "open": Kind.OPEN,
    "block": Kind.BLOCK,
    "verify": Kind.VERIFY,
    "commit": Kind.COMMIT,
}
AFTER = "unplugged-after-commit"

FAULTS: Mapping[str, str] = {
    **{f"{UNPLUGGED}{step}": f"is unplugged at {kind.name}, once" for step, kind in _STEPS.items()},
    AFTER: "is unplugged when it has committed and not answered, once",
    "torn": "has half a package from an earlier attempt",
    "loaded-elsewhere": "carries another package",
    "wrong-key": "does not hold its certificate's key",
    FOREIGN: "is in no manifest",
    "knows-no-facility": "does not know the facility's key",
    "had-newer": "had a newer package before",
    "silent": "never answers",
    "noisy": "has noise on its line",
    "loses-answers": "loses every third answer",
    "bad-receipt": "signs its receipt wrong",
    "other-digest": "says that it holds something else than was written",
    "refuses-blocks": "has no room for the package",
    "presented-twice": "is plugged in again after it was loaded",
    "swapped": "is exchanged for another unit without an unplug",
}
"""Each fault's name and what the unit does; the example gives them out in this order."""


def spoil(memory: UnitMemory, fault: str) -> None:
    """Give a sound unit this fault."""
    memory.faults = [fault]
    if fault == "torn":
        memory.inactive = b""
    elif fault == "loaded-elsewhere":
        memory.active = _someone_elses(memory)
    elif fault == "wrong-key":
        memory.agreement_key = sha256(memory.agreement_key).digest()
    elif fault == "knows-no-facility":
        memory.facilities = []
    elif fault == "had-newer":
        memory.newest = 1 << 62


def unplugs_at(faults: list[str], kind: int) -> str:
    """Return the fault by which a unit goes away when it is asked this; empty where it stays."""
    for step, at in _STEPS.items():
        if at == kind and f"{UNPLUGGED}{step}" in faults:
            return f"{UNPLUGGED}{step}"
    return AFTER if kind == Kind.COMMIT and AFTER in faults else ""


def _someone_elses(memory: UnitMemory) -> bytes:
    """Return a whole package of another batch, as far as the bench can see."""
    body = os.urandom(64)
    header = PackageHeader(
        memory.unit_id, bytes(8), 1, 0, bytes(65), "earlier", sha256(body).digest(), len(body)
    )
    return header.signed + bytes(64) + body
