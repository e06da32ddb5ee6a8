"""The HHT's CCS01 over inter-PAN, as hub profiles carry it."""

from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.hub_profile import load_profile, loading, profile_names
from hht.zse.errors import MalformedFrame
from hht.zse.install_code import InstallCode
from hht.zse.interpan.admission import (
    OTHER_REASON,
    SUCCESS,
    admission_frame,
    answer_frame,
    build_admission,
    build_admission_answer,
    is_admission,
    is_admission_answer,
    read_admission,
    read_admission_answer,
)
from hht.zse.interpan.frame import InterPanFrame, decode_interpan
from hht.zse.interpan.transfer import SecuredReceiver, secured_frames
from hht.zse.zcl import ZclFrame

HUB = EntityId.parse("00-DB-12-34-56-78-90-A3")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
CODE = InstallCode(b"0123456789ABCDEF")
KEY = bytes(range(16))
STAND_IN = load_profile()


def ask(profile=STAND_IN, key=KEY):
    return build_admission(profile, HHT, CODE, CHF, 0x516, key)


def test_the_request_is_a_ccs01_as_reference_messages_have_it():
    assert ask().hex() == (
        "ffff" "df0901" "0000000000000516" "0800db1234567890b0" "0800db1234567890a2" "00"
        "020001" "4d"
        "d9" "20000516" "00"
        "03" "03006800001e0300ff01" "02006800001e0300ff03" "02006800001e0300ff02"
        "03" "0204" "090800db1234567890b0" "1601" "091030313233343536373839414243444546" "1600"
        "120e10" "03ff" "00"
    )  # fmt: skip


def test_the_hub_reads_who_asks_and_with_which_code():
    admission = read_admission(STAND_IN, ask())
    assert (admission.hht, admission.install_code) == (HHT, CODE)
    assert "3031" not in repr(admission)
    assert "0123" not in repr(admission)


def test_the_answer_is_a_ccs01_response_of_the_same_counter():
    admission = read_admission(STAND_IN, ask())
    payload = build_admission_answer(STAND_IN, admission, SUCCESS)
    assert payload.hex() == (
        "ffff" "df0902" "0000000000000516" "0800db1234567890a2" "0800db1234567890b0" "00"
        "020001" "12" "da" "20000516" "00" "00" "03" "000000" "03" "0300" "0200" "0200" "00"
    )  # fmt: skip
    answer = read_admission_answer(STAND_IN, payload)
    assert answer.positive
    assert "in the CHF Device Log" in answer.summary


def test_a_refusal_is_read_as_one():
    payload = build_admission_answer(STAND_IN, read_admission(STAND_IN, ask()), OTHER_REASON)
    answer = read_admission_answer(STAND_IN, payload)
    assert not answer.positive
    assert "FA" in answer.summary


@pytest.mark.parametrize("with_crc", [False, True])
@pytest.mark.parametrize("mac", [False, True])
def test_code_and_mac_are_as_the_profile_says(with_crc, mac):
    profile = replace(STAND_IN, install_code_with_crc=with_crc, admission_mac=mac)
    payload = ask(profile)
    assert (CODE.with_crc in payload) == with_crc
    assert (payload[2] == 0xDD) == mac
    assert read_admission(profile, payload, KEY).install_code == CODE


def test_a_missing_or_wrong_mac_is_refused_where_the_profile_wants_one():
    profile = replace(STAND_IN, admission_mac=True)
    with pytest.raises(MalformedFrame, match="MAC"):
        read_admission(profile, ask(), KEY)
    with pytest.raises(MalformedFrame, match="MAC"):
        read_admission(profile, ask(profile), bytes(16))


def test_a_wrong_crc_is_refused():
    profile = replace(STAND_IN, install_code_with_crc=True)
    payload = ask(profile).replace(CODE.with_crc, CODE.code + b"\0\0")
    with pytest.raises(MalformedFrame):
        read_admission(profile, payload)


def test_the_carrier_is_the_profiles():
    request, answer = admission_frame(STAND_IN, b"x", 3), answer_frame(STAND_IN, b"x", 3)
    assert request.encode().hex() == "01030278"
    assert answer.encode().hex() == "19030178"
    assert is_admission(STAND_IN, request)
    assert not is_admission(STAND_IN, answer)
    assert is_admission_answer(STAND_IN, answer)
    other = replace(STAND_IN, admission_manufacturer=0x1168, admission_command=0x40)
    assert admission_frame(other, b"x", 3).encode().hex() == "056811034078"
    assert not is_admission(other, request)


