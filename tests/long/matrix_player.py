"""The app as a process that dies, or has the hub die, at a protocol moment.

`matrix_player.py FOLDER RUN_DIR ADDRESS PROFILE`, with HHT_MATRIX=`moment:number:victim:hub pid`. A
moment is `before` or `after` an acknowledgement (`ack`), a capture, a commit, the CloseTunnel
(`close`) or leaving the HAN (`leave`). The moments that came are written to FOLDER/moments.json.
"""

import asyncio
import functools
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hht.journeys.equipment import RadioKit

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from play_visit import show

from hht.gbcs.keystore import PemFolder
from hht.hub_profile import load_profile
from hht.journeys.auto.play import play
from hht.journeys.keeper import Keeper
from hht.journeys.visit import Visit
from hht.radio.dongle import Dongle
from hht.session.han_membership import Han
from hht.session.identity import load_identity
from hht.store import Mode, Store
from hht.store.sqlite.database import Database
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import decode_block, is_block
from hht.zse.tunneling import (
    CloseTunnel,
    TransferData,
    TunnelClosure,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import TUNNELING, ZclFrame


class Moments:
    """Counts the moments, and kills at the one that is wanted."""

    def __init__(self, wanted: str) -> None:
        moment, number, victim, hub = (wanted or "none:0:app:0").split(":")
        self._wanted, self._victim, self._hub = (moment, int(number)), victim, int(hub)
        self.counts: Counter[str] = Counter()

    def reached(self, moment: str) -> None:
        self.counts[moment] += 1
        if (moment, self.counts[moment]) != self._wanted:
            return
        if self._victim in ("hub", "both"):
            os.kill(self._hub, signal.SIGKILL)
        if self._victim in ("app", "both"):
            os.kill(os.getpid(), signal.SIGKILL)


def watch(moments: Moments) -> None:
    """Have every protocol moment counted."""
    _around(Keeper, "_capture", lambda *_: "capture", moments)
    _around(Dongle, "leave", lambda *_: "leave", moments)
    _around(Han, "send", _kind_of, moments)
    made = Database.__init__

    def make(self: Database, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        boundary = Counter[str]()

        def crash_point() -> None:
            boundary["passed"] += 1
            moments.reached("before commit" if boundary["passed"] % 2 else "after commit")

        self._crash_point = crash_point

    Database.__init__ = make  # type: ignore[method-assign]


def _around(kind: type, name: str, moment_of: Callable[..., str], moments: Moments) -> None:
    """Count a moment before and after each call of a method, plain or asynchronous."""
    real = getattr(kind, name)
    if asyncio.iscoroutinefunction(real):

        @functools.wraps(real)
        async def around(*args: Any, **options: Any) -> Any:
            moment = moment_of(*args)
            moments.reached(f"before {moment}")
            answer = await real(*args, **options)
            moments.reached(f"after {moment}")
            return answer

        setattr(kind, name, around)
        return

    @functools.wraps(real)
    def around_plain(*args: Any, **options: Any) -> Any:
        moment = moment_of(*args)
        moments.reached(f"before {moment}")
        answer = real(*args, **options)
        moments.reached(f"after {moment}")
        return answer

    setattr(kind, name, around_plain)


def _kind_of(han: Han, cluster: int, frame: ZclFrame) -> str:
    """What a frame to the hub is, as far as the matrix is about it."""
    if cluster != TUNNELING:
        return "other"
    try:
        command = decode_tunnel_command(frame)
        if isinstance(command, CloseTunnel | TunnelClosure):
            return "close"
        if isinstance(command, TransferData):
            data = decode_tunnel_data(command.data).message
            return "ack" if is_block(data) and not decode_block(data).data else "other"
    except MalformedFrame:
        pass
    return "other"


def main(folder: Path, run_dir: Path, address: str, profile: str) -> None:
    moments = Moments(os.environ.get("HHT_MATRIX", ""))
    watch(moments)
    with Store.open(folder / "training.db", Mode.TRAINING) as store:
        identity = load_identity(run_dir / "hht-identity.json")
        kit = RadioKit(address, identity, load_profile(profile), PemFolder(run_dir / "keys"))
        visit = Visit(store, 1, kit, show)
        show(asyncio.run(play(visit)))
    (folder / "moments.json").write_text(json.dumps(moments.counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
