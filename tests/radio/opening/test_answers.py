"""What is not an EZSP dongle is named by its first bytes, with what to do about it."""

import random

import pytest
from ash_by_hand import on_the_line

from hht.radio.opening.answer import DAMAGED, LIKELY, NOISE, SILENT, STUCK, SURE
from hht.radio.opening.answers import recognise
from hht.radio.opening.questions import QUESTIONS

NAK = bytes.fromhex("A0 54 7D 3A 7E")
RST = bytes.fromhex("1A C0 38 BC 7E")
ZWAVE_VERSION = bytes.fromhex("01 10 01 15 5A 2D 57 61 76 65 20 37 2E 31 35 00 01 95")


@pytest.mark.parametrize(
    ("heard", "rank", "what", "remedy"),
    [
        (b"", SILENT, "Nothing answers at any known speed (115200, 460800", "Unplug it"),
        (b"\x1a" * 31 + RST, LIKELY, "an echo", "Name the dongle's own port"),
        (RST + b"\r\nAT\r\n", SURE, "an echo", "Name the dongle's own port"),
        (RST + NAK + b"\r\nAT\r\n" + NAK, SURE, "an echo", "Name the dongle's own port"),
        (b"^Z^Z\xc08\xbc~\r\n\r\nAT\r\n\r\n", SURE, "an echo", "Name the dongle's own port"),
        (
            b"\r\nGecko Bootloader v1.12.00\r\n1. upload gbl\r\n2. run\r\n3. ebl info\r\nBL > ",
            SURE,
            "in its bootloader",
            "Unplug it and plug it in again",
        ),
        (
            b"\r\nZigbee router firmware 7.4.3\r\n> ",
            SURE,
            "router firmware with a command line ('Zigbee router firmware 7.4.3')",
            "Write EmberZNet NCP firmware",
        ),
        (
            b"NWK Steering: issuing scan on primary channels (mask 0x0318C800)\r\n",
            SURE,
            "router firmware",
            "Write EmberZNet NCP firmware",
        ),
        (b"\x1b[32mU-Boot\x1b[0m\r\n=> ", SURE, "command line answers ('U-Boot')", "Name"),
        (b"\r\nunknown command\r\n> ", SURE, "command line answers ('unknown command')", "Name"),
        (b"\r\nERROR\r\n", SURE, "This is a modem", "Name the dongle's own port"),
        (b"AT\r\r\nOK\r\n", SURE, "This is a modem", "Name the dongle's own port"),
        (b"$GPGGA,120000,5130.0,N,00007.0,W\r\n", SURE, "a GPS receiver", "Name"),
        (b"$BDGSV,1,1,01,07,40,120,33*5A\r\n", SURE, "a GPS receiver", "Name"),
        (b"$PUBX,00,081350.00,4717.1,N\r\n", SURE, "a GPS receiver", "Name"),
        (b"!AIVDM,1,1,,B,177KQJ5000G?tO`K,0*5C\r\n", SURE, "ships' positions", "Name"),
        (b"CC", LIKELY, "waits for firmware (XMODEM)", "Unplug it and plug it in again"),
        (b"\x3f\x00$GNRMC,120000,A\r\n", SURE, "a GPS receiver", "Name"),
        (
            bytes.fromhex("FE 06 41 80 02 02 01 02 07 01 C2"),
            SURE,
            "Texas Instruments",
            "Use a dongle with a Silicon Labs EFR32 chip",
        ),
        (bytes.fromhex("FE 03 60 00 01 00 00 01 62"), LIKELY, "Texas Instruments", "Use"),
        (bytes.fromhex("7E 80 06 00 70 EE 74 7E"), SURE, "OpenThread firmware", "Write EmberZNet"),
        (
            bytes.fromhex("14 00 0A 00 C4 55 D3 00 01 00 02 00 04 00 00 00 4F 5B"),
            SURE,
            "multi-PAN radio firmware (CPC)",
            "Write EmberZNet",
        ),
        (
            b"\x15\x06" + ZWAVE_VERSION,
            SURE,
            "This is a Z-Wave stick",
            "a stick with both radios has a port for each",
        ),
        (b"\x15\x06" + ZWAVE_VERSION[:-1], SURE, "This is a Z-Wave stick", "own port"),
        (bytes.fromhex("01 05 00 0A 05 00 F5"), LIKELY, "This is a Z-Wave stick", "own port"),
        (b"\x15" * 3, LIKELY, "refuses all that is sent (NAK), as Z-Wave sticks do", "own port"),
        (b"\x15\x18" * 5, LIKELY, "as Z-Wave sticks do", "own port"),
        (
            bytes.fromhex("C0 0E 01 00 07 00 22 00 C8 FF C0"),
            SURE,
            "a ConBee or RaspBee (deCONZ firmware)",
            "Use a dongle with a Silicon Labs EFR32 chip",
        ),
        (
            bytes.fromhex("C0 0D 00 00 09 00 DB DC 07 DB DD 26 22 FE C0"),
            SURE,
            "deCONZ firmware",
            "Use a dongle with a Silicon Labs EFR32 chip",
        ),
        (b"ok\nok\n", LIKELY, "sends text for people answers ('ok')", "own port"),
        (on_the_line(b"\xc1\x01\x0b"), SURE, "speaks version 1 of ASH", "Write EmberZNet"),
        (
            on_the_line(b"\xc2\x02\x51"),
            SURE,
            "No reset brings the dongle back: it stopped with an error: nobody acknowledged",
            "Unplug it",
        ),
        (bytes.fromhex("C1 02 0B 00 00 7E"), DAMAGED, "arrives damaged", "?flow=hardware"),
        (bytes(500), STUCK, "Nothing but the byte 00 comes", "?baud=460800"),
        (b"\x11\x13" * 50, STUCK, "Nothing but the bytes 11 and 13 come,", "?baud="),
        (b"\x13", STUCK, "stops the line (XOFF) and never lets it go on", "plug it in again"),
        (b"\xc1" * 3, STUCK, "Nothing but the byte C1", "?baud="),
        (
            bytes.fromhex("F8 00 E0 9B 31"),
            NOISE,
            "nothing that can be read at any known speed (115200, 460800, 57600",
            "Give its speed",
        ),
    ],
)
def test_first_bytes_are_recognised(heard: bytes, rank: int, what: str, remedy: str) -> None:
    answer = recognise(heard)
    assert answer.rank == rank
    assert what in answer.what
    assert remedy in answer.remedy