def message_frame(payload):
    zcl = admission_frame(STAND_IN, payload, 1).encode()
    return InterPanFrame(HHT, 0xFFFF, HUB, 0x1A62, 250, STAND_IN.admission_cluster, zcl)


def test_the_request_crosses_in_fragments_and_opens_whole():
    sent = message_frame(ask())
    frames = secured_frames(sent, KEY, 1, STAND_IN)
    assert len(frames) in (11, 12)  # counts that Wireshark reads without complaint
    assert all(len(raw) <= 125 for raw in frames)
    receiver = SecuredReceiver(KEY)
    results = [receiver.feed(decode_interpan(raw)) for raw in frames]
    assert {answer.status for answer, _ in results} == {0}
    opened = results[-1][1]
    assert (opened.payload, opened.secured) == (sent.payload, True)
    assert ZclFrame.decode(opened.payload).payload == ask()


def test_the_request_crosses_in_one_frame_where_the_profile_says_so():
    profile = replace(STAND_IN, admission_fragmentation=False)
    (raw,) = secured_frames(message_frame(ask()), KEY, 1, profile)
    answer, opened = SecuredReceiver(KEY).feed(decode_interpan(raw, lambda _: KEY))
    assert answer is None
    assert opened.payload.endswith(ask())


def test_what_one_frame_holds_is_not_cut_into_fragments():
    (raw,) = secured_frames(message_frame(b"short"), KEY, 1, STAND_IN)
    answer, opened = SecuredReceiver(KEY).feed(decode_interpan(raw, lambda _: KEY))
    assert answer is None
    assert opened.payload.endswith(b"short")


def test_a_replayed_message_is_refused():
    receiver = SecuredReceiver(KEY)
    frames = secured_frames(message_frame(ask()), KEY, 1, STAND_IN)
    for raw in frames:
        receiver.feed(decode_interpan(raw))
    for raw in frames[:-1]:
        receiver.feed(decode_interpan(raw))
    with pytest.raises(MalformedFrame, match="repeats"):
        receiver.feed(decode_interpan(frames[-1]))


def test_a_message_under_another_key_is_refused():
    receiver = SecuredReceiver(bytes(16))
    *first, last = secured_frames(message_frame(ask()), KEY, 1, STAND_IN)
    for raw in first:
        receiver.feed(decode_interpan(raw))
    with pytest.raises(MalformedFrame):
        receiver.feed(decode_interpan(last))


@given(data=st.binary(max_size=40), at=st.integers(0, 125), profile=st.booleans())
def test_any_bytes_are_a_request_or_malformed(data, at, profile):
    whole = ask()
    for candidate in (data, whole[:at] + data, whole[:at] + data + whole[at + len(data) :]):
        for read in (read_admission, read_admission_answer):
            try:
                read(STAND_IN, candidate)
            except MalformedFrame:
                continue


def test_the_profiles_that_come_with_the_tool_load():
    assert set(profile_names()) >= {"stand-in", "no-limit"}
    assert STAND_IN.window_minutes == 60
    assert load_profile("no-limit").window_minutes is None
    assert load_profile("no-limit").residency_hours == 18
    assert STAND_IN.channels == tuple(range(11, 27))


def test_every_value_of_the_stand_in_says_where_it_comes_from():
    text = (files("assets") / "hub_profiles" / "stand-in.toml").read_text()
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    unmarked = [line for line in lines if not any(f"[{m}]" in line for m in
                ("GBCS", "SE", "SEC", "guess"))]  # fmt: skip
    assert [line.split(" ")[0] for line in unmarked] == ["name", "note"]
    assert "STAND-IN" in text


def test_an_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(HhtError, match="stand-in"):
        load_profile("of-a-real-hub")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("window_minutes = ", "not TOML"),
        ('extends = "stand-in"\nwindow = 3', "window"),
        ('name = "x"', "lacks"),
        ('extends = "stand-in"\nresidency_hours = "none"', "residency_hours"),
        ('extends = "stand-in"\nadmission_mac = 1', "admission_mac"),
    ],
)
def test_a_profile_that_is_wrong_is_refused_by_name(tmp_path, monkeypatch, text, complaint):
    folder = tmp_path / "hub_profiles"
    folder.mkdir()
    stand_in = (files("assets") / "hub_profiles" / "stand-in.toml").read_text()
    (folder / "stand-in.toml").write_text(stand_in)
    (folder / "mine.toml").write_text(text)
    monkeypatch.setattr(loading, "files", lambda package: tmp_path)
    with pytest.raises(HhtError, match=complaint):
        load_profile("mine")
