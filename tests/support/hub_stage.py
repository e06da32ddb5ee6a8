"""A simulated hub on its air, and a handheld with a real dongle driver in front of it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from virtual_time import virtual_loop

from hht.clock import ScaledClock
from hht.duis.local_command import LocalCommand, read_local_command
from hht.gbcs.correlation import key_of
from hht.gbcs.message import Cra, Message
from hht.hub_profile import HubProfile, load_profile
from hht.radio.dongle import Dongle
from hht.session.admission import admission
from hht.session.discovery import HubSeen, find_hubs
from hht.session.han_membership import Han
from hht.session.identity import HhtIdentity, load_identity
from hht.session.membership import agree_han_key, join_han
from hht.session.tunnel import Tunnel
from hht.session.tunnel_opening import open_tunnel
from hht.simulator.air.air import Air
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.state_file import StateFile
from hht.simulator.ncp.server import serve_socket
from hht.simulator.site.record import Site, load_site
from hht.simulator.stack.node import RadioNode

SCANS = 20
AHEAD = timedelta(hours=2)
"""A busy machine may prepare a site by its own clock long after the test's loop began, whose day
starts early in that hour; a premises' clock behind that would be before the job's validity
intervals, which last a day."""


def copy_of(site: Site, folder: Path, **hub: Any) -> Site:
    """The site in a folder of its own, with other facts about its hub where given."""
    shutil.copytree(site.run_dir, folder, dirs_exist_ok=True)
    copy = load_site(folder)
    spec = replace(copy.spec, hub=replace(copy.spec.hub, **hub))
    return replace(copy, spec=spec)


@dataclass
class Stage:
    """Everything of one run, in one loop."""

    air: Air
    site: Site
    hub: Hub
    node: RadioNode
    dongle: Dongle
    profile: HubProfile
    han: Han = field(init=False)

    @property
    def identity(self) -> HhtIdentity:
        return load_identity(self.site.run_dir / "hht-identity.json")

    async def hub_seen(self) -> HubSeen:
        """Scan until the site's hub is heard; on a lossy air the first beacon may be lost."""
        for _ in range(SCANS):
            hubs = await find_hubs(self.dongle, [self.site.spec.hub.place.channel])
            if seen := next((each for each in hubs if each.gpf == self.site.spec.hub.gpf), None):
                return seen
        raise AssertionError("the hub was not heard")

    async def be_admitted(self, identity: HhtIdentity | None = None) -> HubSeen:
        hub = await self.hub_seen()
        who = identity or self.identity
        async with admission(self.dongle, hub, who, self.profile) as asking:
            await asking.agree_link_key()
            await asking.register(self.site.spec.hub.chf)
        return await self.hub_seen()

    async def connect(self) -> Tunnel:
        hub = await self.be_admitted()
        self.han = await join_han(self.dongle, hub, self.identity)
        await agree_han_key(self.han, self.identity)
        return await open_tunnel(self.han, self.profile)

    def commands(self) -> dict[str, LocalCommand]:
        files = sorted(self.site.job_dir.glob("*.xml"))
        return {each.stem[3:]: read_local_command(each.read_bytes(), each.name) for each in files}

    async def answer_to(
        self, tunnel: Tunnel, command: LocalCommand
    ) -> tuple[Message, list[Message]]:
        """The Response, and the Alerts that came before it."""
        await tunnel.send(command.raw)
        alerts: list[Message] = []
        while True:
            message = await received(tunnel)
            if message.cra is Cra.RESPONSE and key_of(message) == key_of(command.message):
                return message, alerts
            alerts.append(message)


async def received(tunnel: Tunnel, seconds: float = 5.0) -> Message:
    """The next message, confirmed as if it were on the disk."""
    raw = await asyncio.wait_for(tunnel.receive(), seconds)
    tunnel.confirm()
    return Message.parse(raw)


async def all_received(tunnel: Tunnel, seconds: float = 0.3) -> list[Message]:
    """Everything that comes until nothing comes any more."""
    messages = []
    with contextlib.suppress(TimeoutError):
        while True:
            messages.append(await received(tunnel, seconds))
    return messages


def hub_of(air: Air, site: Site, profile: HubProfile) -> Hub:
    node = RadioNode(air, site.spec.hub.gpf)
    memory = StateFile(site.run_dir / "hub-state.json")
    return Hub(node, site, profile, memory)


@contextlib.asynccontextmanager
async def stage(site: Site, **changes: Any) -> AsyncIterator[Stage]:
    """A powered hub with the stand-in profile, changed as given, and an open dongle."""
    profile = replace(load_profile(), **changes)
    air = Air(seed=1, clock=ScaledClock(start=virtual_loop().today + AHEAD))
    hub = hub_of(air, site, profile)
    hub.power_on()
    node = RadioNode(air, site.hht)
    server = await serve_socket(node)
    dongle = await Dongle.open(server.address)
    try:
        yield Stage(air, site, hub, node, dongle, profile)
    finally:
        await dongle.close()
        await server.close()
        hub.stop()
