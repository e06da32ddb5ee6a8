"""Errors as a person reads them."""

import pytest

from hht.errors import HhtError, InputError
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("the capture is too large", "The capture is too large."),
        ("baud is there twice", "baud is there twice."),
        ("gateway.toml is no file", "gateway.toml is no file."),
        ("No job is open", "No job is open."),
    ],
)
def test_a_sentence_begins_with_a_capital_but_for_a_name(what: str, says: str) -> None:
    assert str(HhtError(what)) == says
    assert str(InputError(what, where="x.toml")) == f"x.toml: {says}"


def test_what_is_wrong_with_a_message_begins_as_other_errors_do() -> None:
    with pytest.raises(MalformedMessage, match=r"^This does not begin as a GBCS message does"):
        Message.parse(b"no message")
