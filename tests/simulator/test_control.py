"""The control server of a simulated hub: what it shows, what faults do, and whom it lets in."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hub_stage import copy_of, hub_of
from patience import PATIENCE
from radio_bench import settled, until

from hht.errors import HhtError, InputError
from hht.hub_profile import load_profile
from hht.simulator.air.air import Air
from hht.simulator.control_client import inject_fault, served_run, watch
from hht.simulator.control_server import CONTROL_FILE, Control
from hht.simulator.hub.faults.in_force import Faults
from hht.simulator.hub.faults.requests import read_fault_request
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.hub_log import read_log
from hht.simulator.site.record import Site
from hht.training.scenario.load import load_scenario

RUN = Path("training") / "runs" / "no-wan-install-1"


@dataclass
class Door:
    """A hub with its door open; no handheld is about."""

    air: Air
    hub: Hub
    site: Site

    async def inject(self, fault: str, **request: object) -> str:
        return await asyncio.to_thread(inject_fault, self.site.run_dir, fault, **request)

    async def seen(self, what: str) -> dict[str, Any]:
        """The first row of this kind that a watcher gets."""

        def look() -> dict[str, Any]:
            return next(row[what] for row in watch(self.site.run_dir) if what in row)

        return await asyncio.to_thread(look)


@asynccontextmanager
async def door(site: Site, folder: Path) -> AsyncIterator[Door]:
    own = copy_of(site, folder / RUN)
    air = Air(seed=1)
    hub = hub_of(air, own, load_profile())
    control = Control(hub, air, own, Faults(hub, air, own))
    hub.power_on()
    await control.open()
    try:
        yield Door(air, hub, own)
    finally:
        await control.close()
        hub.stop()


async def test_a_watcher_hears_how_everything_is(site: Site, tmp_path: Path) -> None:
    async with door(site, tmp_path) as on:
        status = await on.seen("status")
        assert (status["power"], status["hht"], status["wan"]) == (True, "away", False)
        assert 3500 < status["window_seconds_left"] <= 3600
        assert [row["label"] for row in status["devices"]] == ["ESME", "GSME", "PPMID"]
        assert [row["in_han"] for row in status["devices"]] == [False] * 3
        assert status["air"]["channel"] == 15
        assert not any(len(str(value)) == 32 for value in status.values())  # no key, no code


@pytest.mark.real_time("a thread watches")
async def test_a_watcher_gets_the_past_first_and_then_what_happens(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        rows: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def follow() -> None:
            for row in watch(on.site.run_dir):
                loop.call_soon_threadsafe(rows.put_nowait, row)

        following = asyncio.create_task(asyncio.to_thread(follow))
        first = await rows.get()
        assert first["story"]["what"] == "power-on"
        await on.inject("window-closed")
        words = []
        while "window-closed" not in words:
            row = await asyncio.wait_for(rows.get(), PATIENCE)
            words.append(row.get("story", {}).get("what"))
        on.hub.log.listeners.clear()
    following.cancel()


async def test_faults_do_what_they_say_and_end(site: Site, tmp_path: Path) -> None:
    async with door(site, tmp_path) as on:
        meter = site.device("ESME").entity_id
        ends = on.hub.node.eui64, site.hht
        await on.inject("noise", value="-40")
        await on.inject("drop-frames", value="0.5")
        await on.inject("drop-frames", value="0.9")
        await on.inject("late-frames", value="0.2")
        await on.inject("duplicate-frames", value="0.1")
        await on.inject("device-off", value="ESME")
        await on.inject("wan-returns")
        assert on.air.interference == {15: -40}
        assert (on.air.link(*ends).loss, on.air.late, on.air.duplicates) == (0.9, 0.2, 0.1)
        assert meter in on.hub.premises.switched_off
        assert on.hub.wan
        assert "noise" in (await on.seen("status"))["faults"]
        for fault in ("noise", "drop-frames", "late-frames", "duplicate-frames", "wan-returns"):
            await on.inject(fault, value="off")
        await on.inject("device-on", value="ESME")
        assert on.air.interference == {}
        assert (on.air.link(*ends).loss, on.air.late, on.air.duplicates) == (0, 0, 0)
        assert meter not in on.hub.premises.switched_off
        assert not on.hub.wan
        status = await on.seen("status")
        assert status["faults"] == status["levers"] == []


async def test_a_power_cut_ends_by_itself_and_opens_the_window_again(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        await on.inject("window-closed")
        assert on.hub.window_seconds_left == 0
        await on.inject("power-cut", seconds=60, by="trainee")
        assert not on.hub.node.powered
        on.hub.clock.advance(61)
        await until(lambda: on.hub.node.powered)
        assert on.hub.window_seconds_left
        cut = next(row for row in read_log(on.site.run_dir) if row.get("fault") == "power-cut")
        assert cut["by"] == "trainee"


async def test_the_dcc_delivers_the_whole_job_when_the_wan_is_given_back(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        await on.inject("wan-returns", value="all")
        await until(lambda: on.hub.premises.is_present(site.device("ESME").entity_id))
        assert on.hub.tunnels.outbox == []  # no HHT is there to hear a copy
        by_wan = [row for row in read_log(on.site.run_dir) if row.get("by") == "WAN"]
        assert len(by_wan) == len(list(on.site.job_dir.glob("*.xml")))


@pytest.mark.parametrize(
    "request_",
    [
        {"fault": "earthquake"},
        {"fault": "device-off", "value": "HCALCS"},
        {"fault": "noise", "value": "loud"},
        {"fault": "noise", "value": "-40", "channel": 27},
        {"fault": "drop-frames", "value": "2"},
        {"fault": "drop-frames", "value": "nan"},
        {"fault": "power-cut", "seconds": -1},
        {},
    ],
)
def test_a_wrong_request_is_refused_with_what_is_right(request_: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read_fault_request(request_, load_scenario("no-wan-install").site)
    assert caught.value.remedy


async def test_a_refused_fault_is_one_line_at_the_client(site: Site, tmp_path: Path) -> None:
    async with door(site, tmp_path) as on:
        with pytest.raises(HhtError, match="no Device 'TOASTER'"):
            await on.inject("device-off", value="TOASTER")


async def test_nobody_comes_in_without_the_token(site: Site, tmp_path: Path) -> None:
    async with door(site, tmp_path) as on:
        path = on.site.run_dir / CONTROL_FILE
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        port = json.loads(path.read_text())["port"]
        for line in (b'{"ask": "fault", "fault": "power-cut", "token": "x"}\n', b"junk\n", b"[]\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(line)
            answer = await asyncio.wait_for(reader.read(), 5)
            assert b"done" not in answer
            writer.close()
        assert on.hub.node.powered


async def test_the_door_is_found_while_it_is_open(site: Site, tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="No simulated hub is being served"):
        served_run(tmp_path)
    async with door(site, tmp_path) as on:
        assert served_run(tmp_path) == on.site.run_dir
        assert served_run(tmp_path, "no-wan-install-1") == on.site.run_dir
        with pytest.raises(HhtError):
            served_run(tmp_path, "other-1")
        killed = tmp_path / RUN.parent / "killed-1"
        killed.mkdir()
        (killed / CONTROL_FILE).write_text('{"port": 1, "token": "x"}')
        assert served_run(tmp_path) == on.site.run_dir
    with pytest.raises(HhtError):
        served_run(tmp_path)


async def test_the_answer_speaks_of_the_fault_that_was_asked_for(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        asked = [
            ("noise", "off", "Interference: not in force"),
            ("device-off", "ESME", "Switch a Device off ESME"),
            ("noise", "off", "Interference: not in force"),
            ("device-off", "ESME", "Switch a Device off ESME: nothing to do, it is off"),
            ("device-on", "ESME", "Switch a Device on ESME"),
            ("device-on", "ESME", "Switch a Device on ESME: nothing to do, it is on"),
            ("noise", "-40", "Interference on channel 15 -40 dBm"),
            ("noise", "off", "Over: Interference on channel 15 -40 dBm"),
            ("stay-ended", "", "End the HHT's residency: nothing to do, no HHT is in the HAN"),
            ("wan-returns", "", "Let the WAN come back"),
            ("wan-returns", "off", "Over: Let the WAN come back"),
            ("power-cut", "", "Cut the hub's power for 10 s"),
            ("power-cut", "", "Cut the hub's power for 10 s: nothing to do, the hub has no power"),
        ]
        for fault, value, answer in asked:
            assert await on.inject(fault, value=value) == answer
        struck = [row["fault"] for row in read_log(on.site.run_dir) if row["what"] == "fault"]
        assert struck == ["device-off", "device-on", "noise", "wan-returns", "power-cut"]


async def test_a_fault_ends_on_every_channel_and_what_was_before_is_back(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        on.air.interference[15] = -90
        for channel, level in ((15, "-40"), (20, "-50"), (15, "-30")):
            await on.inject("noise", value=level, channel=channel)
        assert on.air.interference == {15: -30, 20: -50}
        done = await on.inject("noise", value="off")
        assert done.count("Over: ") == 2
        assert on.air.interference == {15: -90}


async def test_a_fault_that_is_injected_again_lasts_as_long_as_it_then_says(
    site: Site, tmp_path: Path
) -> None:
    async with door(site, tmp_path) as on:
        await on.inject("late-frames", value="0.2", seconds=10)
        await on.inject("late-frames", value="0.4", seconds=100)
        on.hub.clock.advance(50)
        await settled()
        assert on.air.late == 0.4
        on.hub.clock.advance(60)
        await settled()
        assert on.air.late == 0
