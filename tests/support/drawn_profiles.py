"""Hub profiles whose values were drawn at random, and captures of a connection to such a hub."""

import random
from dataclasses import replace
from pathlib import Path

from hub_stage import Stage, hub_of

from hht.hub_profile import HubProfile, load_profile
from hht.radio.dongle import Dongle
from hht.simulator.air.air import Air
from hht.simulator.air.pcap import PcapWriter
from hht.simulator.ncp.server import serve_socket
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode

_KNOWN_TO_ALL = (0x0000, 0x0800)  # Basic and Key Establishment are what they are


def draw(luck: random.Random) -> HubProfile:
    """A profile of which every learnable value may be another than the stand-in's.

    Fragments are allowed: no CCS01 fits one frame.
    """
    cluster = luck.choice([c for c in range(0x0700, 0x0710) if c not in _KNOWN_TO_ALL])
    return replace(
        load_profile(),
        name="drawn",
        admission_cluster=luck.choice([0x0704, cluster, 0xFC00 + luck.randrange(256)]),
        admission_profile_id=luck.choice([0x0109, 0xC000 + luck.randrange(0x3000)]),
        admission_command=luck.randrange(256),
        admission_answer_command=luck.randrange(256),
        admission_manufacturer=luck.choice([None, luck.randrange(0x1000, 0x10000)]),
        admission_prefix=luck.randbytes(luck.randrange(5)).hex().upper(),
        admission_fragment_bytes=luck.randrange(8, 90),
        admission_extended_nonce=luck.random() < 0.5,
        admission_mac=luck.random() < 0.5,
        admission_join_seconds=luck.randrange(60, 3600),
        install_code_with_crc=luck.random() < 0.5,
        hht_device_type=luck.randrange(256),
        hht_endpoint=luck.randrange(1, 241),
        tunnel_max_transfer=luck.randrange(160, 300),  # a block of 100 bytes goes in
        tunnel_manufacturer=luck.choice([0xFFFF, luck.randrange(0x1000, 0xFFFF)]),
        tunnel_hub_opens=luck.random() < 0.5,
        tunnel_header=luck.random() < 0.5,
        gbt_used=luck.random() < 0.75,
        gbt_block_size=luck.randrange(30, 100),
        gbt_window=luck.randrange(1, 8),
    )


async def capture_connection(site: Site, profile: HubProfile, pcap: Path) -> None:
    """Capture an HHT that lets itself in, joins, opens a tunnel and uses it.

    The longest Command of its job goes through the tunnel, and one that the hub itself answers.
    """
    air = Air(seed=1)
    writer = PcapWriter.on(air, pcap)
    hub = hub_of(air, site, profile)
    hub.power_on()
    node = RadioNode(air, site.hht)
    server = await serve_socket(node)
    dongle = await Dongle.open(server.address, own_endpoint=profile.hht_endpoint)
    try:
        stage = Stage(air, site, hub, node, dongle, profile)
        tunnel = await stage.connect()
        commands = sorted(stage.commands().values(), key=lambda each: len(each.raw))
        await tunnel.send(commands[-1].raw)
        to_hub = [each for each in commands if each.message.recipient == site.spec.hub.chf]
        await stage.answer_to(tunnel, to_hub[0])
        await tunnel.close()
    finally:
        await dongle.close()
        await server.close()
        hub.stop()
        writer.close()
