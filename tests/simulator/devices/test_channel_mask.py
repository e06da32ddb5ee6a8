"""The DRAFT of SECMP0012 at a CHF: which mask it accepts, what it notes, when it has to move."""

import json
from pathlib import Path

import pytest
from device_bench import Bench

from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import NULL, Value, bits, unsigned
from hht.gbcs.explain.describe import explain
from hht.gbcs.message import Message
from hht.hub_profile import HubProfile
from hht.simulator.devices.types.chf_mask import READ_MASK, SET_MASK, ChannelMask, mask_of
from hht.simulator.head_end.compose import payloads

OBJECT = HubProfile.channel_mask_object


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench.make(tmp_path / "run")
    made.fleet.chf.mask.register(OBJECT, range(11, 21))
    return made


def mask_of_chf(bench: Bench) -> ChannelMask:
    return bench.fleet.chf.mask


def give(bench: Bench, mask: Value, where: str = OBJECT) -> str:
    payload = payloads.set_channel_mask(bench.counter + 1, where, mask)
    command = bench.command("CHF", SET_MASK, payload, role=Role.ACCESS_CONTROL_BROKER)
    return str(explain(bench.give_raw(command)[0]).reading)


def test_a_mask_without_the_channel_in_use_makes_the_hub_go(bench: Bench) -> None:
    give(bench, mask_of([15, 20, 25]))
    assert mask_of_chf(bench).wanted == {15, 20}  # it has no 25
    assert "has to leave channel 11" in bench.fleet.chf.log[-1].text


def test_a_mask_with_the_channel_in_use_leaves_it_there(bench: Bench) -> None:
    give(bench, mask_of([11, 20]))
    assert (mask_of_chf(bench).wanted, mask_of_chf(bench).allowed) == (set(), {11, 20})


def test_a_mask_that_is_taken_away_moves_nothing(bench: Bench) -> None:
    give(bench, mask_of([15]))
    give(bench, NULL)
    assert (mask_of_chf(bench).wanted, mask_of_chf(bench).allowed) == (set(), set())


@pytest.mark.parametrize(
    "mask",
    [
        mask_of([]),
        mask_of([25]),
        bits(bytes.fromhex("00000801")),
        bits(bytes.fromhex("E0000800")),
        bits(bytes.fromhex("0800")),
        bits(bytes(4), 31),
        unsigned(15),
    ],
    ids=["empty", "not its own", "bit 0", "page 28", "16 bits", "31 bits", "a number"],
)
def test_an_empty_or_impossible_mask_is_refused_and_changes_nothing(
    bench: Bench, mask: Value
) -> None:
    give(bench, mask_of([11, 12]))
    give(bench, mask)
    chf = mask_of_chf(bench)
    assert (chf.allowed, chf.wanted) == ({11, 12}, set())
    assert bench.fleet.chf.log[-1].text.startswith("DRAFT Set CHF Channel Mask: refused")


def test_another_profile_has_the_mask_elsewhere(bench: Bench) -> None:
    mask_of_chf(bench).register("0-0:94.44.77.5", ())
    assert "format failed its check" in give(bench, mask_of([15]))
    give(bench, mask_of([15]), "0-0:94.44.77.5")
    assert mask_of_chf(bench).wanted == {15}


def test_table_mask_and_channel_are_read_and_said_to_be_a_draft(bench: Bench) -> None:
    payload = payloads.read_channel_mask(bench.counter + 1, OBJECT)
    command = bench.command("CHF", READ_MASK, payload, role=Role.ACCESS_CONTROL_BROKER)
    (answer,) = bench.give_raw(command)
    assert str(explain(answer).reading).startswith("DRAFT: ")
    assert str(explain(answer).reading).endswith(
        " is on 2.4 GHz channel 11; its table has 10 channels; allowed: any."
    )


def test_a_power_cut_before_it_went_loses_neither_mask_nor_errand(bench: Bench) -> None:
    give(bench, mask_of([15, 20]))
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    assert mask_of_chf(bench).wanted == {15, 20}


def test_a_state_from_before_there_was_a_mask_is_read(bench: Bench) -> None:
    kept = bench.fleet.chf.state()
    del kept["parts"]["mask"]
    bench.fleet.chf.restore(kept)
    assert mask_of_chf(bench).allowed == set()


def test_a_mask_is_read_as_channels_and_never_raw(bench: Bench) -> None:
    payload = payloads.set_channel_mask(1, OBJECT, mask_of([15, 20, 25]))
    command = bench.command("CHF", SET_MASK, payload, role=Role.ACCESS_CONTROL_BROKER)
    listed = "2.4 GHz, channels 15, 20, 25: 2425, 2450, 2475 MHz"
    assert listed in str(explain(Message.parse(command)).reading)


@pytest.mark.parametrize("entries", [0, 1, 49, 50])
def test_a_table_of_more_or_fewer_entries_than_the_draft_has_is_said_to_be(
    bench: Bench, entries: int
) -> None:
    mask_of_chf(bench).table = tuple(range(11, 11 + entries))
    payload = payloads.read_channel_mask(bench.counter + 1, OBJECT)
    command = bench.command("CHF", READ_MASK, payload, role=Role.ACCESS_CONTROL_BROKER)
    reading = str(explain(bench.give_raw(command)[0]).reading)
    assert ("and the draft has 1 to 49" in reading) == (entries in (0, 50))
