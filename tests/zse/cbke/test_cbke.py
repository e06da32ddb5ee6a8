"""Key establishment, held against the vectors of ZigBee Smart Energy and Certicom's test sets."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from present import present

from hht.entity_id import EntityId
from hht.zse.cbke import ecqv
from hht.zse.cbke.cluster import Terminate, TerminateStatus, decode_key_command, key_frame
from hht.zse.cbke.ecmqv import AgreedKeys, Transcript, shared_secret
from hht.zse.cbke.ecqv import SUITE_1, SUITE_2, SUITES, ImplicitCertificate, issue_certificate
from hht.zse.cbke.exchange import CbkeError, CbkeIdentity, CbkeInitiator, CbkeResponder
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame

VECTORS = json.loads(Path(__file__).with_name("cbke-vectors.json").read_text())
HUB = EntityId.parse("00-DB-12-34-56-78-90-A3")
HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
ISSUER = EntityId.parse("70-B3-D5-1F-30-00-00-01")
suites = pytest.mark.parametrize("number", [1, 2])


def vector_sets():
    for number in (1, 2):
        published = VECTORS[f"suite{number}"]
        for device in ("dev1", "dev2"):
            yield number, {"ca": published["ca_public"], **published[device]}
    for name, pair in VECTORS["pairs"].items():
        yield int(name.split("suite")[1][0]), pair


@pytest.mark.parametrize(("number", "pair"), vector_sets())
def test_a_certificate_gives_the_public_key_of_its_private_key(number, pair):
    suite = SUITES[number]
    certificate = ImplicitCertificate.parse(suite, bytes.fromhex(pair["cert"]))
    key = suite.curve.encode(certificate.public_key(bytes.fromhex(pair["ca"])))
    assert key.hex() == pair["public"]
    assert ecqv.public_key_of(suite, bytes.fromhex(pair["private"])).hex() == pair["public"]


def test_a_certificate_names_its_subject_and_issuer():
    raw = bytes.fromhex(VECTORS["suite2"]["dev1"]["cert"])
    certificate = ImplicitCertificate.parse(SUITE_2, raw)
    assert str(certificate.subject) == "0A-0B-0C-0D-0E-0F-10-11"
    assert str(certificate.issuer) == "11-12-13-14-15-16-17-18"


def agreed(number, own, peer):
    published, suite = VECTORS[f"suite{number}"], SUITES[number]
    decode = suite.curve.decode
    return shared_secret(
        suite,
        int(published[own]["private"], 16),
        int(published[own]["eph_private"], 16),
        decode(bytes.fromhex(published[own]["eph_public"])),
        decode(bytes.fromhex(published[peer]["public"])),
        decode(bytes.fromhex(published[peer]["eph_public"])),
    )


@suites
@pytest.mark.parametrize("sides", [("dev1", "dev2"), ("dev2", "dev1")])
def test_both_sides_agree_on_the_published_secret(number, sides):
    assert agreed(number, *sides).hex() == VECTORS[f"suite{number}"]["z"]


@suites
def test_the_published_secret_gives_the_published_keys_and_macs(number):
    published = VECTORS[f"suite{number}"]
    keys = AgreedKeys.derive(bytes.fromhex(published["z"]))
    first, second = published["dev1"], published["dev2"]
    transcript = Transcript(
        EntityId(bytes.fromhex(second["id"])),
        EntityId(bytes.fromhex(first["id"])),
        bytes.fromhex(second["eph_public"]),
        bytes.fromhex(first["eph_public"]),
    )
    mac_key = published.get("mackey") or published["mackey_computed"]
    macv = published.get("macv_tag03_id1_id2") or published["macv_tag03_id1_id2_computed"]
    assert keys.mac_key.hex() == mac_key
    assert keys.link_key.hex() == published["keydata_computed"]
    assert keys.initiators_mac(transcript).hex() == published["macu_tag02_id2_id1_computed"]
    assert keys.responders_mac(transcript).hex() == macv


def authority(number, seed=1):
    draw = random.Random(seed).randbytes
    suite = SUITES[number]
    private = ecqv.new_private_key(suite, draw).to_bytes(suite.private_length, "big")
    public = ecqv.public_key_of(suite, private)

    def issue(subject, issuer=ISSUER):
        certificate, key = issue_certificate(suite, private, issuer, subject, draw)
        return CbkeIdentity(subject, certificate, key, public, number)

    return issue


def exchange(initiator, responder):
    frame = initiator.start()
    while frame is not None:
        answer = responder.receive(frame)
        frame = initiator.receive(answer) if answer else None


@suites
def test_devices_of_one_authority_agree_on_a_link_key(number):
    issue = authority(number)
    initiator = CbkeInitiator(issue(HHT), HUB)
    responder = CbkeResponder(issue(HUB), HHT)
    exchange(initiator, responder)
    assert initiator.done
    assert responder.done
    assert responder.peer == HHT
    assert initiator.link_key == responder.link_key
    assert len(initiator.link_key) == 16


def test_the_exchange_with_the_published_keys_gives_the_published_macs(monkeypatch):
    published = VECTORS["suite2"]
    sides = {}
    for device in ("dev1", "dev2"):
        keys = {name: bytes.fromhex(value) for name, value in published[device].items()}
        ca = bytes.fromhex(published["ca_public"])
        identity = CbkeIdentity(EntityId(keys["id"]), keys["cert"], keys["private"], ca)
        sides[device] = identity, int.from_bytes(keys["eph_private"], "big")
    drawn = iter((sides["dev2"][1], sides["dev1"][1]))
    monkeypatch.setattr("hht.zse.cbke.exchange.new_private_key", lambda suite, random: next(drawn))
    initiator = CbkeInitiator(sides["dev2"][0], sides["dev1"][0].entity_id)
    responder = CbkeResponder(sides["dev1"][0])
    sent = []
    frame: ZclFrame | None = initiator.start()
    while frame is not None:
        sent += [frame, present(responder.receive(frame))]
        frame = initiator.receive(sent[-1])
    assert [frame.encode()[:3].hex() for frame in sent] == [
        "010000", "190000", "010101", "190101", "010202", "190202",
    ]  # fmt: skip
    assert sent[2].payload.hex() == published["dev2"]["eph_public"]
    assert sent[4].payload.hex() == published["macu_tag02_id2_id1_computed"]
    assert sent[5].payload.hex() == published["macv_tag03_id1_id2_computed"]
    assert initiator.link_key.hex() == published["keydata_computed"]


def test_a_repeated_request_is_answered_as_the_first_time():
    issue = authority(2)
    initiator, responder = CbkeInitiator(issue(HHT), HUB), CbkeResponder(issue(HUB))
    request = initiator.start()
    answer = present(responder.receive(request))
    assert responder.receive(request) == answer
    following = initiator.receive(answer)
    assert initiator.receive(answer) == following


def failing(initiator, responder):
    with pytest.raises(CbkeError) as caught:
        exchange(initiator, responder)
    return caught.value


def test_a_certificate_of_another_issuer_is_refused():
    other = authority(2, seed=2)(HHT, issuer=EntityId.parse("70-B3-D5-1F-30-00-00-09"))
    error = failing(CbkeInitiator(other, HUB), CbkeResponder(authority(2)(HUB)))
    assert error.status == TerminateStatus.UNKNOWN_ISSUER
    assert not error.by_peer
    command = decode_key_command(error.answer)
    assert command == Terminate(TerminateStatus.UNKNOWN_ISSUER, 0, 2)
    with pytest.raises(CbkeError) as refused:
        CbkeInitiator(other, HUB).receive(error.answer)
    assert refused.value.by_peer


def test_a_certificate_of_another_device_is_refused():
    issue = authority(2)
    stranger = EntityId.parse("00-DB-12-34-56-78-90-FF")
    error = failing(CbkeInitiator(issue(HHT), HUB), CbkeResponder(issue(stranger)))
    assert error.status == TerminateStatus.INVALID_CERTIFICATE


def test_a_device_without_the_certificates_private_key_fails_to_confirm():
    issue = authority(2)
    thief = replace(issue(HHT), private_key=issue(HHT).private_key)
    error = failing(CbkeInitiator(thief, HUB), CbkeResponder(issue(HUB)))
    assert error.status == TerminateStatus.BAD_KEY_CONFIRM


def test_another_suite_is_refused():
    error = failing(CbkeInitiator(authority(1)(HHT), HUB), CbkeResponder(authority(2)(HUB)))
    assert error.status == TerminateStatus.UNSUPPORTED_SUITE


@pytest.mark.parametrize("x", [0, 1, 6])
def test_an_ephemeral_key_that_is_no_fit_point_is_a_bad_message(x):
    issue = authority(2)
    initiator, responder = CbkeInitiator(issue(HHT), HUB), CbkeResponder(issue(HUB))
    request = present(initiator.receive(present(responder.receive(initiator.start()))))
    bad = replace(request, payload=b"\x02" + x.to_bytes(36, "big"))
    with pytest.raises(CbkeError) as caught:
        responder.receive(bad)
    assert caught.value.status == TerminateStatus.BAD_MESSAGE


def test_commands_out_of_order_are_a_bad_message():
    issue = authority(2)
    responder = CbkeResponder(issue(HUB))
    with pytest.raises(CbkeError) as caught:
        responder.receive(ZclFrame(0x01, 1, 2, bytes(16)))
    assert caught.value.status == TerminateStatus.BAD_MESSAGE


def test_the_link_key_is_kept_until_confirmed_and_out_of_reprs():
    issue = authority(2)
    identity = issue(HHT)
    initiator = CbkeInitiator(identity, HUB)
    with pytest.raises(ValueError, match="not done"):
        _ = initiator.link_key
    assert identity.private_key.hex() not in repr(identity)
    assert repr(identity.private_key) not in repr(identity)


def test_frames_of_the_wrong_direction_and_default_responses_are_passed_over():
    responder = CbkeResponder(authority(2)(HUB))
    assert responder.receive(ZclFrame(0x19, 0, 0, b"")) is None
    assert responder.receive(ZclFrame(0x00, 0, 0x0B, b"\x00\x00")) is None


@given(command=st.integers(0, 4), payload=st.binary(max_size=100))
def test_any_payload_is_a_key_command_or_a_malformed_frame(command, payload):
    frame = ZclFrame(0x01, 7, command, payload)
    try:
        read = decode_key_command(frame)
    except MalformedFrame:
        return
    assert key_frame(read, 7, to_server=True) == frame


@given(command=st.integers(0, 4), payload=st.binary(max_size=100))
def test_any_first_frame_is_answered_or_ends_in_a_cbke_error(command, payload):
    responder = CbkeResponder(RESPONDER)
    try:
        responder.receive(ZclFrame(0x01, 0, command, payload))
    except CbkeError:
        return


RESPONDER = authority(2)(HUB)


def test_suite_lengths_are_those_of_the_certificates():
    assert (SUITE_1.certificate_length, SUITE_2.certificate_length) == (48, 74)
    assert (SUITE_1.curve.point_length, SUITE_2.curve.point_length) == (22, 37)
