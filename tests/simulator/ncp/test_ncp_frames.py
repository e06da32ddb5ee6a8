"""The virtual NCP held to frames written by hand from UG100 and UG101, without bellows' schemas."""

import asyncio

import pytest
from ash_by_hand import RST, RSTACK_POWER_ON, HostByHand, crc, on_the_line, randomised
from radio_bench import until
from radio_lab import CHANNEL, HUB, LINK_KEY, lab

from hht.simulator.stack.node import Endpoint
from hht.zse.interpan.frame import InterPanFrame

HHT_ON_AIR = "b1 90 78 56 34 12 db 00"
HUB_ON_AIR = "a0 90 78 56 34 12 db 00"
# MAC data frame between two EUI-64s, broadcast PAN; cluster 0x0800, profile 0x0109, one byte.
RAW_TO_HUB = f"21 cc 01 ff ff {HUB_ON_AIR} ff ff {HHT_ON_AIR} 0b 00 03 00 08 09 01 09"
RAW_FROM_HUB = f"21 cc 07 ff ff {HHT_ON_AIR} 62 1a {HUB_ON_AIR} 0b 00 03 00 08 09 01 0a"


def length(of: str) -> str:
    return f"{len(bytes.fromhex(of)):02x}"


@pytest.mark.parametrize(
    "frame",
    [
        "C0 38 BC",  # RST
        "C1 02 02 9B 7B",  # RSTACK, version 2, power-on
        "C2 02 51 A8 BD",  # ERROR, version 2, too many acknowledgement timeouts
        "25 42 21 A8 56 A6 09",  # DATA(2,5,0), EZSP version command 00 00 00 02
        "81 60 59",  # ACK(1)
        "A6 34 DC",  # NAK(6)
    ],
)
def test_ash_examples_of_ug101_hold_for_the_hand_written_host(frame: str) -> None:
    raw = bytes.fromhex(frame)
    assert crc(raw[:-2]) == raw[-2:]


def test_the_data_field_is_randomised_as_ug101_shows() -> None:
    assert randomised(bytes.fromhex("00 00 00 02")) == bytes.fromhex("42 21 A8 56")
    assert on_the_line(b"\x25" + randomised(b"\0\0\0\2")).hex(" ") == "25 42 21 a8 56 a6 09 7e"


async def test_the_co_processor_announces_itself_soon_after_a_host_connects() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        start = asyncio.get_running_loop().time()
        assert await host.line() == RSTACK_POWER_ON
        assert 0.01 < asyncio.get_running_loop().time() - start < 1
        host.close()


async def test_rst_is_answered_by_rstack_at_any_time() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        software = on_the_line(b"\xc1\x02\x0b")
        for _ in range(3):
            assert await host.reset() == software
            assert await host.ask("00 00 00 04") == "00 80 00 0d 02 30 74"
        with pytest.raises(TimeoutError):  # and nothing is announced once a host has asked
            async with asyncio.timeout(0.1):
                await host.reader.read(1)
        host.close()


async def test_garbage_before_the_reset_does_no_harm() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        host.writer.write(bytes(range(200, 256)) * 30 + b"\x7e\x25\x42\x7e")
        assert (await host.reset())[:1] == b"\xc1"
        host.close()


async def test_a_frame_with_a_wrong_crc_is_asked_for_again() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.reset()
        host.writer.write(bytes.fromhex("00 42 21 a8 50 00 00 7e"))
        assert await host.line() == on_the_line(b"\xa0")  # NAK(0)
        assert await host.ask("00 00 00 04") == "00 80 00 0d 02 30 74"
        host.close()


async def test_a_repeated_frame_is_acknowledged_and_not_executed_again() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        first = await host.ask("02 00 01 26 00")
        repeat = bytes((0x20 | 0x08 | 3,)) + randomised(bytes.fromhex("02 00 01 26 00"))
        host.writer.write(on_the_line(repeat))
        assert await host.line() == on_the_line(b"\x83")
        assert await host.ask("03 00 01 05 00") == "03 80 01 05 00"
        assert first == f"02 80 01 26 00 {HHT_ON_AIR}"
        host.close()


