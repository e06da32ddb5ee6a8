"""A scan hears what is there, however slow the machine."""

import pytest
from radio_bench import CHANNEL, HUB, Bench
from virtual_time import virtual_loop

from hht.simulator.air.air import Transmission
from hht.zse.frames.mac import MacFrame, MacKind


@pytest.mark.parametrize("latency", [0.0, 0.001])
async def test_a_machine_that_stalls_while_the_hub_answers_still_hears_it(latency: float) -> None:
    bench = Bench()
    bench.air.latency = latency

    def stall(sent: Transmission) -> None:
        if MacFrame.decode(sent.frame).kind == MacKind.BEACON:
            virtual_loop().spend(0.02)

    bench.air.tap(stall)
    beacons = await bench.hht.active_scan([CHANNEL], 1000)
    assert [beacon.extended_pan_id for beacon in beacons] == [HUB]


async def test_a_beacon_that_comes_when_the_radio_is_elsewhere_is_not_heard() -> None:
    bench = Bench()
    bench.air.latency = 0.001
    bench.hht.channel = CHANNEL
    with bench.hht.scanner.beacons_to(lambda beacon: pytest.fail(f"heard {beacon}")):
        bench.hht.scanner.request_beacons()
        bench.hht.channel = CHANNEL + 1
        await bench.air.clock.sleep(0.01)
    assert not bench.air.is_carrying(CHANNEL)
