"""What the virtual NCP answers about itself, its tables and keys, byte by byte as UG100 has it."""

import ezsp_coverage
import pytest
from ash_by_hand import HostByHand
from radio_bench import settled
from radio_lab import LINK_KEY, lab

from hht.entity_id import EntityId
from hht.simulator.ncp.ezsp import EzspServer
from hht.simulator.ncp.server import VERSIONS
from hht.simulator.stack.node import RadioNode

OTHER = EntityId.parse("00-DB-12-34-56-78-90-C2")
OTHER_ON_AIR = OTHER.little_endian.hex(" ")
KEY = bytes(range(16)).hex(" ")


def ok(version: int) -> str:
    return "00" if version < 14 else "00 00 00 00"


async def answer_to(frame: str, version: int) -> str:
    """Ask a virtual NCP with which this EZSP version was agreed on."""
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        answer = await host.ask(frame)
        host.close()
    return answer


@pytest.mark.parametrize(
    ("version", "info"),
    [
        (8, "00 00 06 07 00 00 aa"),
        (9, "00 00 07 01 01 00 aa"),
        (10, "00 00 07 02 01 00 aa"),
        (11, "00 00 07 02 02 00 aa"),
        (12, "00 00 07 03 00 00 aa"),
        (13, "00 00 07 04 03 00 aa"),
        (14, "00 00 08 00 02 00 aa"),
        (16, "00 00 08 01 01 00 aa"),
        (17, "00 00 08 02 00 00 aa"),
        (18, "00 00 08 02 02 00 aa"),
        (19, "00 00 09 01 00 00 aa"),
    ],
)
async def test_the_firmware_fits_the_ezsp_version_and_takes_seven_bytes(
    version: int, info: str
) -> None:
    expected = f"02 80 01 aa 00 {ok(version)} 07 {info}"
    assert await answer_to("02 00 01 aa 00 11", version) == expected


@pytest.mark.parametrize(("version", "filters"), [(9, "02 00"), (10, "0f 00")])
async def test_emberznet_has_two_mac_filters_up_to_7_1_and_fifteen_after(
    version: int, filters: str
) -> None:
    assert await answer_to("02 00 01 52 00 2c", version) == f"02 80 01 52 00 00 {filters}"


@pytest.mark.parametrize(
    ("token", "size"), [(0, 2), (1, 16), (2, 16), (3, 2), (4, 2), (5, 16), (6, 40), (9, 92),
                        (10, 20), (12, 8), (13, 2)]
)  # fmt: skip
async def test_manufacturing_tokens_have_the_size_that_their_kind_has(
    token: int, size: int
) -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        answer = bytes.fromhex(await host.ask(f"02 00 01 0b 00 {token:02x}"))
        assert (answer[5], len(answer[6:])) == (size, size)
        host.close()


@pytest.mark.parametrize(
    ("command", "version", "status"),
    [
        ("52 00 31", 13, "37 00 00"),  # getConfigurationValue of RF4CE: ERROR_INVALID_ID
        ("53 00 31 01 00", 13, "37"),
        ("53 00 31 01 00", 18, "21 00 00 00"),
        ("aa 00 26", 13, "37 00"),  # getValue of RF4CE
        ("ab 00 11 01 00", 13, "37"),  # VALUE_VERSION_INFO cannot be set
        ("ab 00 15 02 00 00", 13, "36"),  # VALUE_CCA_THRESHOLD is one byte: ERROR_INVALID_VALUE
        ("ab 00 09 03 26 00 2a", 13, "36"),  # one and a half MAC filters
        ("55 00 0a 00", 13, "37"),  # a policy of RF4CE
        ("53 00 1e ff 00", 13, "35"),  # a key table of 255: ERROR_OUT_OF_MEMORY
    ],
)
async def test_what_the_firmware_does_not_know_or_have_is_refused(
    command: str, version: int, status: str
) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        assert await host.ask(f"02 00 01 {command}") == f"02 80 01 {command[:5]} {status}"
        host.close()


async def test_a_table_that_grows_keeps_its_size_until_a_reset() -> None:
    async with lab(9) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(9)
        assert await host.ask("02 00 01 52 00 2c") == "02 80 01 52 00 00 02 00"
        assert await host.ask("03 00 01 53 00 2c 04 00") == "03 80 01 53 00 00"
        assert await host.ask("04 00 01 52 00 2c") == "04 80 01 52 00 00 04 00"
        await host.agree(9)
        assert await host.ask("02 00 01 52 00 2c") == "02 80 01 52 00 00 02 00"
        host.close()