async def test_nothing_is_answered_before_the_version_is_agreed_on() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.reset()
        assert await host.ask("00 00 01 26 00") == "00 80 01 58 00 30"
        host.close()


async def test_a_reset_undoes_the_agreement_on_the_version() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        await host.reset()
        assert await host.ask("00 00 01 26 00") == "00 80 01 58 00 30"
        host.close()


@pytest.mark.parametrize(
    ("version", "stack"), [(8, "00 67"), (13, "30 74"), (14, "20 80"), (18, "20 82")]
)
async def test_a_version_is_agreed_on_first_in_the_old_format_then_in_the_new(
    version: int, stack: str
) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.reset()
        assert await host.ask("00 00 00 04") == f"00 80 00 {version:02x} 02 {stack}"
        wrong = await host.ask("01 00 01 00 00 04")
        assert wrong == f"01 80 01 00 00 {version:02x} 02 {stack}"
        assert (await host.ask("02 00 01 26 00")).startswith("02 80 01 58 00 30")
        assert (await host.ask(f"03 00 01 00 00 {version:02x}"))[:5] == "03 80"
        assert await host.ask("04 00 01 26 00") == f"04 80 01 26 00 {HHT_ON_AIR}"
        host.close()


@pytest.mark.parametrize(("version", "status"), [(13, "31"), (14, "31 00 00 00")])
async def test_an_unknown_command_and_a_custom_frame_are_invalid(version: int, status: str) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        assert await host.ask("02 00 01 fe 0f") == f"02 80 01 58 00 {status}"
        assert await host.ask("03 00 01 47 00 01 00") == f"03 80 01 58 00 {status}"
        host.close()


async def test_a_truncated_command_is_invalid_and_the_next_one_is_not() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 1a 00 01") == "02 80 01 58 00 33"
        assert await host.ask("03 00 01 05 00") == "03 80 01 05 00"
        host.close()


@pytest.mark.parametrize(("version", "ok"), [(8, "00"), (13, "00"), (14, "00 00 00 00")])
async def test_scans(version: int, ok: str) -> None:
    """startScan (four bytes of status in every version) and the callbacks it causes."""
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        assert await host.ask("02 00 01 1a 00 01 00 80 00 00 03") == "02 80 01 1a 00 00 00 00 00"
        found = f"02 90 01 1b 00 0f 62 1a {HUB_ON_AIR} 01 02 00 ff d3"
        assert await host.receive() == found
        assert await host.receive() == f"02 90 01 1c 00 0f {ok}"
        at.air.interference[CHANNEL] = -59  # the hub sends nothing meanwhile
        assert await host.ask("03 00 01 1a 00 00 00 80 00 00 03") == "03 80 01 1a 00 00 00 00 00"
        assert await host.receive() == "03 90 01 48 00 0f c5"  # -59 dBm
        assert await host.receive() == f"03 90 01 1c 00 0f {ok}"
        host.close()


FILTERED = {
    13: f"00 00 ff d3 {length(RAW_FROM_HUB)} {RAW_FROM_HUB}",
    14: f"00 00 ff ff {'00 ' * 8}ff ff ff d3 00 00 00 00 {length(RAW_FROM_HUB)} {RAW_FROM_HUB}",
    18: f"26 00 00 ff ff {'00 ' * 8}ff ff ff d3 00 00 00 00 {length(RAW_FROM_HUB)} {RAW_FROM_HUB}",
}


