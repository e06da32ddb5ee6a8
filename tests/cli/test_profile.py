"""hht profile list, show and learn on the command line."""

import json
import random
import shutil
import struct
from dataclasses import replace

import pytest
from drawn_profiles import capture_connection, draw

from hht.entity_id import EntityId
from hht.hub_profile import stock_names
from hht.simulator.site.record import load_site
from hht.zse.interpan.frame import InterPanFrame, encode_secured


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_list_names_the_profiles_and_where_they_come_from(hht, data_dir):
    (data_dir / "profiles").mkdir(parents=True)
    own = data_dir / "profiles" / "mine.toml"
    own.write_text('extends = "no-limit"\nname = "mine"\nnote = "of mine"\n')
    ran = hht("profile", "list", "--json")
    assert ran.code == 0
    where = {row["name"]: row["where"] for row in rows(ran.out)}
    assert where == {**dict.fromkeys(stock_names(), "comes with hht"), "mine": str(own)}
    assert str(own) in hht("profile", "list").out


def test_list_shows_a_broken_profile_as_broken_and_goes_on(hht, data_dir):
    own = data_dir / "profiles"
    own.mkdir(parents=True)
    (own / "broken.toml").write_text('extends = "stand-in"\nhht_endpoint = 999\n')
    (own / "later.toml").write_text('extends = "stand-in"\nname = "later"\nnote = "two\\nlines"\n')
    (own / "strict.toml").write_text('extends = "stand-in"\nname = "x"\nnote = "never used"\n')
    ran = hht("profile", "list", "--json")
    listed = {row["where"]: row for row in rows(ran.out)}
    assert ran.code == 0
    assert "hht_endpoint cannot be 999" in listed[str(own / "broken.toml")]["error"]
    assert listed[str(own / "later.toml")]["note"] == "two lines"
    assert "comes with hht has this name" in listed[str(own / "strict.toml")]["error"]
    (own / "later.toml").write_text(f'extends = "stand-in"\nnote = "{"long " * 10_000}"\n')
    table = hht("profile", "list").out
    assert "BROKEN" in table
    assert len(table) < 8_000


def test_show_gives_each_value_with_its_mark(hht):
    shown = {row["name"]: row for row in rows(hht("profile", "show", "stand-in", "--json").out)}
    assert shown["tunnel_protocol"]["value"] == 6
    assert shown["tunnel_protocol"]["mark"] == "[SE] GB-HRGP"
    lines = map(str.split, hht("profile", "show", "stand-in").out.splitlines())
    assert ["admission_cluster", "0x0704", "[guess]"] in [line[:3] for line in lines]
    assert hht("profile", "show", "nobody").code == 2


@pytest.fixture
async def capture(site, tmp_path):
    """A capture of a hub whose values were drawn, with its keys beside it, and the values."""
    profile = draw(random.Random(1))
    shutil.copytree(site.run_dir, tmp_path / "site")
    await capture_connection(load_site(tmp_path / "site"), profile, tmp_path / "air.pcap")
    return tmp_path / "air.pcap", profile


async def test_learn_writes_a_profile_and_says_what_was_seen_where(hht, capture, tmp_path):
    pcap, profile = capture
    out = tmp_path / "learnt.toml"
    ran = hht("profile", "learn", str(pcap), "--keys", f"{pcap}.keys", "--out", out)
    assert ran.code == 0, ran.err
    assert "admission_command" in ran.out
    assert "[seen] in frame" in ran.out
    shown = {row["name"]: row for row in rows(hht("profile", "show", out, "--json").out)}
    assert shown["hht_device_type"]["value"] == profile.hht_device_type
    assert shown["hht_device_type"]["seen"]
    assert not shown["window_minutes"]["seen"]


def test_a_profile_that_was_corrected_by_hand_is_not_learnt_over(hht, small_capture, tmp_path):
    out = tmp_path / "our-hub.toml"
    out.write_text("# corrected by hand")
    ran = hht("profile", "learn", small_capture, "--out", out)
    assert (ran.code, ran.err) == (
        2,
        f"hht: {out}: The file is there already. Choose another name.\n",
    )
    assert out.read_text() == "# corrected by hand"


async def test_learn_without_keys_leaves_guesses_marked_as_such(hht, capture, tmp_path):
    pcap, profile = capture
    out = tmp_path / "learnt.toml"
    learnt = rows(hht("profile", "learn", str(pcap), "--out", out, "--json").out)
    values = {row["name"]: row["value"] for row in learnt if "frame" in row}
    assert values["admission_cluster"] == profile.admission_cluster
    assert "hht_device_type" not in values
    assert not any(row.get("seen") for row in learnt)
    shown = {row["name"]: row for row in rows(hht("profile", "show", out, "--json").out)}
    assert shown["hht_device_type"]["mark"].startswith("[guess] not seen")
    assert shown["admission_cluster"]["value"] == profile.admission_cluster
    assert shown["admission_cluster"]["mark"].startswith("[guess] from a message that no key")
    nobody = hht(
        "profile", "learn", pcap, "--out", tmp_path / "x.toml", "--hht", "00-DB-00-00-00-00-00-01"
    )
    assert nobody.code == 2
    assert (
        "neither a key establishment nor a CCS01 of the HHT 00-DB-00-00-00-00-00-01" in nobody.err
    )


