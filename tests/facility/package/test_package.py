"""A package opens on its own unit alone, and every other one is refused with its reason."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from facility_samples import commands_of, eui, install_code
from hypothesis import given
from hypothesis import strategies as st
from package_samples import BATCH, ISSUED, NOW, content, keys, package, trust

from hht.duis.local_command import read_local_command
from hht.facility.package.content import UnitContent, decode_content, encode_content
from hht.facility.package.header import PackageHeader, parse_header
from hht.facility.package.keys import FacilityKey, point_of
from hht.facility.package.reader import open_package
from hht.facility.package.refusals import WORDS, PackageRefused, Refusal
from hht.facility.package.writer import write_package


def refusal(blob: bytes, *, key: ec.EllipticCurvePrivateKey | None = None, **changes) -> Refusal:
    with pytest.raises(PackageRefused) as refused:
        open_package(blob, key or keys().unit, replace(trust(), **changes), NOW)
    return refused.value.refusal


def test_the_unit_gets_its_commands_byte_for_byte_in_their_order() -> None:
    opened = open_package(package(), keys().unit, trust(), NOW)
    pack = opened.content.job_pack()
    sent = [read_local_command(each.xml, "") for each in commands_of(1).values()]
    assert [each.local_command.raw for each in pack.commands] == [each.raw for each in sent]
    assert [each.local_command.request_id for each in pack.commands] == [
        each.request_id for each in sent
    ]
    assert [each.after for each in pack.commands] == [(), (0,), (0, 1)]
    assert opened.content.hht_id == eui(1, 1)


def test_the_bytes_are_those_of_the_document() -> None:
    """Read it by the table of docs/package.md, with nothing of ours."""
    blob, n = package(), len(BATCH)
    assert blob[:10] == b"HHT-PKG\x00\x00\x01"
    assert blob[10:18] == eui(1)
    assert blob[18:26] == sha256(point_of(keys().facility.public)).digest()[:8]
    assert int.from_bytes(blob[26:34], "big") == ISSUED
    assert blob[108 : 108 + n] == BATCH.encode()
    body = blob[208 + n :]
    assert blob[108 + n : 140 + n] == sha256(body).digest()
    assert int.from_bytes(blob[140 + n : 144 + n], "big") == len(body)
    r, s = blob[144 + n : 176 + n], blob[176 + n : 208 + n]
    signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    keys().facility.public.verify(signature, blob[: 144 + n], ec.ECDSA(hashes.SHA256()))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), blob[42:107])
    agreed = keys().unit.exchange(ec.ECDH(), point)
    key = HKDF(hashes.SHA256(), 32, None, b"hht package body 1").derive(agreed)
    plain = json.loads(AESGCM(key).decrypt(bytes(12), body, blob[: 108 + n]))
    assert plain["unit"] == str(eui(1))


def test_no_secret_is_in_the_clear_or_in_a_repr() -> None:
    blob, code = package(), install_code(1)
    opened = open_package(blob, keys().unit, trust(), NOW)
    for secret in (code, install_code(1, 1), opened.content.commands[0].gbcs):
        assert secret not in blob
        assert secret.hex() not in repr(opened)
        assert repr(secret) not in repr(opened)


def test_built_again_it_is_the_same_and_another_content_has_another_key() -> None:
    assert package() == package()
    points = {
        parse_header(each).header.point
        for each in (package(), package(2), package(batch="b2"), package(issued=1))
    }
    assert len(points) == 4


def test_every_flipped_bit_of_the_header_is_refused() -> None:
    blob = package()
    for at in range(208 + len(BATCH)):
        for bit in range(8):
            bad = bytearray(blob)
            bad[at] ^= 1 << bit
            assert refusal(bytes(bad)) in Refusal


@given(st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_of_the_body_is_named(at: int, bit: int) -> None:
    bad = bytearray(package())
    start = 208 + len(BATCH)
    bad[start + at % (len(bad) - start)] ^= 1 << bit
    assert refusal(bytes(bad)) is Refusal.ALTERED


def test_cut_short_anywhere_it_is_torn() -> None:
    blob = package()
    assert {refusal(blob[:length]) for length in range(len(blob))} == {Refusal.TORN}


def test_what_follows_the_body_is_refused() -> None:
    assert refusal(package() + b"\x00") is Refusal.ALTERED


@given(st.binary(max_size=300))
def test_anything_else_is_no_package_and_no_crash(blob: bytes) -> None:
    assert refusal(blob) in (Refusal.NOT_A_PACKAGE, Refusal.TORN)


def test_a_newer_version_is_named_before_anything_of_it_is_believed() -> None:
    assert refusal(package()[:9] + b"\x02" + bytes(500)) is Refusal.NEWER_VERSION


def test_another_unit_another_batch_and_another_facility_are_named() -> None:
    assert refusal(package(2)) is Refusal.OTHER_UNIT
    assert refusal(package(batch="b2")) is Refusal.OTHER_BATCH
    assert refusal(package(), facilities=[]) is Refusal.UNKNOWN_FACILITY
    stranger = FacilityKey.generate().public
    assert refusal(package(), facilities=[stranger]) is Refusal.UNKNOWN_FACILITY


def test_a_unit_that_was_given_no_batch_accepts_any() -> None:
    opened = open_package(package(batch="b2"), keys().unit, replace(trust(), batch=None), NOW)
    assert opened.header.batch == "b2"


def test_an_older_package_is_a_replay_and_the_same_one_is_not() -> None:
    digest = parse_header(package()).header.digest
    assert refusal(package(), newest=ISSUED + 1) is Refusal.REPLAYED
    assert refusal(package(), newest=ISSUED, newest_digest=bytes(32)) is Refusal.REPLAYED
    again = replace(trust(), newest=ISSUED, newest_digest=digest)
    assert open_package(package(), keys().unit, again, NOW).header.issued == ISSUED


def test_it_expires_after_its_last_second() -> None:
    last = int(NOW.timestamp())
    assert open_package(package(not_after=last), keys().unit, trust(), NOW).header.not_after == last
    with pytest.raises(PackageRefused) as refused:
        open_package(package(not_after=last), keys().unit, trust(), NOW + timedelta(seconds=1))
    assert refused.value.refusal is Refusal.EXPIRED


def test_a_unit_with_another_key_cannot_open_it() -> None:
    assert refusal(package(), key=ec.generate_private_key(ec.SECP256R1())) is Refusal.OTHER_KEY


def resealed(given: UnitContent) -> bytes:
    unit_key = keys().unit.public_key()
    return write_package(given, unit_key, keys().facility, batch=BATCH, issued=ISSUED)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "hht-unit/9"},
        {"mode": "rehearsal"},
        {"hht": "no"},
        {"hht_install_code": "zz"},
        {"chf": ""},
        {"commands": [None]},
        {"identity": {"suite": 2}},
    ],
)
def test_content_that_is_not_what_the_document_says_is_refused(change) -> None:
    given = msgspec.to_builtins(content()) | change
    with pytest.raises(PackageRefused) as refused:
        decode_content(msgspec.json.encode(given))
    assert refused.value.refusal is Refusal.BAD_CONTENT


def test_content_for_another_unit_than_the_header_says_is_refused() -> None:
    """Only the facility could make one; the unit still does not take it."""
    header_of = content(2)
    forged = msgspec.structs.replace(header_of, unit=str(eui(2)))
    assert refusal(resealed(forged), unit=eui(1)) is Refusal.OTHER_UNIT


def test_a_command_that_waits_for_a_later_one_or_is_no_command_is_refused() -> None:
    first = content().commands[0]
    for bad in (
        msgspec.structs.replace(first, after=(0,)),
        msgspec.structs.replace(first, after=(-1,)),
        msgspec.structs.replace(first, gbcs=first.gbcs[:-1]),
        msgspec.structs.replace(first, request_id="none"),
    ):
        given = msgspec.structs.replace(content(), commands=(bad,))
        assert refusal(resealed(given)) is Refusal.BAD_CONTENT


def test_names_that_are_not_known_are_passed_over() -> None:
    given = msgspec.to_builtins(content()) | {"later": 1}
    assert decode_content(msgspec.json.encode(given)) == content()
    assert decode_content(encode_content(content())) == content()


def test_every_refusal_has_words_and_is_in_the_document(request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "docs/package.md").read_text("utf-8")
    assert set(WORDS) == set(Refusal)
    assert [each for each in Refusal if f"| `{each}` |" not in text] == []


def test_a_header_that_names_no_batch_is_no_package() -> None:
    header = PackageHeader(eui(1), bytes(8), 0, 0, bytes(65), "")
    with pytest.raises(PackageRefused) as refused:
        parse_header(header.signed + bytes(64))
    assert refused.value.refusal is Refusal.NOT_A_PACKAGE
