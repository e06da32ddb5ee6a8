"""Which way inter-PAN frames go, with tables that do not grow and radios that fail."""

import contextlib
from collections.abc import Awaitable
from typing import Any, cast

import pytest
from radio_lab import CHANNEL, HHT, HUB, PAN_ID, Lab, lab, opened

from hht.radio.dongle import Dongle
from hht.radio.errors import DongleRefused, NotDelivered
from hht.radio.ezsp.link import EzspLink
from hht.radio.interpan import start_library
from hht.radio.types import Table
from hht.zse.interpan.frame import InterPanFrame

CLUSTER = 0x0800


def interpan(payload: bytes, *, ack_request: bool = True) -> bytes:
    """A frame from the HHT to the hub."""
    frame = InterPanFrame(HHT, 0xFFFF, HUB, PAN_ID, 1, CLUSTER, payload, ack_request=ack_request)
    return frame.encode()


def sent_raw(at: Lab) -> list[bytes]:
    """What the dongle is given to send from now on."""
    sent: list[bytes] = []
    commands = at.server.device.ezsp.commands
    send = commands["sendRawMessageExtended"]
    commands["sendRawMessageExtended"] = lambda fields: (
        sent.append(bytes(fields["message"])) or send(fields)
    )
    return sent


@pytest.mark.parametrize("version", [9, 13, 18])
async def test_all_four_filters_are_set_where_they_fit(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        assert dongle.interpan_way == "4 of 4 MAC filters"
        assert (dongle.tables["MAC filters"].granted or 0) >= 4


@pytest.mark.parametrize("version", [9, 13, 18])
async def test_a_table_that_does_not_grow_holds_the_two_that_matter(version: int) -> None:
    """SkyConnect 7.1.1: two entries, and OUT_OF_MEMORY when asked for more."""
    async with lab(version) as at, opened_with(at, "fixed-tables") as dongle:
        assert dongle.tables["MAC filters"] == Table(asked=4, granted=2)
        values: list[bytes] = []
        commands = at.server.device.ezsp.commands
        set_value = commands["setValue"]
        commands["setValue"] = lambda fields: (
            values.append(bytes(fields["value"])) or set_value(fields)
        )
        await dongle.open_interpan(CHANNEL, PAN_ID)
        assert dongle.interpan_way == "2 of 4 MAC filters"
        assert values == [bytes.fromhex("2600 2A00")]
        await dongle.send_interpan(interpan(b"question"))
        hub_says(at, b"answer")
        assert (await dongle.receive_interpan(timeout=2)).raw.endswith(b"answer")


async def test_a_table_whose_size_is_not_said_gets_as_many_as_it_takes() -> None:
    async with lab() as at:
        at.server.switch_on(["fixed-tables"])
        at.server.device.ezsp.commands.pop("getConfigurationValue")
        async with opened(at) as dongle:
            await dongle.open_interpan(CHANNEL, PAN_ID)
            assert dongle.interpan_way == "2 of 4 MAC filters"


async def test_the_log_has_what_was_found_and_which_way_is_in_use(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO", logger="hht.radio"):
        async with lab() as at, opened(at) as dongle:
            await dongle.open_interpan(CHANNEL, PAN_ID)
    assert "EZSP 13" in caplog.text
    assert "'MAC filters': Table(asked=4" in caplog.text
    assert "inter-PAN on channel 15 by 4 of 4 MAC filters" in caplog.text


async def test_the_library_is_said_where_it_is_used() -> None:
    async with lab() as at, opened_with(at, "no-mac-filters") as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        assert dongle.interpan_way == "the manufacturing library"


async def test_a_way_that_does_not_send_gives_way_to_the_other() -> None:
    async with lab() as at, opened_with(at, "raw-refused") as dongle:
        heard: list[bytes] = []
        at.hub.on_raw = lambda frame, lqi, rssi: heard.append(frame)
        await dongle.open_interpan(CHANNEL, PAN_ID)
        await dongle.send_interpan(interpan(b"question"))
        assert dongle.interpan_way == "the manufacturing library"
        hub_says(at, b"answer")
        assert (await dongle.receive_interpan(timeout=2)).raw.endswith(b"answer")
    assert [frame[-8:] for frame in heard] == [b"question"]


async def test_where_neither_way_sends_the_reason_is_said() -> None:
    async with lab() as at, opened_with(at, "raw-refused", "mfglib-refused") as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        with pytest.raises(DongleRefused, match="mfglibStart"):
            await dongle.send_interpan(interpan(b"question"))


async def test_a_library_that_neither_tunes_nor_ends_is_said_not_to_tune() -> None:
    class Refusing:
        async def order(self, name: str, *args: object) -> None:
            if name != "mfglibStart":
                raise DongleRefused("dongle", name, "ERR_FATAL")

    with pytest.raises(DongleRefused, match="mfglibSetChannel"):
        await start_library(cast(EzspLink, Refusing()), CHANNEL)


async def test_a_frame_that_nobody_acknowledges_is_sent_again_and_then_said() -> None:
    async with lab() as at, opened(at) as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        at.hub.power_off()
        sent = sent_raw(at)
        with pytest.raises(NotDelivered, match="DELIVERY_FAILED"):
            await dongle.send_interpan(interpan(b"question"))
        assert len(sent) == 3
        await dongle.send_interpan(interpan(b"to nobody in particular", ack_request=False))


async def test_a_radio_that_never_says_when_it_is_done_is_waited_for_once() -> None:
    async with lab() as at, opened_with(at, "raw-never-complete") as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        waits: list[float | None] = []
        hold = dongle.link.scope.hold

        def watched(awaitable: Awaitable[Any], seconds: float | None = None) -> Any:
            waits.append(seconds)
            return hold(awaitable, 0.01 if seconds == 0.5 else seconds)

        dongle.link.scope.hold = watched  # type: ignore[method-assign]
        for _ in range(3):
            await dongle.send_interpan(interpan(b"question"))
    assert waits.count(0.5) == 1


def hub_says(at: Lab, payload: bytes) -> None:
    frame = InterPanFrame(HUB, PAN_ID, HHT, 0xFFFF, 2, CLUSTER, payload)
    at.hub.send_raw(frame.encode())


def opened_with(at: Lab, *faults: str) -> "contextlib.AbstractAsyncContextManager[Dongle]":
    at.server.switch_on(faults)
    return opened(at)


async def test_a_dongle_that_may_be_deaf_is_not_taken_for_a_hub_that_is_shut() -> None:
    async with lab() as at, opened_with(at, "filters-deaf", "mfglib-refused") as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        doubt = await dongle.interpan_doubt()
        assert doubt == "this one heard nothing by 4 of 4 MAC filters, and refuses mfglibStart"
        await dongle.close_interpan()


async def test_a_dongle_with_another_way_or_that_has_heard_something_is_not_doubted() -> None:
    async with lab() as at, opened(at) as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        assert await dongle.interpan_doubt() == ""
        at.server.switch_on(["mfglib-refused"])
        hub_says(at, b"anything")
        await dongle.receive_interpan(timeout=2)
        assert await dongle.interpan_doubt() == ""