async def test_tables_are_fixed_while_a_network_is_up() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        assert await host.ask("05 00 01 53 00 1e 10 00") == "05 80 01 53 00 38"
        host.close()


@pytest.mark.parametrize("raw", ["", "21", "21 cc"])
async def test_a_raw_frame_too_short_to_be_one_is_refused(raw: str) -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        length = f"{len(bytes.fromhex(raw)):02x}"
        assert await host.ask(f"02 00 01 51 00 {length} {raw} 01 01") == "02 80 01 51 00 02"
        assert await host.ask("03 00 01 05 00") == "03 80 01 05 00"
        host.close()


async def test_a_raw_frame_longer_than_the_radio_sends_is_refused() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        raw = bytes(126).hex(" ")
        assert await host.ask(f"02 00 01 51 00 7e {raw} 01 01") == "02 80 01 51 00 74"
        host.close()


async def test_echo_random_numbers_and_timers() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 81 00 03 01 02 03") == "02 80 01 81 00 03 01 02 03"
        numbers = {await host.ask("03 00 01 49 00") for _ in range(4)}
        assert len(numbers) > 1
        assert await host.ask("04 00 01 0e 00 02 01 00 00 00") == "04 80 01 0e 00 00"
        assert await host.receive() == "04 90 01 0f 00 02"
        host.close()


async def test_counters_count_messages_and_are_cleared_when_read_so() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        aps = "00 00 05 00 00 00 00 00 00 00 00"  # Active_EP_req of ZDO
        await host.ask(f"05 00 01 34 00 00 00 00 {aps} 01 03 00 00 00")
        await host.receive()
        await host.receive()
        counted = bytes.fromhex(await host.ask("06 00 01 f1 00"))[5:]
        assert counted[2 * 9] == 1  # COUNTER_APS_DATA_TX_UNICAST_SUCCESS
        assert counted[2 * 8] == 1  # COUNTER_APS_DATA_RX_UNICAST
        assert bytes.fromhex(await host.ask("07 00 01 65 00"))[5:] == counted
        assert not any(bytes.fromhex(await host.ask("08 00 01 65 00"))[5:])
        host.close()


async def test_a_message_to_itself_is_answered_by_the_stack() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        await host.ask("00 00 01 02 00 01 09 01 02 05 00 00 00")
        await form_agreed(host, 13)
        aps = "00 00 05 00 00 00 00 00 00 00 00"
        await host.ask(f"05 00 01 34 00 00 00 00 {aps} 01 03 2a 00 00")
        frames = {(await host.receive())[:14]: "" for _ in range(2)}
        assert set(frames) == {"05 90 01 3f 00", "05 90 01 45 00"}
        host.close()


STATE = f"04 0b {LINK_KEY.hex(' ')} {bytes(range(16)).hex(' ')} 00 {'00 ' * 8}"
FORM = "dd dd dd dd dd dd dd dd 34 12 05 14 00 00 00 00 00 f8 ff 07"


async def form_agreed(host: HostByHand, version: int) -> None:
    assert await host.ask(f"02 00 01 68 00 {STATE}") == f"02 80 01 68 00 {ok(version)}"
    assert await host.ask(f"03 00 01 1e 00 {FORM}") == f"03 80 01 1e 00 {ok(version)}"
    up = "90" if version < 14 else "15 00 00 00"
    assert await host.receive() == f"03 90 01 19 00 {up}"


async def form(host: HostByHand, version: int) -> None:
    """setInitialSecurityState with both keys, and formNetwork on channel 20."""
    await host.agree(version)
    await form_agreed(host, version)


@pytest.mark.parametrize("version", [8, 13, 18])
async def test_a_formed_network_is_on_the_air_and_outlives_a_reset(version: int) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await form(host, version)
        (beacon,) = await at.hub.active_scan([20], 100)
        assert (beacon.pan_id, beacon.extended_pan_id) == (0x1234, EntityId(b"\xdd" * 8))
        assert not beacon.permit_joining
        assert await host.ask("04 00 01 27 00") == "04 80 01 27 00 00 00"
        await host.agree(version)
        assert await host.ask("02 00 01 18 00") == "02 80 01 18 00 00"
        assert await host.ask("03 00 01 17 00 00 00") == f"03 80 01 17 00 {ok(version)}"
        await host.receive()
        assert await host.ask("04 00 01 18 00") == "04 80 01 18 00 02"
        host.close()