@pytest.mark.parametrize("version", FILTERED)
async def test_raw_frames_out_and_through_the_mac_filters(version: int) -> None:
    """setConfigurationValue, setValue, setLogicalAndRadioChannel, sendRawMessageExtended."""
    ok = "00" if version < 14 else "00 00 00 00"
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        assert await host.ask("02 00 01 53 00 2c 04 00") == f"02 80 01 53 00 {ok}"
        filters = "26 00 2a 00 25 00 29 00"
        assert await host.ask(f"03 00 01 ab 00 09 08 {filters}") == f"03 80 01 ab 00 {ok}"
        assert await host.ask("04 00 01 b9 00 0f") == f"04 80 01 b9 00 {ok}"
        heard: list[bytes] = []
        at.hub.on_raw = lambda raw, lqi, rssi: heard.append(raw)
        sent = f"05 00 01 51 00 {length(RAW_TO_HUB)} {RAW_TO_HUB} 01 01"
        assert await host.ask(sent) == f"05 80 01 51 00 {ok}"
        assert (await host.receive())[:14] == "05 90 01 98 00"
        assert [raw.hex(" ") for raw in heard] == [RAW_TO_HUB]
        at.hub.send_raw(bytes.fromhex(RAW_FROM_HUB))
        assert await host.receive() == f"05 90 01 46 00 {FILTERED[version]}"
        host.close()


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ("26 00", True),  # to the broadcast PAN, from another PAN, to our EUI-64
        ("2a 00", False),  # from our own PAN
        ("25 00", False),  # to our own PAN
        ("06 00", False),  # to the short broadcast address
        ("a6 00", False),  # from a short address
        ("20 00", True),  # from and to any PAN
    ],
)
async def test_a_mac_filter_lets_through_what_it_says(filters: str, passes: bool) -> None:
    """Bits of EMBER_MAC_FILTER_MATCH in Silicon Labs' ember-types.h."""
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        await host.ask(f"02 00 01 ab 00 09 02 {filters}")
        await host.ask("03 00 01 b9 00 0f")
        at.hub.send_raw(bytes.fromhex(RAW_FROM_HUB))
        if passes:
            assert (await host.receive()).startswith("03 90 01 46")
        await asyncio.sleep(0.01)
        assert (await host.ask("04 00 01 05 00")).startswith("04 80 01 05")
        host.close()


async def test_more_mac_filters_than_the_table_holds_are_refused() -> None:
    async with lab(9) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(9)
        assert await host.ask("02 00 01 ab 00 09 06 26 00 2a 00 25 00") == "02 80 01 ab 00 36"
        host.close()


def test_the_raw_frame_of_these_tests_is_an_inter_pan_frame() -> None:
    frame = InterPanFrame(HUB, 0xFFFF, HUB, 0xFFFF, 1, 0x0800, b"\x09")
    assert frame.encode()[23:].hex(" ") == RAW_TO_HUB[-23:]


async def test_the_manufacturing_library_hands_on_whole_frames() -> None:
    """mfglibStart, mfglibSetChannel, mfglibSendPacket (FCS to come), mfglibRxHandler."""
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 83 00 01") == "02 80 01 83 00 00"
        assert await host.ask("03 00 01 8a 00 0f") == "03 80 01 8a 00 00"
        heard: list[bytes] = []
        at.hub.on_raw = lambda raw, lqi, rssi: heard.append(raw)
        packet = f"{RAW_TO_HUB} 00 00"
        assert await host.ask(f"04 00 01 89 00 {length(packet)} {packet}") == "04 80 01 89 00 00"
        await until(lambda: heard)
        assert [raw.hex(" ") for raw in heard] == [RAW_TO_HUB]
        at.hub.send_raw(bytes.fromhex(RAW_FROM_HUB))
        got = await host.receive()
        assert got[:-6] == f"04 90 01 8e 00 ff d3 {length(RAW_FROM_HUB + '0000')} {RAW_FROM_HUB}"
        host.close()


def security(key: bytes) -> str:
    """EmberInitialSecurityState: preconfigured key, only encrypted network keys taken."""
    return f"00 09 {key.hex(' ')} {'00 ' * 16}00 {'00 ' * 8}"