def test_learn_refuses_what_is_no_capture_or_no_profile(hht, tmp_path):
    (tmp_path / "text.pcap").write_text("no capture")
    ran = hht("profile", "learn", tmp_path / "text.pcap", "--out", tmp_path / "x.toml")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "x.toml").exists()
    assert hht("profile", "learn", tmp_path / "text.pcap", "--out", tmp_path / "x.txt").code == 2


def pcap(path, *packets, link=230, cut=0):
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 256, link)
    for packet in packets:
        data += struct.pack("<IIII", 0, 0, len(packet), len(packet) + cut) + packet
    path.write_bytes(data)
    return path


HHT, HUB = (EntityId.parse(f"00-DB-12-34-56-78-90-{last}") for last in ("B0", "A3"))
ASKS = InterPanFrame(HHT, 0xFFFF, HUB, 1, 1, 0x0800, b"\x01\x01\x00")
BEGINS = ASKS.encode()
SEALED = encode_secured(replace(ASKS, cluster=0x0704), bytes(16), 1)


@pytest.fixture
def small_capture(tmp_path):
    return pcap(tmp_path / "air.pcap", BEGINS, SEALED)


@pytest.mark.parametrize(
    ("packets", "link", "cut", "says"),
    [
        ((), 230, 0, "0 frames read, with 0 messages."),
        ((BEGINS[:20],), 230, 9, "link type 230 read, with 0 messages; left out: 1 damaged"),
        ((bytes(12) + BEGINS,) * 2, 230, 0, "2 frames of link type 230 read, with 0 messages"),
        ((BEGINS,), 230, 0, "1 frame of link type 230 read, with 1 message."),
    ],
    ids=["a header only", "cut short", "TAP under another link type", "no CCS01"],
)
def test_a_capture_that_shows_nothing_leaves_no_profile(hht, tmp_path, packets, link, cut, says):
    out = tmp_path / "learnt.toml"
    ran = hht(
        "profile", "learn", pcap(tmp_path / "a.pcap", *packets, link=link, cut=cut), "--out", out
    )
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert says in ran.err
    assert "Capture whole frames" in ran.err
    assert not out.exists()


def test_a_learnt_profile_finds_its_base_from_any_folder(hht, small_capture, tmp_path, monkeypatch):
    for name in ("bases", "learnt"):
        (tmp_path / name).mkdir()
    base = tmp_path / "bases" / "base.toml"
    base.write_text('extends = "stand-in"\ngbt_window = 7\n')
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "learnt" / "new.toml"
    learnt = hht("profile", "learn", small_capture, "--base", "bases/base.toml", "--out", out)
    assert learnt.code == 0, learnt.err
    monkeypatch.chdir("/")
    shown = {row["name"]: row for row in rows(hht("profile", "show", out, "--json").out)}
    assert shown["gbt_window"]["value"] == 7


def test_a_profile_is_never_written_over_its_own_base(hht, small_capture, tmp_path, monkeypatch):
    base, above = tmp_path / "base.toml", tmp_path / "above.toml"
    base.write_text('extends = "stand-in"\n')
    above.write_text('extends = "base.toml"\n')
    monkeypatch.chdir(tmp_path)
    for other in ("base.toml", str(base), "./above.toml"):
        ran = hht("profile", "learn", small_capture, "--base", other, "--out", base)
        assert ran.code == 2
        assert "extend itself" in ran.err
    assert base.read_text() == 'extends = "stand-in"\n'


def test_a_profile_is_not_learnt_into_a_file_that_would_be_hidden(hht, small_capture, data_dir):
    (data_dir / "profiles").mkdir(parents=True)
    out = data_dir / "profiles" / "strict.toml"
    ran = hht("profile", "learn", small_capture, "--out", out)
    assert ran.code == 2
    assert "comes with hht has this name" in ran.err


def test_a_capture_under_a_name_of_two_lines_gives_a_profile_that_loads(hht, small_capture):
    odd = small_capture.rename(small_capture.with_name('two\n"lines".pcap'))
    out = odd.with_name("odd\nname.toml")
    assert hht("profile", "learn", odd, "--out", out).code == 0
    assert hht("profile", "show", out).code == 0