ECHOING = {
    "router": (b"Zigbee router\r\n> ", "router firmware", "Write EmberZNet"),
    "Z3 command line": (b"Z3Light>\r\nZ3Light>", "router firmware", "Write EmberZNet"),
    "OpenThread": (b"\r\nError 35: InvalidCommand\r\n> ", "OpenThread", "Write EmberZNet"),
    "bootloader": (b"\r\nGecko Bootloader v1.12\r\nBL > ", "in its bootloader", "Unplug it"),
    "modem": (b"\r\r\nOK\r\n", "a modem", "own port"),
    "login": (b"\r\nPassword: ", "a computer's login", "own port"),
    "prompt alone": (b"\r\n\r\n> \r\n> ", "a command line answers ('>')", "own port"),
}


@pytest.mark.parametrize("reset", [RST, b"\x1a@8<~", b"^Z?8?~"], ids=["whole", "7 bits", "signs"])
@pytest.mark.parametrize("name", ECHOING)
def test_a_command_line_that_echoes_is_no_echo(name: str, reset: bytes) -> None:
    said, what, remedy = ECHOING[name]
    answer = recognise(reset + b"\r\nAT" + said)
    assert answer.rank == SURE
    assert what in answer.what
    assert remedy in answer.remedy


@pytest.mark.parametrize(
    "heard",
    [
        b"ets Jun  8 2016 00:22:57\r\nboot: 7\r\n",
        b"temp 21.5 C\r\n",
        b"<InstantaneousDemand>\r\n  <DeviceMacId>0x00</DeviceMacId>\r\n",
    ],
)
def test_no_firmware_is_advised_for_what_only_sends_text(heard: bytes) -> None:
    answer = recognise(heard)
    assert "text for people" in answer.what
    assert "firmware" not in answer.remedy


def test_behind_a_server_the_remedy_is_the_servers_settings() -> None:
    assert "Check in its settings" in recognise(b"", at_server=True).remedy
    for heard in (b"\xf8\x00\xe0\x12", bytes(50), bytes.fromhex("C1 02 0B 00 00 7E")):
        assert "server's settings" in recognise(heard, at_server=True).remedy
    assert "modem" in recognise(b"\r\nOK\r\n", at_server=True).what
    assert "XMODEM" in recognise(b"CCCCC", at_server=True).what


def test_noise_is_taken_for_nothing_else() -> None:
    """At the wrong speed anything may come: it must not end the search for the right one."""
    luck = random.Random(1)
    sure = [recognise(luck.randbytes(luck.randrange(1, 80))).rank for _ in range(3000)]
    assert sum(rank >= LIKELY for rank in sure) <= 3
    assert sum(rank >= SURE for rank in sure) == 0


def test_no_first_bytes_make_it_fail() -> None:
    luck = random.Random(2)
    for size in range(60):
        for lead in (0x7E, 0xFE, 0x14, 0xC1, 0xC2, 0x7D, 0x24):
            assert "\n" not in recognise(bytes([lead]) + luck.randbytes(size) + b"\x7e").what


def test_no_question_chooses_from_a_bootloaders_menu() -> None:
    assert not any(digit in question for question in QUESTIONS for digit in b"123")


@pytest.mark.parametrize("heard", [b"", b"\x80\x81\x82"])
def test_a_line_that_the_address_names_is_the_one_that_was_tried(heard: bytes) -> None:
    answer = recognise(heard, named="baud=460800&flow=none")
    assert "with baud=460800&flow=none, as the address has it" in answer.what
    assert "115200" not in answer.what
    assert answer.remedy.startswith("Leave baud and flow out of the address")
