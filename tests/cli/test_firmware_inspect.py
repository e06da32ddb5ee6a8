"""Firmware images: the header, the hash that CS06 names, the supplier's signature."""

import base64
import contextlib
import hashlib
import json
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from duis_samples import response_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from hht.duis.envelope import NAMESPACE
from hht.firmware.ota_image import LARGEST, NoImage, read_ota_image

SUPPLIER = "90-B3-D5-1F-30-01-00-00"
KEY = ec.generate_private_key(ec.SECP256R1())
IMAGE = b"manufacturer image " * 40


def header(size: int, **fields: int) -> bytes:
    """An OTA header; `length`, `control`, `image_type`, `least` and `most` may be others."""
    control = fields.get("control", 4)
    fixed = struct.pack(
        "<IHHHHHIH32sI",
        *(0x0BEEF11E, 0x0100, fields.get("length", 60), control, 0x121D),
        *(fields.get("image_type", 0), 0xACDCACDC, 2, b"meter", size),
    )
    hardware = struct.pack("<HH", fields.get("least", 1), fields.get("most", 2))
    return fixed + (hardware if control & 4 else b"")


def ota(image: bytes = IMAGE, *, signed: bool = True, **fields: int) -> bytes:
    r, s = decode_dss_signature(KEY.sign(image, ec.ECDSA(SHA256())))
    trailer = b"\x00\x40" + r.to_bytes(32, "big") + s.to_bytes(32, "big") if signed else b""
    start = 60 if fields.get("control", 4) & 4 else 56
    return header(start + len(image + trailer), **fields) + image + trailer


def request(raw: bytes, service: str = "11.1") -> str:
    body = {"11.1": "UpdateFirmware", "11.4": "UpdatePPMIDFirmware"}[service]
    wrapped = "\r\n".join(base64.encodebytes(raw).decode().splitlines())
    return (
        f'<sr:Request xmlns:sr="{NAMESPACE}"><sr:Header><sr:RequestID>{SUPPLIER}:{SUPPLIER}:1'
        f"</sr:RequestID></sr:Header><sr:Body><sr:{body}><sr:FirmwareImage>{wrapped}"
        f"</sr:FirmwareImage></sr:{body}></sr:Body></sr:Request>"
    )


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{SUPPLIER.replace('-', '').lower()}-ds.pem").write_bytes(public)
    return folder


@pytest.fixture
def inspected(hht, tmp_path, keys):
    def run(content: bytes | str, *, with_keys: bool = True) -> tuple[int, dict[str, object]]:
        path = tmp_path / "image"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        ran = hht("firmware", "inspect", path, "--json", *(("--keys", keys) if with_keys else ()))
        (row,) = ran.rows
        return ran.code, row

    return run


def test_the_hash_is_over_the_manufacturer_image_alone(inspected) -> None:
    code, row = inspected(ota())
    assert code == 0
    assert row["image_sha256"] == hashlib.sha256(IMAGE).hexdigest()
    assert (row["manufacturer"], row["image_type"], row["device_type"]) == ("121D", "0000", "ESME")
    assert (row["file_version"], row["hardware"]) == ("ACDCACDC", "0001-0002")
    assert (row["size"], row["signature"], row["error"]) == (len(ota()), "valid", None)


@pytest.mark.parametrize("form", [bytes, request], ids=["file", "request"])
def test_the_suppliers_signature_is_checked_in_a_file_and_in_a_request(inspected, form) -> None:
    assert inspected(form(ota()))[1]["signature"] == "valid"
    assert inspected(form(ota()), with_keys=False)[1]["signature"] == "unchecked"
    assert inspected(form(ota(signed=False)))[1]["signature"] == "absent"


def test_a_request_is_checked_with_its_own_suppliers_key_only(inspected) -> None:
    foreign = request(ota()).replace(SUPPLIER, SUPPLIER.replace("01-00-00", "01-00-01"))
    assert inspected(foreign)[1]["signature"] == "unchecked"


@pytest.mark.parametrize("at", [60, 100, -66, -64, -1])
def test_a_flipped_byte_is_never_valid(inspected, at) -> None:
    raw = bytearray(ota())
    raw[at] ^= 1
    code, row = inspected(bytes(raw))
    assert row["signature"] != "valid"
    assert code == 1 or row["signature"] == "absent"


@pytest.mark.parametrize(
    ("raw", "said"),
    [(ota(), "nothing signs the header"), (ota(signed=False), "no image without one")],
    ids=["valid", "missing"],
)
def test_a_person_reads_what_the_verdict_on_a_signature_leaves_open(
    hht, tmp_path, keys, raw, said
) -> None:
    (tmp_path / "image").write_bytes(raw)
    assert said in hht("firmware", "inspect", tmp_path / "image", "--keys", keys).out


