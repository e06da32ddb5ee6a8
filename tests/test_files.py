"""Texts are read in whatever encoding Windows or a mail program saved them."""

import pytest

from hht.files import decode_text, plain_octets

TEXT = "Line 1\nFlat 2, £5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_text_of_any_unicode_encoding_and_line_ending_is_the_same_text(
    encoding: str, ending: str
) -> None:
    assert decode_text(TEXT.replace("\n", ending).encode(encoding)) == TEXT


@pytest.mark.parametrize("content", [b"\xff", b"\xa35", b"\xff\xfe\x00", b"D\x00D"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode_text(content)
    assert plain_octets(content) == content


def test_an_empty_text_is_empty() -> None:
    assert decode_text(b"") == ""
