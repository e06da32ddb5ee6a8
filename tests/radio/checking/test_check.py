"""The check of a dongle: every point of it, and that each fault ends it with a remedy."""

from types import SimpleNamespace
from typing import cast

import pytest
from line_doubles import NcpByHand, SlowNcp, on_pty
from radio_lab import HHT, HUB, HUB_ENDPOINT, joined, lab, opened
from virtual_time import virtual_loop

from hht.radio.checking import check
from hht.radio.checking.check import check_dongle
from hht.radio.checking.point import Point
from hht.radio.dongle import Dongle
from hht.radio.ezsp.link import CLOSE_SECONDS
from hht.radio.types import Table
from hht.simulator.ncp.faults.catalogue import FAULTS

ALL = [name for name, _ in check.STEPS]


async def points_of(url: str, **options: object) -> tuple[bool, dict[str, Point]]:
    points: list[Point] = []
    fit = await check_dongle(url, points.append, **options)  # type: ignore[arg-type]
    return fit, {point.check: point for point in points}


async def test_a_good_dongle_holds_at_every_point() -> None:
    async with lab() as at:
        fit, points = await points_of(at.address, hht=HHT)
    assert fit
    assert list(points) == ALL
    assert points["dongle"].found == (
        f"EZSP 13, EmberZNet 7.4.3.0, board hht training, EUI-64 {HHT}"
    )
    assert f"1 network heard on channels 11 to 26: {HUB} on channel 15" in (
        points["active scan"].found
    )
    assert points["inter-PAN"].found == (
        "mac-filter: 4 of 4 MAC filters, a frame sent and confirmed; "
        "mfglib: the manufacturing library, a frame accepted for sending; whether it hears any is "
        "not shown without a second dongle (--peer)"
    )
    assert "quietest channel" in points["energy scan"].found
    assert points["answer times"].found.startswith("100 times nop: median")
    assert points["answer times"].figures["repeated"] == 0
    _, least = cast(tuple[int, int], points["tables"].figures["MAC filters"])
    assert least >= 4
    assert points["keys"].holds
    assert not [point for point in points.values() if point.remedy]


@pytest.mark.parametrize("version", [8, 12, 14, 19])
async def test_every_version_can_be_checked(version: int) -> None:
    async with lab(version) as at:
        fit, points = await points_of(at.address, hht=HHT)
    assert fit, points


@pytest.mark.parametrize(
    ("answer", "says", "granted"),
    [(b"\0\0\0", "0 (4 asked for)", 0), (b"\x37\0\0", "a number not said (4 asked for)", None)],
)
async def test_a_table_without_room_is_not_one_whose_size_is_unknown(
    answer: bytes, says: str, granted: int | None
) -> None:
    ncp = NcpByHand()
    ncp.answers[0x52] = answer  # getConfigurationValue: status, value
    async with on_pty(ncp) as address:
        dongle = await Dongle.open(address)
        point = await dict(check.STEPS)["tables"](check.Subject(dongle, None))
        await dongle.close()
    assert point.found == f"link keys: {says}, MAC filters: {says}"
    assert point.figures["MAC filters"] == [4, granted]


@pytest.mark.parametrize(
    ("keys", "filters", "holds", "says"),
    [
        (0, 4, False, "no room for the key"),
        (4, 0, None, "See inter-PAN below"),
        (0, 0, False, "no room for the key"),
        (1, 2, None, "Enough for one hub"),
        (3, 4, None, "Enough for one hub"),
        (4, 2, True, ""),
        (None, None, True, ""),
    ],
)
async def test_a_table_of_no_entries_has_a_remedy(
    keys: int | None, filters: int | None, holds: bool | None, says: str
) -> None:
    tables = {"link keys": Table(4, keys), "MAC filters": Table(4, filters)}
    dongle = cast(Dongle, SimpleNamespace(tables=tables))
    point = await dict(check.STEPS)["tables"](check.Subject(dongle, None))
    assert point.holds is holds
    assert says in point.remedy
    assert bool(point.remedy) == bool(says)


async def test_a_dongle_on_a_serial_line_says_which() -> None:
    async with on_pty(NcpByHand()) as address:
        _, points = await points_of(address)
    assert points["line"].found == "115200 baud, no RTS/CTS"
    assert points["line"].figures == {"baud": 115200, "flow": "software"}


async def test_a_dongle_that_hears_nothing_is_still_good() -> None:
    async with lab() as at:
        at.hub.power_off()
        fit, points = await points_of(at.address)
    assert fit
    assert points["active scan"].found == "no networks heard on channels 11 to 26"


async def test_the_dongle_of_another_handheld_is_not_fit() -> None:
    async with lab() as at:
        fit, points = await points_of(at.address, hht=HUB)
    assert not fit
    assert str(HHT) in points["identity"].found
    assert "certificate" in points["identity"].found
    assert points["identity"].remedy


async def test_an_absent_dongle_has_its_line() -> None:
    fit, points = await points_of("/dev/no-such-dongle")
    assert not fit
    assert points["dongle"].found == "There is no dongle here"


async def test_a_dongle_lost_during_the_check_ends_it() -> None:
    async with lab() as at:
        at.server.faults.break_at = 12
        fit, points = await points_of(at.address)
    assert not fit
    assert "went away" in list(points.values())[-1].found