PARAMETERS = f"{HUB_ON_AIR} 62 1a 08 0f 00 00 00 00 00 00 00 00"


@pytest.mark.parametrize(
    ("version", "ok", "up", "no_key", "down"),
    [
        (8, "00", "90", "ad", "91"),
        (13, "00", "90", "ad", "91"),
        (14, "00 00 00 00", "15 00 00 00", "1b 0c 00 00", "16 00 00 00"),
        (18, "00 00 00 00", "15 00 00 00", "1b 0c 00 00", "16 00 00 00"),
    ],
)
async def test_joining_and_leaving(version: int, ok: str, up: str, no_key: str, down: str) -> None:
    """setInitialSecurityState, joinNetwork, stackStatusHandler, leaveNetwork."""
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        at.air.clock.speed = 100
        assert await host.ask(f"02 00 01 68 00 {security(bytes(16))}") == f"02 80 01 68 00 {ok}"
        join = f"1f 00 03 {PARAMETERS}"
        assert await host.ask(f"03 00 01 {join}") == f"03 80 01 1f 00 {ok}"
        assert await host.receive() == f"03 90 01 19 00 {no_key}"
        assert await host.ask(f"04 00 01 68 00 {security(LINK_KEY)}") == f"04 80 01 68 00 {ok}"
        assert await host.ask(f"05 00 01 {join}") == f"05 80 01 1f 00 {ok}"
        assert await host.receive() == f"05 90 01 19 00 {up}"
        address = at.node.short_address.to_bytes(2, "little").hex(" ")
        assert await host.ask("06 00 01 27 00") == f"06 80 01 27 00 {address}"
        network = await host.ask("07 00 01 28 00")
        assert network.startswith(f"07 80 01 28 00 {ok} 03 {HUB_ON_AIR} 62 1a 08 0f")
        options = " 00" if version >= 14 else ""
        assert await host.ask(f"08 00 01 20 00{options}") == f"08 80 01 20 00 {ok}"
        assert await host.receive() == f"08 90 01 19 00 {down}"
        host.close()


async def test_joining_without_a_key_is_refused() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask(f"02 00 01 1f 00 03 {PARAMETERS}") == "02 80 01 1f 00 a8"
        host.close()


async def join(host: HostByHand, version: int) -> None:
    """addEndpoint 1 (Smart Energy, device 0x0502, servers 0 and 0x704, client 0x800), and join."""
    await host.agree(version)
    await host.ask("01 00 01 02 00 01 09 01 02 05 00 02 01 00 00 04 07 00 08")
    await host.ask(f"02 00 01 68 00 {security(LINK_KEY)}")
    await host.ask(f"03 00 01 1f 00 03 {PARAMETERS}")
    await host.receive()


APS = "09 01 04 07 01 05 60 01 00 00 00"  # profile, cluster, 1 -> 5, encrypted with retries, group


async def test_a_unicast_and_its_acknowledgement_before_ezsp_14() -> None:
    async with lab(13) as at:
        host = await HostByHand.connect(at.address)
        await join(host, 13)
        sent = await host.ask(f"04 00 01 34 00 00 00 00 {APS} 2a 02 aa bb")
        assert sent[:17] == "04 80 01 34 00 00"
        sequence = sent[-2:]
        acknowledged = await host.receive()
        aps = f"{APS[:-2]}{sequence}"
        assert acknowledged == f"04 90 01 3f 00 00 00 00 {aps} 2a 00 00"
        assert at.heard_by_hub[-1].payload == b"\xaa\xbb"
        assert await at.hub_sends(b"\xcc")
        incoming = await host.receive()
        assert incoming[:14] == "04 90 01 45 00"
        assert incoming[15:].startswith("00 09 01 04 07 05 01 60 00 00 00")
        assert incoming.endswith("ff d3 00 00 ff ff 01 cc")
        host.close()


