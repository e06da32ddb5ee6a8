"""A visit to a simulated hub in the same loop, with everything of the hub at hand."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from patience import PATIENCE

from hht.clock import SYSTEM_CLOCK, Clock, ScaledClock
from hht.duis.job_pack import JobPack, read_job_pack
from hht.events import Event
from hht.gbcs.keystore import PemFolder
from hht.hub_profile import HubProfile, load_profile
from hht.journeys.equipment import RadioKit
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.simulator.air.air import Air
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.state_file import StateFile
from hht.simulator.ncp.server import NcpServer, serve_socket
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode
from hht.store import CommandRow, Mode, Store
from hht.training.scenario.load import load_scenario

FIRST = "Let the ESME join the SM HAN"
CLOCK = "Set the clock of the ESME"


@dataclass
class Scene:
    """Everything of one visit; `published` is what it published so far."""

    folder: Path
    site: Site
    hub: Hub
    ncp: NcpServer
    handheld: RadioNode
    store: Store
    profile: HubProfile
    visit: Visit = field(init=False)
    published: list[Event] = field(default_factory=list)
    on_event: Callable[[Event], None] = lambda event: None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def arrive(self, clock: Clock = SYSTEM_CLOCK) -> Visit:
        """Begin the visit, as a program does that has just been started."""
        identity = load_identity(self.site.run_dir / "hht-identity.json")
        keys = PemFolder(self.site.run_dir / "keys")
        kit = RadioKit(self.ncp.address, identity, self.profile, keys, clock)
        self.visit = Visit(self.store, 1, kit, self._hear)
        return self.visit

    def _hear(self, event: Event) -> None:
        self.published.append(event)
        self.news.set()
        self.on_event(event)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for the event after which this holds; TimeoutError when none comes."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def until_hub(self, holds: Callable[[Hub], object]) -> None:
        """Wait until that is so of the hub; TimeoutError when it does not come to be."""
        async with asyncio.timeout(PATIENCE):
            while not holds(self.hub):  # noqa: ASYNC110 (the hub has no event for it)
                await asyncio.sleep(0.005)

    async def connect(self) -> Visit:
        visit = self.arrive()
        await visit.connect(self.site.spec.hub.gpf)
        return visit

    def rows(self) -> tuple[CommandRow, ...]:
        return self.store.commands.of_job(1)

    def captured(self) -> list[bytes]:
        return [capture.raw for capture in self.store.captures.of_job(1)]

    def named(self, title: str) -> CommandRow:
        return next(row for row in self.rows() if row.title == title)

    def of(self, *kinds: type[Event]) -> list[Any]:
        return [event for event in self.published if isinstance(event, kinds)]

    def on_disk(self, question: str) -> list[tuple[Any, ...]]:
        """What another process would read from the database at this moment."""
        with contextlib.closing(sqlite3.connect(self.folder / "training.db")) as database:
            return database.execute(question).fetchall()


@contextlib.asynccontextmanager
async def scene(
    folder: Path,
    change_pack: Callable[[JobPack], JobPack] = lambda pack: pack,
    scenario: str = "no-wan-install",
    hub_clock: Callable[[Site], ScaledClock | None] = lambda site: None,
    **changes: object,
) -> AsyncIterator[Scene]:
    """A powered hub of a scenario's job, with the profile changed as given.

    `hub_clock` makes the clock of the premises, where it is not to be the hub's own.
    """
    site = prepare_site(load_scenario(scenario).site, folder / "site", 1)
    profile = replace(load_profile(), **{"response_seconds": 0.5} | changes)  # type: ignore[arg-type]
    air = Air(seed=1)
    node = RadioNode(air, site.spec.hub.gpf)
    hub = Hub(node, site, profile, StateFile(folder / "hub-state.json"), hub_clock(site))
    hub.power_on()
    handheld = RadioNode(air, site.hht)
    ncp = await serve_socket(handheld)
    with Store.open(folder / "training.db", Mode.TRAINING) as store:
        store.jobs.add(change_pack(read_job_pack(site.job_dir)))
        set_up = Scene(folder, site, hub, ncp, handheld, store, profile)
        try:
            yield set_up
        finally:
            if hasattr(set_up, "visit"):
                await set_up.visit.close()
            await ncp.close()
            hub.stop()
