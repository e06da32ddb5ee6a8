"""What a browser may send, and what is made of anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.serve.requests import (
    LARGEST,
    SMALLEST,
    Focus,
    Keys,
    Ping,
    Size,
    read_request,
    read_size,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (["stdin", "é\r"], Keys("é\r".encode())),
        (["stdin", "a\ud800b"], Keys(b"ab")),
        (["resize", {"width": 100, "height": 30}], Size(100, 30)),
        (["resize", {"width": 10**9, "height": -5}], Size(LARGEST[0], SMALLEST[1])),
        (["resize", {"width": "nine", "height": None}], Size(80, 24)),
        (["resize", {"width": True, "height": 1e309}], Size(80, 24)),
        (["ping", "123"], Ping("123")),
        (["focus"], Focus(True)),
        (["blur"], Focus(False)),
        (["stdin", 5], None),
        (["resize", []], None),
        (["quit"], None),
        ({"stdin": "x"}, None),
    ],
)
def test_a_message_is_one_of_the_pages_or_none(sent: object, read: object) -> None:
    assert read_request(json.dumps(sent)) == read


@pytest.mark.parametrize("text", ["", "[", "[" * 60_000, "1" * 60_000, '"' + "\x00", "NaN"])
def test_what_is_no_json_is_no_message(text: str) -> None:
    assert read_request(text) is None


@given(JSON, JSON)
def test_every_size_is_one_that_can_be_painted(width: object, height: object) -> None:
    size = read_size(width, height)
    assert SMALLEST[0] <= size.columns <= LARGEST[0]
    assert SMALLEST[1] <= size.rows <= LARGEST[1]


@pytest.mark.parametrize(("given_", "columns"), [("100", 100), ("9" * 5000, 400), ("１００", 80)])
def test_a_size_in_an_address_is_read_as_carefully(given_: str, columns: int) -> None:
    assert read_size(given_, "24") == Size(columns, 24)
