"""A GSME sleeps; awake it fetches its Commands with GET and answers with PUT (GBCS 10.2.2)."""

import asyncio
from dataclasses import replace

import pytest
from hub_stage import Stage, all_received, copy_of, received, stage
from patience import PATIENCE
from radio_bench import until
from tshark_judge import complaints, tshark

from hht.gbcs.correlation import key_of
from hht.gbcs.message import Cra
from hht.hub_profile import load_profile
from hht.simulator.air.air import Link
from hht.simulator.air.pcap import PcapWriter
from hht.simulator.hub.gas.gsme_tunnel import GsmeTunnelServer
from hht.zse.tunneling import RequestTunnel, TransferData, TunnelCommand, decode_tunnel_command
from hht.zse.zcl import ZclFrame

NAP = 30 * 60


@pytest.fixture
def own_site(site, tmp_path):
    """The main job's site with a GSME that wakes every half hour."""
    copy = copy_of(site, tmp_path / "run")
    devices = tuple(
        replace(each, spec=replace(each.spec, wake_minutes=30))
        if each.spec.type == "GSME"
        else each
        for each in copy.devices
    )
    return replace(copy, devices=devices)


async def let_the_meter_in(on: Stage):
    tunnel = await on.connect()
    await on.answer_to(tunnel, on.commands()["ccs01-gsme"])
    await all_received(tunnel)
    return tunnel


