"""Feeds everything that reads what comes from the air with altered and random bytes.

What is refused is refused with the typed error of its reader; nothing else may come out of it, and
the memory stays as it is. Run it: `python tests/long/air_fuzz.py [--inputs 1000000] [--seed 1]`;
exit 1 when anything escaped or the memory grew.
"""

import argparse
import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, ECS70_RESPONSE, GNCA_ALERT

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.judgement import judge
from hht.gbcs.message import Message
from hht.hub_profile import load_profile
from hht.radio import fragmentation
from hht.session.arrivals import Arrivals
from hht.zse import gbt
from hht.zse.cbke.cluster import (
    ConfirmKey,
    EphemeralData,
    Initiate,
    Terminate,
    TerminateStatus,
    decode_key_command,
    key_frame,
)
from hht.zse.frames import zdo
from hht.zse.install_code import InstallCode
from hht.zse.interpan.admission import (
    answer_frame,
    build_admission,
    build_admission_answer,
    is_admission_answer,
    read_admission,
    read_admission_answer,
)
from hht.zse.interpan.frame import InterPanFrame, decode_interpan
from hht.zse.interpan.transfer import SecuredReceiver, secured_frames
from hht.zse.tunneling import (
    CloseTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TunnelClosure,
    TunnelStatus,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import ZclFrame

HHT, HUB = (EntityId.parse(f"00-DB-12-34-56-78-90-{end}") for end in ("B1", "A3"))
KEY = bytes(range(16))
PROFILE = load_profile()
FLAT_MIB = 8.0
"""What the memory may grow by after the first tenth: caches, and an allocator's own habits."""
_RESPONSES = (CCS01_RESPONSE, CS14_ALERT, ECS70_RESPONSE, GNCA_ALERT, CCS01_COMMAND)


@dataclass(frozen=True)
class Target:
    """A reader, what it reads when all is well, and how often it is tried among the others."""

    read: Callable[[bytes], object]
    samples: Sequence[bytes]
    weight: int = 10


def targets() -> dict[str, Target]:
    """Everything between the dongle and the store."""
    fragments, blocks = _Fragments(), _Blocks()
    return {
        "ZCL and tunnel": Target(_tunnel, _tunnel_samples()),
        "tunnel data": Target(decode_tunnel_data, [b"\x02" + CCS01_RESPONSE, CCS01_RESPONSE]),
        "General Block Transfer": Target(blocks.read, gbt.split(CCS01_RESPONSE * 20, 120)),
        "key establishment": Target(_key_command, _key_samples()),
        "inter-PAN": Target(_InterPan().read, _interpan_samples()),
        "admission": Target(_admission, _admission_samples()),
        "APS fragments": Target(fragments.read, [bytes((3, at)) + b"piece" for at in range(3)]),
        "Match_Desc": Target(zdo.matched_endpoints, [b"\x01\x00\x00\x00\x02\x01\x03"]),
        "GBCS messages": Target(_message, _RESPONSES, 3),
    }


def altered(sample: bytes, luck: random.Random) -> bytes:
    """Alter a sample in one way or several: bits, bytes, length, or something else altogether."""
    raw = bytearray(sample)
    for _ in range(luck.choice((1, 1, 1, 2, 5))):
        way, at = luck.randrange(7), luck.randrange(len(raw) + 1)
        if way == 0 and raw:
            raw[at % len(raw)] ^= 1 << luck.randrange(8)
        elif way == 1 and raw:
            raw[at % len(raw)] = luck.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
        elif way == 2:
            del raw[at:]
        elif way == 3:
            raw[at:at] = luck.randbytes(luck.choice((1, 2, 8, 60)))
        elif way == 4:
            del raw[at : at + luck.randrange(1, 9)]
        elif way == 5:
            raw = bytearray(luck.randbytes(luck.randrange(0, 130)))
    return bytes(raw)


def run(inputs: int, seed: int) -> dict[str, object]:
    """Feed so many; what came of it, by target, and the memory's growth in MiB."""
    luck, known = random.Random(seed), targets()
    names = [name for name, target in known.items() for _ in range(target.weight)]
    counts: Counter[str] = Counter()
    escaped: Counter[str] = Counter()
    early, began = 0.0, time.perf_counter()
    for number in range(inputs):
        name = luck.choice(names)
        raw = altered(luck.choice(known[name].samples), luck)
        counts[name] += 1
        try:
            known[name].read(raw)
            counts["taken"] += 1
        except HhtError:
            counts["refused"] += 1
        except Exception as error:
            escaped[f"{name}: {type(error).__name__}: {error} on {raw[:60].hex()}"] += 1
        if number == inputs // 10:
            early = _memory()
    return {
        "inputs": inputs,
        "seconds": round(time.perf_counter() - began, 1),
        **counts,
        "escaped": dict(escaped.most_common(20)),
        "grown_mib": round(_memory() - early, 1),
    }


def _memory() -> float:
    """The resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def _tunnel(raw: bytes) -> None:
    command = decode_tunnel_command(ZclFrame.decode(raw))
    if isinstance(command, TransferData):
        with contextlib.suppress(HhtError):
            decode_tunnel_data(command.data)


class _Blocks:
    """One tunnel for all of them: what is left of a message weighs on the next ones."""

    def __init__(self) -> None:
        self._arrivals = Arrivals(lambda fault: None)

    def read(self, raw: bytes) -> None:
        self._arrivals.take(raw)
        if len(self._arrivals) > 100:
            self._arrivals.confirm()


class _Fragments:
    def __init__(self) -> None:
        self._reassembler = fragmentation.Reassembler()

    def read(self, raw: bytes) -> None:
        group = int.from_bytes(raw[:2].ljust(2, b"\0"), "big")
        self._reassembler.feed(raw[2:3], group, raw[3:])


class _InterPan:
    def __init__(self) -> None:
        self._receiver = SecuredReceiver(KEY)

    def read(self, raw: bytes) -> None:
        self._receiver.feed(decode_interpan(raw, lambda _: KEY))


def _key_command(raw: bytes) -> None:
    decode_key_command(ZclFrame.decode(raw))


def _admission(raw: bytes) -> None:
    frame = ZclFrame.decode(raw)
    if is_admission_answer(PROFILE, frame):
        read_admission_answer(PROFILE, frame.payload, KEY)


def _message(raw: bytes) -> None:
    """Judge a message; what fails in that is only logged, so that no message is lost by it."""
    found = judge(Message.parse(raw), None)
    assert not found.summary.startswith("This program failed"), found.summary


def _tunnel_samples() -> list[bytes]:
    commands = (
        TransferData(1, CCS01_RESPONSE, from_server=True),
        RequestTunnelResponse(1, TunnelStatus.SUCCESS, 1500),
        CloseTunnel(1),
        TunnelClosure(1),
        TransferDataError(1, 0, from_server=True),
    )
    return [command.frame(9).encode() for command in commands]


def _key_samples() -> list[bytes]:
    commands = (
        Initiate(2, 10, 10, bytes(74)),
        EphemeralData(bytes(37)),
        ConfirmKey(bytes(16)),
        Terminate(TerminateStatus.NO_RESOURCES, 10, 2),
    )
    return [key_frame(command, 7, to_server=False).encode() for command in commands]


def _interpan_samples() -> list[bytes]:
    plain = InterPanFrame(HUB, 0x1A2B, HHT, 0xFFFF, 1, 0x0704, bytes(20), 0x0109)
    long = replace(plain, payload=CCS01_RESPONSE)
    return [plain.encode(), *secured_frames(long, KEY, 1, PROFILE)]


def _admission_samples() -> list[bytes]:
    asked = build_admission(PROFILE, HHT, InstallCode(bytes(16)), HUB, 9, KEY)
    payload = build_admission_answer(PROFILE, read_admission(PROFILE, asked, KEY), 0, KEY)
    return [answer_frame(PROFILE, payload, 1).encode()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = run(options.inputs, options.seed)
    print(json.dumps(found))
    grown = found["grown_mib"]
    assert isinstance(grown, float)
    return int(bool(found["escaped"]) or grown > FLAT_MIB)


if __name__ == "__main__":
    sys.exit(main())