async def test_a_dongle_that_is_a_member_keeps_its_keys() -> None:
    async with lab() as at:
        async with joined(at):
            pass
        fit, points = await points_of(at.address)
        assert fit
        assert points["keys"].holds is None
        assert f"a member of the HAN {HUB}" in points["keys"].found
        _, again = await points_of(at.address)
        assert again["keys"] == points["keys"]


async def test_a_member_whose_hub_is_out_of_reach_keeps_its_keys() -> None:
    async with lab() as at:
        async with joined(at):
            pass
        channel, at.hub.channel = at.hub.channel, 26
        _, points = await points_of(at.address)
        assert points["keys"].holds is None
        assert "keeps its place in a HAN" in points["keys"].found
        at.hub.channel = channel
        async with opened(at) as dongle:
            assert await dongle.resume(timeout=5)
            await dongle.send_unicast(
                0x0704, b"hello", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=5
            )


async def test_the_doctors_check_leaves_the_keys_alone() -> None:
    async with lab() as at:
        _, points = await points_of(at.address, leave_as_it_is=True)
    assert list(points) == ALL[:-1]


async def test_what_one_way_cannot_do_the_other_may() -> None:
    async with lab() as at:
        at.server.switch_on(["mfglib-refused"])
        fit, points = await points_of(at.address)
    assert fit
    assert "mfglib: The dongle refused mfglibStart" in points["inter-PAN"].found


async def test_a_dongle_without_any_way_of_inter_pan_is_not_fit() -> None:
    async with lab() as at:
        at.server.switch_on(["no-interpan"])
        fit, points = await points_of(at.address)
    assert not fit
    assert "other EmberZNet NCP firmware" in points["inter-PAN"].remedy


async def test_refused_keys_make_it_unfit() -> None:
    async with lab() as at:
        at.server.switch_on(["link-key-refused"])
        fit, points = await points_of(at.address)
    assert not fit
    assert "importLinkKey" in points["keys"].found


async def test_frames_that_could_not_be_read_are_counted() -> None:
    ncp = NcpByHand()
    ncp.after[0x26] = [(0x45, b"\x00\x01"), (0xFFF, b"zz")]
    async with on_pty(ncp) as address:
        _, points = await points_of(address)
    assert points["frames"].holds is None
    assert points["frames"].found.startswith("2 could not be read, the last was 00 90 01 FF 0F")


async def test_a_question_without_an_answer_is_replaced_by_another() -> None:
    ncp = NcpByHand()
    ncp.answers[0x05] = None
    async with on_pty(ncp) as address:
        _, points = await points_of(address)
    assert points["answer times"].found.startswith("100 times getEui64")


class SlowDongle:
    """Stands for one that takes 0.45 s to answer, by a clock of its own."""

    repeated = 0

    def __init__(self) -> None:
        self.clock = self
        self.now = 0.0

    def elapsed(self) -> float:
        return self.now

    async def ping(self) -> str:
        self.now += 0.45
        return "nop"


async def test_a_slow_dongle_is_asked_for_a_few_seconds_only() -> None:
    dongle = SlowDongle()
    subject = check.Subject(dongle, None)  # type: ignore[arg-type]
    (answer_times,) = [step for name, step in check.STEPS if name == "answer times"]
    point = await answer_times(subject)
    assert point.found.startswith("12 times nop: median 450.0 ms")
    assert dongle.now < 6


def scan_result(channel: int, dbm: int) -> tuple[int, bytes]:
    """Make an energyScanResultHandler."""
    return 0x48, bytes([channel, dbm & 0xFF])


def beacon(channel: int, dbm: int) -> tuple[int, bytes]:
    """Make a networkFoundHandler."""
    return 0x1B, bytes([channel, 0x34, 0x12, *HUB, 1, 2, 0, 255, dbm & 0xFF])


async def test_scans_that_report_what_cannot_be_are_not_ok() -> None:
    ncp = NcpByHand()
    nonsense = [scan_result(0, -80), scan_result(200, -80), scan_result(11, 127)]
    nonsense += [beacon(0, -60), beacon(99, -60), beacon(15, 100)]
    ncp.after[0x1A] = [*nonsense, scan_result(15, -70), *ncp.after[0x1A]]
    async with on_pty(ncp) as address:
        _, points = await points_of(address)
    assert points["energy scan"].holds is None
    assert "without a level for the channels 11, 12, 13, 14, 16" in points["energy scan"].found
    assert points["active scan"].found.startswith("no networks")
    assert points["frames"].found.startswith("6 could not be read")


async def test_the_check_of_a_slow_dongle_ends_within_its_time_and_says_where() -> None:
    async with on_pty(SlowNcp(1.2)) as address:
        began = virtual_loop().time()
        fit, points = await points_of(address)
        assert virtual_loop().time() - began < check.CHECK_SECONDS + CLOSE_SECONDS
    assert not fit
    name, last = points.popitem()
    assert name in ALL[4:-1]
    assert "not answer everything in time" in last.found
    assert last.remedy


def test_a_scan_listens_to_each_channel_for_77_ms() -> None:
    assert (2**check.SCAN_DURATION + 1) * 15.36 == 76.8


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_whatever_is_wrong_the_check_ends_and_says_what_to_do(fault: str) -> None:
    async with lab() as at:
        at.server.switch_on([fault])
        fit, points = await points_of(at.address, patience=0.5)
    bad = [point for point in points.values() if point.holds is False]
    assert fit == (not bad)
    assert all(point.found and point.remedy for point in bad)
    assert not [point for point in points.values() if "\n" in point.found + point.remedy]
