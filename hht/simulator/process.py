"""The process of the simulated hub: air, hub, neighbours, and the virtual dongle in front of them.

`python -m hht.simulator.process --run-dir DIR` serves the site that was prepared in that folder: it
prints the address for `--radio`, then serves until SIGTERM, or until its parent's pipe
closes. The same folder again is the same hub after a power cut.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from hht.clock import SYSTEM_CLOCK
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.files import write_whole
from hht.hub_profile import load_profile, use_own_profiles
from hht.simulator.air.air import Air, Link
from hht.simulator.air.pcap import PcapWriter
from hht.simulator.control_server import Control
from hht.simulator.devices.fleet import Fleet
from hht.simulator.hub.faults.in_force import Faults
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.state_file import StateFile
from hht.simulator.ncp.server import VERSIONS, NcpServer, serve_pty, serve_socket
from hht.simulator.site.record import SITE_FILE, MakeFleet, Site, load_site
from hht.simulator.site.spec import RadioPlace
from hht.simulator.stack.node import RadioNode

STATE_FILE = "hub-state.json"
UNIT_LINES = "unit-lines.json"
"""Where a unit's lines are: addresses by its Entity Identifiers, 16 hexadecimal digits."""
_CANNOT_SERVE = 1  # exit code
_LOCALLY_ADMINISTERED = 0x02  # the bit of an EUI-64 that no maker gives away
_FOLDER_SECONDS = 1.0
"""Between two looks at whether the folder is still there: a trainee notices nothing sooner."""
_POLL_SECONDS = 1.0
"""Between two polls of a unit's radio: far less than the minutes after which a hub forgets it."""
_POLLS_MISSED = 4  # in a row, until its stack knows that its parent has gone; one may be lost


def main(arguments: Sequence[str] | None = None, make_fleet: MakeFleet = Fleet) -> int:
    """Serve; the exit code is 0 when asked to end, 1 when the hub cannot be served.

    `make_fleet` makes the Devices behind the hub.
    """
    options = _parser().parse_args(arguments)
    if options.profiles:
        use_own_profiles(options.profiles)
    try:
        asyncio.run(_serve(options, load_site(options.run_dir), make_fleet))
    except HhtError as error:
        print(error, file=sys.stderr)
        return _CANNOT_SERVE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"{place}{error.strerror or error}", file=sys.stderr)
        return _CANNOT_SERVE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hht.simulator.process", description=__doc__)
    parser.add_argument("--run-dir", type=Path, required=True, help="folder of the prepared site")
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one")
    parser.add_argument("--peer-port", type=int, help="a second dongle on the same air; 0 as above")
    parser.add_argument("--pty", action="store_true", help="a pseudo-terminal in place of a port")
    parser.add_argument("--pcap", type=Path, help="capture the air into this file")
    parser.add_argument("--seed", type=int, help="repeat the same luck")
    parser.add_argument("--ezsp", type=int, choices=VERSIONS, help="in place of the site's")
    parser.add_argument(
        "--dongle-fault", action="append", default=[], help="beside the site's; may be repeated"
    )
    parser.add_argument("--profile", default="", help="behave as the hub of this profile")
    parser.add_argument("--latency", type=float, help="milliseconds a frame takes")
    parser.add_argument("--profiles", type=Path, help="folder of hub profiles of one's own")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    return parser


async def _serve(options: argparse.Namespace, site: Site, make_fleet: MakeFleet) -> None:
    air = _air(options, site)
    hub = make_hub(air, site, make_fleet, options.profile)
    control = Control(hub, air, site, Faults(hub, air, site))
    capture = PcapWriter.on(air, options.pcap, site.hht) if options.pcap else None
    hub.power_on()
    end = _end_requested(options.with_parent)
    units = await open_unit_lines(hub, site)
    server = await _open_line(options, site, RadioNode(air, site.hht))
    peers = await _open_peer(options, site, air)
    await control.open()
    print(*(line.address for line in (server, *peers)), sep="\n", flush=True)
    watching = asyncio.ensure_future(_watch_folder(site.run_dir, end))
    try:
        await end.wait()
        if watching.done():
            watching.result()
    finally:
        watching.cancel()
        await control.close()
        for line in (*units, *peers, server):
            await line.close()
        hub.stop()
        if capture:
            capture.close()