async def test_a_unicast_and_its_acknowledgement_from_ezsp_14() -> None:
    """The tag is two bytes, the status comes first and is four, the sender's EUI-64 is given."""
    async with lab(14) as at:
        host = await HostByHand.connect(at.address)
        await join(host, 14)
        sent = await host.ask(f"04 00 01 34 00 00 00 00 {APS} 2a 01 02 aa bb")
        assert sent[:26] == "04 80 01 34 00 00 00 00 00"
        aps = f"{APS[:-2]}{sent[-2:]}"
        acknowledged = await host.receive()
        assert acknowledged == f"04 90 01 3f 00 00 00 00 00 00 00 00 {aps} 2a 01 00"
        assert await at.hub_sends(b"\xcc")
        incoming = await host.receive()
        assert incoming[15:].startswith("00 09 01 04 07 05 01 60 00 00 00")
        assert incoming.endswith(f"00 00 {HUB_ON_AIR} ff ff ff d3 00 00 00 00 01 cc")
        host.close()


async def test_an_incoming_fragment_is_acknowledged_on_the_air_when_the_host_has_done_so() -> None:
    async with lab(13) as at:
        host = await HostByHand.connect(at.address)
        await join(host, 13)
        at.hub.aps.ack_seconds = 60  # nothing is repeated meanwhile
        sending = asyncio.create_task(at.hub_sends(bytes(100)))
        sizes = []
        for index in range(2):
            piece = bytes.fromhex(await host.receive())
            assert not sending.done()
            sizes.append(len(piece[24:]))
            count = "02" if index == 0 else "00"  # only the first says how many
            assert piece[12:16].hex() == f"6080{index:02x}{count}"
            reply = f"09 01 04 07 01 05 60 80 {index:02x} ff {piece[16]:02x}"
            answer = await host.ask(f"04 00 01 39 00 00 00 {reply} 00")
            assert answer == "04 80 01 39 00 00"
        assert await sending
        assert sum(sizes) == 100
        host.close()


async def test_a_fragment_that_the_host_never_acknowledges_counts_as_lost_on_the_air() -> None:
    async with lab(13) as at:
        host = await HostByHand.connect(at.address)
        await join(host, 13)
        at.hub.aps.ack_seconds, at.hub.aps.host_seconds = 0.01, 0.0
        assert not await at.hub_sends(bytes(100))
        pieces = [bytes.fromhex(await host.receive()) for _ in range(4)]
        assert [piece[14:16].hex() for piece in pieces] == ["0002"] * 4
        host.close()


@pytest.mark.parametrize(
    ("version", "command"),
    [
        (8, f"66 00 {HUB_ON_AIR} 01 {bytes(range(16)).hex(' ')}"),  # addOrUpdateKeyTableEntry
        (13, f"0e 01 00 {HUB_ON_AIR} {bytes(range(16)).hex(' ')}"),  # importLinkKey
    ],
)
async def test_a_link_key_is_taken_into_the_table(version: int, command: str) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await join(host, version)
        assert (await host.ask(f"04 00 01 {command}"))[:5] == "04 80"
        assert at.node.link_keys[HUB] == bytes(range(16))
        host.close()


async def test_an_endpoint_is_described_as_the_host_added_it() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await join(host, 13)
        assert at.node.endpoints == {1: Endpoint(0x0109, 0x0502, (0x0000, 0x0704), (0x0800,))}
        host.close()


async def test_the_board_says_that_it_is_for_training() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        board = bytes.fromhex(await host.ask("02 00 01 0b 00 02"))
        assert board[5:] == b"\x10hht training\xff\xff\xff\xff"
        host.close()


def test_rst_is_that_of_ug101() -> None:
    assert bytes((0x1A,)) + on_the_line(b"\xc0") == RST
    assert on_the_line(b"\xc1\x02\x02") == RSTACK_POWER_ON
