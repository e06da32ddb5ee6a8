"""The sniffer's frames wait in order; what there was no room for is counted."""

import asyncio

from radio_lab import lab, opened

from hht.radio.inbox import MOST_ITEMS

FRAME, FCS = bytes([2, 0, 7]), bytes(2)
HEARD = {"linkQuality": 255, "rssi": -48, "packetContents": FRAME + FCS}


async def test_frames_that_come_faster_than_they_are_read_are_counted() -> None:
    async with lab() as at, opened(at) as dongle:
        frames = dongle.sniff(15)
        first = asyncio.ensure_future(anext(frames))
        await asyncio.sleep(0)
        for _ in range(MOST_ITEMS + 10):
            dongle.link.callback("mfglibRxHandler", HEARD)
        assert (await first).raw == FRAME
        assert dongle.dropped == 10
        await frames.aclose()