async def test_a_device_joins_a_formed_network_while_it_is_open() -> None:
    """permitJoining, stackStatusHandler, childJoinHandler, trustCenterJoinHandler."""
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        newcomer = RadioNode(at.air, OTHER)
        refused = await newcomer.join(20, 0x1234, EntityId(b"\xdd" * 8), LINK_KEY)
        assert not refused.ok
        assert await host.ask("05 00 01 22 00 ff") == "05 80 01 22 00 00"
        assert await host.receive() == "05 90 01 19 00 9c"  # NETWORK_OPENED
        joined = await newcomer.join(20, 0x1234, EntityId(b"\xdd" * 8), LINK_KEY)
        assert joined.ok
        short = joined.short.to_bytes(2, "little").hex(" ")
        assert await host.receive() == f"05 90 01 23 00 00 01 {short} {OTHER_ON_AIR} 03"
        assert await host.receive() == f"05 90 01 24 00 {short} {OTHER_ON_AIR} 01 00 00 00"
        assert (await host.ask("06 00 01 4a 00 00")).startswith(f"06 80 01 4a 00 00 {OTHER_ON_AIR}")
        newcomer.leave()
        assert (await host.receive()).startswith(f"06 90 01 24 00 ff ff {OTHER_ON_AIR} 02")
        host.close()


async def test_an_open_network_closes_by_itself() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        at.air.clock.speed = 1000
        assert await host.ask("05 00 01 22 00 3c") == "05 80 01 22 00 00"
        assert await host.receive() == "05 90 01 19 00 9c"
        assert await host.receive() == "05 90 01 19 00 9d"  # NETWORK_CLOSED
        host.close()


async def test_a_policy_that_lets_nobody_join_lets_nobody_join() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        await host.ask("05 00 01 55 00 00 00")
        assert await host.ask("06 00 01 56 00 00") == "06 80 01 56 00 00 00"
        await host.ask("07 00 01 22 00 ff")
        newcomer = RadioNode(at.air, OTHER)
        at.air.clock.speed = 100
        assert not (await newcomer.join(20, 0x1234, EntityId(b"\xdd" * 8), LINK_KEY)).ok
        host.close()


async def test_a_broadcast_and_a_multicast_go_on_the_air() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await form(host, 13)
        frames: list[bytes] = []
        at.air.tap(lambda sent: frames.append(sent.frame))
        aps = "04 01 06 00 01 01 00 00 05 00 00"
        assert (await host.ask(f"05 00 01 36 00 ff ff {aps} 00 01 01 aa"))[
            :17
        ] == "05 80 01 36 00 00"
        assert (await host.receive()).startswith("05 90 01 3f 00 06")  # OUTGOING_BROADCAST
        sent = await host.ask(f"06 00 01 38 00 {aps} 00 00 01 01 bb")
        assert sent[:17] == "06 80 01 38 00 00"
        assert (await host.receive()).startswith("06 90 01 3f 00 03")  # OUTGOING_MULTICAST
        assert len(frames) == 2
        host.close()


@pytest.mark.parametrize("version", [8, 12])
async def test_a_key_table_holds_as_many_keys_as_it_has_entries(version: int) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await host.agree(version)
        for number in range(4):
            partner = f"{number:02x} 00 00 00 00 00 00 01"
            added = await host.ask(f"02 00 01 66 00 {partner} 01 {KEY}")
            assert added == "02 80 01 66 00 00"
        full = await host.ask(f"03 00 01 66 00 {OTHER_ON_AIR} 01 {KEY}")
        assert full == "03 80 01 66 00 b4"
        assert await host.ask("04 00 01 75 00 02 00 00 00 00 00 00 01 01") == "04 80 01 75 00 02"
        assert (await host.ask("05 00 01 71 00 02")).startswith("05 80 01 71 00 00")
        assert await host.ask("06 00 01 76 00 02") == "06 80 01 76 00 00"
        assert (await host.ask("07 00 01 71 00 02")).startswith("07 80 01 71 00 b6")
        assert (await host.ask("08 00 01 71 00 09")).startswith("08 80 01 71 00 b1")
        host.close()


@pytest.mark.parametrize(("version", "place"), [(13, slice(5, 21)), (18, slice(9, 25))])
async def test_a_formed_networks_key_is_exported(version: int, place: slice) -> None:
    async with lab(version) as at:
        host = await HostByHand.connect(at.address)
        await form(host, version)
        context = f"01 00 00 00 {'00 ' * 8}00 00 00 00 00 00"
        answer = bytes.fromhex(await host.ask(f"05 00 01 14 01 {context}"))
        assert answer[place] == bytes(range(16))
        host.close()


async def test_the_neighbour_table_of_a_one_hop_network_is_empty() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 7a 00") == "02 80 01 7a 00 00"
        assert (await host.ask("03 00 01 79 00 00")).startswith("03 80 01 79 00 02")
        host.close()


