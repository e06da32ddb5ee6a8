"""`hht identity` as a shell sees it: what is imported fits, or nothing is changed."""

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ecqv_authority import Authority
from radio_lab import lab

from hht.entity_id import EntityId
from hht.session.identity import load_identity

HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
OTHER = EntityId.parse("00-DB-12-34-56-78-90-B1")
CODE = "83FED3407A939723A5C639B26916D505"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def parts(tmp_path: Path, authority: Authority) -> Callable[..., list[str | Path]]:
    """Write the parts of an identity to files; return the options that name them."""

    def write(**changed: bytes) -> list[str | Path]:
        certificate, key = authority.issue(HHT)
        content = {
            "certificate": certificate.hex().encode(),  # as text,
            "key": base64.b64encode(key) + b"\r\n",  # as base64 out of a mail,
            "ca": authority.public,  # and as bytes
            "install-code": CODE.encode(),
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        for name, value in content.items():
            (tmp_path / name).write_bytes(value)
        return [word for name in content for word in (f"--{name}", tmp_path / name)]

    return write


def test_an_identity_is_imported_from_hexadecimal_base64_and_bytes(hht, parts, data_dir) -> None:
    assert hht("identity", "import", *parts()).code == 0
    kept = load_identity(data_dir / "hht-identity.json")
    assert (kept.entity_id, kept.install_code.hex().upper()) == (HHT, CODE)
    assert (data_dir / "hht-identity.json").stat().st_mode & 0o077 == 0


def test_the_check_says_that_all_is_well_and_prints_no_secret(hht, parts, data_dir) -> None:
    hht("identity", "import", *parts())
    ran = hht("identity", "check", "--json")
    assert ran.code == 0
    assert {row["check"] for row in ran.rows} == {"suite", "subject", "validity", "private key"}
    assert all(row["holds"] for row in ran.rows)
    kept = json.loads((data_dir / "hht-identity.json").read_text())
    for secret in (kept["private_key"], kept["install_code"]):
        assert secret not in (ran.out + ran.err).lower()


def test_the_key_of_another_certificate_is_refused_and_nothing_is_kept(
    hht, parts, data_dir, authority
) -> None:
    ran = hht("identity", "import", *parts(key=authority.issue(HHT)[1]))
    assert ran.code == 1
    assert "does not fit the certificate" in ran.out
    assert not list(data_dir.glob("*"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_from": 1_000_000_000, "valid_for": 86_400}, "was valid until 2001-09-10"),
        ({"key_usage": 0x80}, "not for key agreement"),
    ],
)
def test_a_certificate_no_hub_would_take_is_refused(hht, parts, authority, fields, words) -> None:
    certificate, key = authority.issue(HHT, **fields)
    ran = hht("identity", "import", *parts(certificate=certificate, key=key))
    assert ran.code == 1
    assert words in ran.out


@pytest.mark.parametrize(
    ("part", "content"),
    [("certificate", b"-----BEGIN CERTIFICATE-----"), ("key", b"00"), ("install_code", b"12345")],
)
def test_a_file_that_does_not_hold_its_part_is_one_line_without_what_it_holds(
    hht, parts, part, content
) -> None:
    ran = hht("identity", "import", *parts(**{part: content}))
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert part.replace("_", "-") in ran.err
    assert content.decode() not in ran.err


def test_an_identity_that_is_there_is_replaced_only_when_that_is_said(hht, parts, data_dir) -> None:
    hht("identity", "import", *parts())
    first = (data_dir / "hht-identity.json").read_bytes()
    assert hht("identity", "import", *parts()).code == 2
    assert (data_dir / "hht-identity.json").read_bytes() == first
    assert hht("identity", "import", *parts(), "--replace").code == 0
    assert (data_dir / "hht-identity.json").read_bytes() != first


def test_a_key_made_here_never_leaves_and_fits_the_certificate_that_comes_back(
    hht, tmp_path, data_dir, authority
) -> None:
    assert hht("identity", "request", str(HHT), "--out", tmp_path / "request").code == 0
    secret = json.loads((data_dir / "hht-identity-request.json").read_text())["secret"]
    assert secret not in (tmp_path / "request").read_text()
    assert (
        hht("identity", "complete", *authority.complete(HHT, tmp_path / "request", CODE)).code == 0
    )
    assert hht("identity", "check").code == 0
    assert not (data_dir / "hht-identity-request.json").exists()


def test_an_answer_for_another_hht_is_refused_and_the_request_stays(
    hht, tmp_path, data_dir, authority
) -> None:
    hht("identity", "request", str(HHT), "--out", tmp_path / "request")
    ran = hht("identity", "complete", *authority.complete(OTHER, tmp_path / "request", CODE))
    assert (ran.code, str(OTHER) in ran.err) == (2, True)
    assert (data_dir / "hht-identity-request.json").exists()


def test_a_second_request_does_not_make_the_first_ones_answer_useless(hht, tmp_path) -> None:
    hht("identity", "request", str(HHT), "--out", tmp_path / "request")
    assert hht("identity", "request", str(HHT), "--out", tmp_path / "again").code == 0
    assert (tmp_path / "again").read_text() == (tmp_path / "request").read_text()
    ran = hht("identity", "request", str(OTHER), "--out", tmp_path / "other")
    assert (ran.code, str(HHT) in ran.err) == (2, True)
    assert not (tmp_path / "other").exists()


def test_a_request_that_could_not_be_written_can_be_written_elsewhere(hht, tmp_path) -> None:
    assert hht("identity", "request", str(HHT), "--out", tmp_path / "no" / "request").code != 0
    assert hht("identity", "request", str(HHT), "--out", tmp_path / "request").code == 0


def test_a_request_for_what_is_no_entity_identifier_keeps_nothing(hht, tmp_path, data_dir) -> None:
    ran = hht("identity", "request", "00-DB-12", "--out", tmp_path / "request")
    assert (ran.code, "not an Entity Identifier" in ran.err) == (2, True)
    assert not (data_dir / "hht-identity-request.json").exists()


@pytest.mark.real_time("the program is a process of its own")
async def test_a_dongle_with_another_eui_is_named(hht, parts) -> None:
    hht("identity", "import", *parts())
    async with lab() as at:
        ran = await asyncio.to_thread(hht, "--radio", at.address, "identity", "check")
    assert ran.code == 1
    assert f"the certificate {HHT}" in ran.out


def test_a_certificate_of_suite_1_beside_a_key_of_suite_2_is_said_to_be_that(
    hht, parts, tmp_path
) -> None:
    short = tmp_path / "short"
    short.write_bytes(bytes(48))
    ran = hht("identity", "import", *parts(), "--certificate", short)
    assert (ran.code, "of suite 1, as the certificate is" in ran.err) == (2, True)
