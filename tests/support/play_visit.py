"""The app as a process to be killed: plays the one job in a folder, an event a line."""

import asyncio
import json
import sys
from pathlib import Path

from hht.events import Event, to_json
from hht.gbcs.keystore import PemFolder
from hht.hub_profile import load_profile
from hht.journeys.auto.play import play
from hht.journeys.equipment import RadioKit
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.store import Mode, Store

QUIET_SECONDS = 0.3  # on an air without latency what a hub has kept comes at once


def show(event: Event) -> None:
    print(json.dumps(to_json(event)), flush=True)


def main(folder: Path, run_dir: Path, address: str) -> None:
    with Store.open(folder / "training.db", Mode.TRAINING) as store:
        identity = load_identity(run_dir / "hht-identity.json")
        kit = RadioKit(address, identity, load_profile(), PemFolder(run_dir / "keys"))
        visit = Visit(store, 1, kit, show, quiet_seconds=QUIET_SECONDS)
        show(asyncio.run(play(visit)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
