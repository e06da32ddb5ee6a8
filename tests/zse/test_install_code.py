"""Install Codes and AES-MMO, held against the ZigBee specification's example and RTDS's code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.zse import aes_mmo
from hht.zse.install_code import InstallCode, InstallCodeError, parse

CODE = "83FED3407A939723A5C639B26916D505"
KEY = "66b6900981e1ee3ca4206b6b861c02bb"


def test_the_specifications_code_gives_its_crc_and_link_key():
    code = parse(CODE)
    assert code.with_crc.hex().upper() == CODE + "C3B5"
    assert code.link_key.hex() == KEY


def test_the_reference_install_code_gives_its_link_key():
    code = InstallCode(b"0123456789ABCDEF")
    assert code.with_crc[-2:].hex() == "f596"
    assert code.link_key.hex() == "17e92caaa342c367e8eddc58eeba69ed"


@pytest.mark.parametrize("text", [CODE + "C3B5", "83-FE-D3-40 7A:93:97:23 A5C639B26916D505 c3b5"])
def test_a_label_with_check_bytes_and_dividers_is_the_same_code(text):
    assert parse(text) == parse(CODE)


@pytest.mark.parametrize("length", [6, 8, 12, 16])
def test_every_length_is_read_with_and_without_check_bytes(length):
    code = InstallCode(bytes(range(length)))
    assert parse(code.code) == code
    assert parse(code.with_crc) == code
    assert parse(code.with_crc, with_crc=True) == code


def test_wrong_check_bytes_are_refused_without_showing_the_code():
    with pytest.raises(InstallCodeError, match="check bytes") as caught:
        parse(CODE + "C3B6")
    assert CODE[:6] not in str(caught.value)


def test_eight_bytes_said_to_hold_check_bytes_must_hold_them():
    assert parse(bytes(8)).code == bytes(8)
    with pytest.raises(InstallCodeError):
        parse(bytes(8), with_crc=True)


@pytest.mark.parametrize("text", ["", "12", "83FED3407A", "zz" * 16, "ABC", "00" * 17])
def test_other_lengths_and_characters_are_refused(text):
    with pytest.raises(InstallCodeError):
        parse(text)


def test_an_install_code_stays_out_of_its_repr():
    assert "83" not in repr(parse(CODE))


@given(raw=st.binary(max_size=20) | st.text(max_size=40))
def test_anything_is_an_install_code_or_its_error(raw):
    try:
        assert len(parse(raw).code) in (6, 8, 12, 16)
    except InstallCodeError:
        pass


def test_the_hash_of_one_byte_is_the_specifications():
    assert aes_mmo.digest(b"\xc0").hex() == "ae3a102a28d43ee0d4a09e22788b206c"


@pytest.mark.parametrize("length", [0, 13, 14, 16, 31, 8191, 8192, 9000])
def test_the_hash_is_zigpys_for_every_padding(length):
    from zigpy.util import aes_mmo_hash

    message = bytes(at % 251 for at in range(length))
    if length < 8192:
        assert aes_mmo.digest(message) == bytes(aes_mmo_hash(message).serialize())
    assert len(aes_mmo.digest(message)) == 16