async def test_multicast_entries_are_kept_in_their_table() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 64 00 00 05 00 01 00") == "02 80 01 64 00 00"
        assert await host.ask("03 00 01 63 00 00") == "03 80 01 63 00 00 05 00 01 00"
        assert (await host.ask("04 00 01 64 00 08 05 00 01 00")) == "04 80 01 64 00 b1"
        host.close()


async def test_the_manufacturing_library_must_run_for_its_commands() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        for command in ("85 00", "87 00", "84 00", "89 00 05 01 02 03 04 05"):
            assert await host.ask(f"02 00 01 {command}") == f"02 80 01 {command[:5]} 70"
        assert await host.ask("03 00 01 83 00 00") == "03 80 01 83 00 00"
        assert await host.ask("04 00 01 83 00 00") == "04 80 01 83 00 70"  # it runs already
        assert await host.ask("05 00 01 8a 00 0f") == "05 80 01 8a 00 00"
        assert await host.ask("06 00 01 8b 00") == "06 80 01 8b 00 0f"
        assert await host.ask("07 00 01 89 00 02 01 02") == "07 80 01 89 00 02"
        assert await host.ask("08 00 01 85 00") == "08 80 01 85 00 00"
        assert await host.ask("09 00 01 86 00") == "09 80 01 86 00 00"
        host.close()


async def test_cbke_in_the_dongle_is_a_library_that_is_not_there() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 e8 00") == "02 80 01 e8 00 b5"
        host.close()


async def test_a_host_that_acknowledges_nothing_hears_of_it_and_of_nothing_else() -> None:
    """ERROR 0x51 of UG101, until the host resets."""
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.faults.ack_seconds = 0.005
        await host.send("02 00 01 26 00")
        sent = [await host.line() for _ in range(5)]
        assert [frame[0] & 0x08 for frame in sent] == [0, 8, 8, 8, 8]  # four are repetitions
        error = bytes.fromhex("c2 02 51 a8 bd 7e")
        assert await host.line() == error
        host.writer.write(bytes.fromhex("81 60 59 7e"))  # ACK
        assert await host.line() == error
        assert (await host.reset())[:1] == b"\xc1"
        assert await host.ask("00 00 00 04") == "00 80 00 0d 02 30 74"
        host.close()


async def test_an_answer_says_that_callbacks_wait_behind_it() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.device.ezsp.take(bytes.fromhex("02 00 01 05 00"))
        at.server.device.ezsp.callback("timerHandler", {"timerId": 1})
        assert await host.receive() == "02 84 01 05 00"
        assert await host.receive() == "02 90 01 0f 00 01"
        assert await host.ask("03 00 01 05 00") == "03 80 01 05 00"
        host.close()


async def test_a_host_that_asks_for_callbacks_hears_that_none_wait() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 06 00") == "02 80 01 07 00"
        host.close()


def server(version: int) -> EzspServer:
    return ezsp_coverage.virtual_ncp(version).ezsp


@pytest.mark.parametrize("version", VERSIONS)
def test_all_but_a_few_commands_of_every_version_are_answered(version: int) -> None:
    """`python tests/support/ezsp_coverage.py` prints the table."""
    row = ezsp_coverage.row(version)
    assert set(row.unknown) <= {
        "customFrame",  # stock firmware has no XNCP
        "getCurrentDutyCycle",  # of sub-GHz radios; so are its limits
        "getDutyCycleLimits",
        "setDutyCycleLimitsInStack",
        "gpTranslationTableClear",
        "radioGetSchedulerPriorities",
        "radioSetSchedulerPriorities",
        "readAttribute",
        "writeAttribute",
        "resetToFactoryDefaults",
        "overrideCurrentChannel",
        "setGpioCurrentConfiguration",
        "setGpioPowerUpDownConfiguration",
        "setGpioRadioPowerMask",
    }
    assert len(row.simulated) > len(row.fixed)


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_command_is_answered_whatever_its_fields_are(version: int) -> None:
    """All fields zero, all ones and a made-up mixture: an answer, and never an exception."""
    for filler in (bytes(200), b"\xff" * 200, bytes(range(1, 201))):
        ezsp = server(version)
        ezsp.take(bytes([0, 0, 0, version]))
        ezsp.take(bytes([1, 0, 1, 0, 0, version]))
        for name in sorted(ezsp.answered):
            number = ezsp.known[name].to_bytes(2, "little")
            for length in (0, 1, 5, 200):
                ezsp.take(b"\x02\x00\x01" + number + filler[:length])
        await settled()