def make_hub(air: Air, site: Site, make_fleet: MakeFleet = Fleet, behaves_as: str = "") -> Hub:
    """Make the site's hub on this air, not yet powered, and the neighbours around it.

    `behaves_as` names a profile whose hub it behaves as; what both sides share stays the site's.
    """
    spec = site.spec
    hub = RadioNode(air, spec.hub.gpf)
    _place(air, site, hub, spec.hub.place)
    for neighbour in spec.neighbours:
        node = RadioNode(air, neighbour.gpf)
        place = neighbour.place
        node.form(place.channel, place.pan_id, neighbour.gpf, os.urandom(16))
        _place(air, site, node, place)
    memory = StateFile(site.run_dir / STATE_FILE)
    profile = load_profile(spec.profile)
    if behaves_as:
        profile = profile.behaving_as(load_profile(behaves_as))
    fleet = site.make_fleet(profile.device_log_limit, make_fleet)
    return Hub(hub, site, profile, memory, site.clock(), fleet)


def _place(air: Air, site: Site, node: RadioNode, place: RadioPlace) -> None:
    link = Link(lqi=place.lqi, rssi=place.rssi, loss=place.loss)
    air.set_link(site.hht, node.eui64, link)


def _air(options: argparse.Namespace, site: Site) -> Air:
    spec = site.spec.air
    air = Air(options.seed)
    latency = spec.latency_ms if options.latency is None else options.latency
    air.latency, air.jitter, air.late_by = (
        latency / 1000,
        spec.jitter_ms / 1000,
        spec.late_ms / 1000,
    )
    air.late, air.duplicates = spec.late, spec.duplicates
    air.interference.update(spec.noise)
    return air


async def _open_line(options: argparse.Namespace, site: Site, hht: RadioNode) -> NcpServer:
    version = options.ezsp or site.spec.dongle.ezsp
    wrong = (*site.spec.dongle.faults, *options.dongle_fault)
    if options.pty:
        return await serve_pty(hht, version, wrong=wrong)
    return await serve_socket(hht, options.port, version, wrong=wrong)


async def _open_peer(options: argparse.Namespace, site: Site, air: Air) -> list[NcpServer]:
    """Serve a second dongle, without faults, if one is asked for: its EUI-64 is a local one."""
    if options.peer_port is None:
        return []
    eui64 = EntityId(bytes([site.hht[0] ^ _LOCALLY_ADMINISTERED]) + site.hht[1:])
    version = options.ezsp or site.spec.dongle.ezsp
    return [await serve_socket(RadioNode(air, eui64), options.peer_port, version)]


async def open_unit_lines(hub: Hub, site: Site) -> list[NcpServer]:
    """Serve both halves of a unit that lets itself in, and write down where.

    One radio has both Entity Identifiers; a host reaches each by a line of its own. The PPMID half
    holds what it had before a power cut; the HHT half holds nothing, as the hub forgets every HHT.
    """
    as_hht = [each.as_hht for each in site.spec.devices if each.as_hht]
    nodes = [RadioNode(hub.node.air, half) for half in as_hht]
    nodes += [unit.node for unit in hub.radios.units.values()]
    lines = [await serve_socket(node) for node in nodes]
    for node, line in zip(nodes, lines, strict=True):
        _keep_polling(node, line.lose_network)
    addresses = {node.eui64.hex(): at.address for node, at in zip(nodes, lines, strict=True)}
    if addresses:
        write_whole(site.run_dir / UNIT_LINES, json.dumps(addresses).encode())
    return lines


def _keep_polling(node: RadioNode, lose_network: Callable[[], None], missed: int = 0) -> None:
    """Have an end device poll its parent: one that is a child no more has to come back.

    So has one whose parent has gone, to another channel for instance.
    """
    if node.joined and not node.is_coordinator:
        missed = 0 if node.poll() else missed + 1
        if missed == _POLLS_MISSED:
            lose_network()
    node.clock.call_later(_POLL_SECONDS, partial(_keep_polling, node, lose_network, missed))


async def _watch_folder(folder: Path, end: asyncio.Event) -> None:
    """End where the folder goes: a hub that can keep nothing more answers nothing either."""
    while (folder / SITE_FILE).is_file():
        await SYSTEM_CLOCK.sleep(_FOLDER_SECONDS)
    end.set()
    raise HhtError("The folder of the simulated hub has gone", where=str(folder))


def _end_requested(with_parent: bool) -> asyncio.Event:
    """Return an event that SIGTERM, SIGINT, or with a parent the end of stdin sets."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: the process is ended outright
            loop.add_signal_handler(number, end.set)
    if with_parent:
        # A daemon thread, because a blocking read cannot be cancelled.
        threading.Thread(target=_await_parents_end, args=(loop, end), daemon=True).start()
    return end


def _await_parents_end(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    os.read(sys.stdin.fileno(), 1)
    with contextlib.suppress(RuntimeError):  # the loop has ended by itself
        loop.call_soon_threadsafe(end.set)


if __name__ == "__main__":
    sys.exit(main())