def test_sub_elements_of_zigbee_are_listed_and_unknown_ones_are_said_to_be(
    hht, inspected, tmp_path
) -> None:
    parts = struct.pack("<HI", 0, 3) + b"abc" + struct.pack("<HI", 0x1234, 0)
    code, row = inspected(ota(parts))
    named = [{"tag": "0000", "name": "upgrade image", "length": 3}]
    assert (code, row["sub_elements"][:1]) == (0, named)
    assert row["sub_elements"][1:] == [{"tag": "1234", "name": "unknown", "length": 0}]
    assert "0000 upgrade image, 3 bytes; 1234 unknown, 0 bytes" in (
        hht("firmware", "inspect", tmp_path / "image").out
    )
    for no_parts in (parts[:-1], parts + b"\x00", IMAGE, bytes(600)):
        assert "sub_elements" not in inspected(ota(no_parts))[1]


def test_a_file_that_no_service_request_has_room_for_is_said_to_be(inspected) -> None:
    code, row = inspected(ota(bytes(LARGEST)))
    assert code == 1
    assert "has room for 10,240,000" in str(row["error"])


def test_an_image_of_a_ppmid_has_no_signature(inspected) -> None:
    code, row = inspected(request(ota(signed=False, image_type=0x84), "11.4"))
    assert (code, row["device_type"], row["signature"]) == (0, "PPMID", "absent")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ota()[:-1], "bytes"),
        (ota() + b"\x00", "bytes"),
        (ota(length=61), "header"),
        (ota(least=3), "hardware"),
        (header(60), "no manufacturer image"),
        (ota(control=0x104), "field control"),
        (ota(b""), "no manufacturer image"),
        (request(ota(image_type=0x84), "11.1"), "SR 11.1"),
        (request(ota(), "11.4"), "SR 11.4"),
    ],
    ids=[
        "cut",
        "longer",
        "header",
        "hardware",
        "empty",
        "undefined-field",
        "signature-alone",
        "ppmid-in-11.1",
        "meter-in-11.4",
    ],
)
def test_what_contradicts_itself_is_said_and_fails(inspected, content, said) -> None:
    code, row = inspected(content)
    assert code == 1
    assert said in row["error"]
    assert row["image_type"] is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1e\xf1\xee\x0b",
        b"GIF89a",
        "<a/>",
        request(b"x"),
        request(ota()).replace("</sr:FirmwareImage>", "</sr:FirmwareImage><sr:FirmwareImage/>"),
    ],
    ids=["nothing", "identifier", "picture", "other-xml", "other-content", "two-images"],
)
def test_what_is_no_image_is_unreadable_input(inspected, content) -> None:
    code, row = inspected(content)
    assert code == 2
    assert row["error"]
    assert row["size"] is None


def test_an_image_without_hardware_versions_has_none(inspected) -> None:
    code, row = inspected(ota(control=0, length=56))
    assert (code, row["hardware"], row["signature"]) == (0, None, "valid")


def test_the_largest_image_of_duis_is_read(inspected) -> None:
    code, row = inspected(request(ota(bytes(10_240_000 - 126))))
    assert (code, row["size"]) == (0, 10_240_000)


@settings(deadline=None)  # the first example imports zigpy
@given(st.binary(max_size=80))
def test_any_bytes_behind_the_file_identifier_are_an_image_or_none(rest: bytes) -> None:
    with contextlib.suppress(NoImage):
        image = read_ota_image(b"\x1e\xf1\xee\x0b" + rest)
        assert image.size == 4 + len(rest)


@pytest.mark.shared
def test_the_official_templates_have_their_published_figures(hht, shared) -> None:
    requests = sorted((shared / "duis" / "requests").glob("11.[14]_*"))
    ran = hht("firmware", "inspect", *requests, "--keys", shared / "rtds" / "keystore", "--json")
    assert ran.code == 0
    figures = [(row["device_type"], row["size"], row["signature"]) for row in ran.rows]
    assert figures == [("ESME", 361, "valid"), ("PPMID", 295, "absent")]
    assert {json.dumps(row["image_sha256"])[1:9] for row in ran.rows} == {"7542f475"}


def test_a_device_that_the_dcc_leaves_out_of_an_update_is_named_with_its_reason(
    hht, tmp_path
) -> None:
    device = "00-DB-12-34-56-78-90-A1"
    name = "DSPUpdatePPMIDFirmwareWarning"
    listed = f"<sr:NotCommissionedDeviceIDList>{device}</sr:NotCommissionedDeviceIDList>"
    request = f"{SUPPLIER}:90-B3-D5-1F-30-00-00-02:1000"
    path = tmp_path / "w.xml"
    path.write_bytes(response_xml(request, "W110401", f"<sr:{name}>{listed}</sr:{name}>"))
    ran = hht("firmware", "warnings", path, "--json")
    (row,) = ran.rows
    assert (ran.code, row["device"], row["reason"]) == (1, device, "not-commissioned")
    assert hht("firmware", "warnings", tmp_path / "none.xml").code == 2