def payloads_of(on: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the ZCL payloads between GSME and hub are from now on, `>` to the hub, `<` from it."""
    seen: list[str] = []
    han, meter = on.hub.han, on.site.device("GSME").entity_id
    server, send = han.servers[meter], han.send

    class Recorder:
        def handle(self, sender, command: TunnelCommand, sequence: int) -> None:
            seen.append("> " + command.frame(sequence).payload.hex())
            server.handle(sender, command, sequence)

    async def sending(device, cluster, frame: ZclFrame, *, secured: bool) -> bool:
        if device == meter:
            seen.append("< " + frame.payload.hex())
        return await send(device, cluster, frame, secured=secured)

    han.servers[meter] = Recorder()
    monkeypatch.setattr(han, "send", sending)
    return seen


async def test_a_sleeping_meter_gets_its_commands_one_by_one_and_puts_each_answer(
    own_site, monkeypatch
):
    async with stage(own_site) as on:
        tunnel = await let_the_meter_in(on)
        seen = payloads_of(on, monkeypatch)
        clock, read = (on.commands()[name].raw for name in ("gcs28-gsme", "cs07-gsme"))
        await tunnel.send(clock)
        await tunnel.send(read)
        assert await all_received(tunnel) == []
        assert on.hub.premises.waiting_for(own_site.device("GSME").entity_id) == 2
        on.air.clock.advance(NAP)
        answers = [(await received(tunnel)).encode().hex() for _ in range(2)]
        await until(lambda: not on.hub.gas.meters[own_site.device("GSME").entity_id].node.powered)
        assert seen == [
            "> 06ffff00dc05",
            "< 001000dc05",
            "> 001001",
            "< 00100201" + clock.hex(),
            "> 001003" + answers[0],
            "> 001001",
            "< 00100200" + read.hex(),
            "> 001003" + answers[1],
        ]


async def test_a_meter_that_finds_nothing_goes_to_sleep_again(own_site, monkeypatch):
    async with stage(own_site) as on:
        await let_the_meter_in(on)
        seen = payloads_of(on, monkeypatch)
        on.air.clock.advance(NAP)
        await until(lambda: "< 00100200" in seen)
        meter = on.hub.gas.meters[own_site.device("GSME").entity_id]
        await until(lambda: not meter.node.powered)
        on.air.clock.advance(NAP)
        await until(lambda: seen[4:] == ["> 001001", "< 00100200"])


async def test_a_meter_out_of_reach_gets_its_command_when_it_is_heard_again(own_site):
    async with stage(own_site, gbt_timeout_seconds=1) as on:
        tunnel = await let_the_meter_in(on)
        meter = own_site.device("GSME").entity_id
        on.air.set_link(meter, on.hub.node.eui64, Link(loss=1.0))
        await tunnel.send(on.commands()["gcs28-gsme"].raw)
        on.air.clock.advance(NAP)
        assert await all_received(tunnel, 0.5) == []
        assert on.hub.premises.waiting_for(meter) == 1
        on.air.set_link(meter, on.hub.node.eui64, Link())
        await until_asleep(on, meter)
        on.air.clock.advance(NAP)
        assert (await received(tunnel)).cra is Cra.RESPONSE


async def until_asleep(on: Stage, meter) -> None:
    radio = on.hub.gas.meters[meter].node
    async with asyncio.timeout(PATIENCE):
        while radio.powered:
            on.air.clock.advance(1)
            await asyncio.sleep(0.005)


async def test_after_a_power_cut_of_the_hub_the_meter_asks_for_a_new_tunnel(own_site, monkeypatch):
    async with stage(own_site) as on:
        await let_the_meter_in(on)
        on.air.clock.advance(NAP)
        meter = on.hub.gas.meters[own_site.device("GSME").entity_id]
        await until(lambda: meter.tunnel is not None and not meter.node.powered)
        on.hub.power_cut(5)
        on.air.clock.advance(6)
        await until(lambda: on.hub.node.powered)
        seen = payloads_of(on, monkeypatch)
        on.air.clock.advance(NAP)
        await until(lambda: len(seen) == 6)
        no_such_tunnel = "< 001000"
        asked_again = ["> 06ffff00dc05", "< 001000dc05"]
        assert seen == ["> 001001", no_such_tunnel, *asked_again, "> 001001", "< 00100200"]


async def test_a_meter_that_was_taken_out_of_the_log_does_not_come(own_site, monkeypatch):
    async with stage(own_site) as on:
        await let_the_meter_in(on)
        seen = payloads_of(on, monkeypatch)
        on.hub.premises.chf.device_log.remove(own_site.device("GSME").entity_id)
        on.air.clock.advance(NAP)
        await asyncio.sleep(0.1)
        assert seen == []


async def test_an_answer_that_the_hub_did_not_take_survives_a_restart(own_site):
    entity = own_site.device("GSME").entity_id
    async with stage(own_site) as on:
        await let_the_meter_in(on)
        command = on.commands()["gcs28-gsme"]
        on.hub.gas.meters[entity].outbox += on.hub.premises.execute(entity, command.raw)
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.air.clock.advance(NAP)
        assert key_of(await received(tunnel)) == key_of(command.message)


async def test_a_long_message_is_fetched_in_blocks(own_site):
    class Waiting:
        """A post with one long message."""

        said: list[bytes] = []
        waits = True

        def next_for(self, meter):
            return (command, 0) if self.waits else None

        def fetched(self, meter, raw):
            self.waits = False

        def receive(self, raw):
            raise AssertionError("the meter has PUT nothing")

    command = replace(_command(own_site), payload=bytes(4000)).encode()
    post, sent = Waiting(), []

    async def send(meter, frame: ZclFrame) -> bool:
        sent.append(decode_tunnel_command(frame))
        return True

    server, meter = GsmeTunnelServer(load_profile(), send, post), own_site.device("GSME").entity_id
    server.handle(meter, RequestTunnel(), 1)
    for _ in range(5):
        server.handle(meter, TransferData(0x1000, b"\x01"), 1)
    await until(lambda: len(sent) == 6)
    assert [each.data[:2].hex() for each in sent[1:]] == ["0203", "0202", "0201", "0200", "0200"]
    assert sent[-1].data == b"\x02\x00"
    assert not post.waits


def _command(site):
    from hht.duis.local_command import read_local_command

    path = next(site.job_dir.glob("*gcs28-gsme.xml"))
    return read_local_command(path.read_bytes(), path.name).message


@pytest.mark.tshark
async def test_the_exchange_is_on_the_air_as_tunneling_under_the_meters_link_key(
    own_site, tmp_path
):
    pcap = tmp_path / "gas.pcap"
    async with stage(own_site) as on:
        capture = PcapWriter.on(on.air, pcap)
        on.air.show_key("network key", on.hub.node.network.key)
        tunnel = await let_the_meter_in(on)
        await tunnel.send(on.commands()["cs07-gsme"].raw)
        on.air.clock.advance(NAP)
        await received(tunnel)
        capture.close()
    assert complaints(pcap, "!(zbee_aps.type == 3 && zbee_aps.security == 1)") == []
    read = [line for line in tshark(pcap).splitlines() if "GET" in line or "PUT" in line]
    name = "CS07 Read Device Join Details"
    exchange = ["GET", f"GET-RESPONSE, Command, {name}", f"PUT, Response, {name}"]
    assert len(read) == len(exchange)
    assert all(line.endswith(info) for line, info in zip(read, exchange, strict=True))
