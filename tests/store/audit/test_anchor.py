"""The anchor's file as it may be found: what hht has not written is passed over."""

import hashlib
from pathlib import Path

import pytest

from hht.store.audit.anchor import PLACE_BYTES, Anchor

STRANGE = [
    "[]",
    "7",
    '{"number": "9"}',
    '{"entries": null, "number": 9}',
    '{"wait": {}}',
    "[" * 400,
]


@pytest.mark.parametrize("text", STRANGE)
def test_a_place_of_another_shape_is_none(text: str, tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "live.anchor", tmp_path / "live.db")
    assert anchor.write_head(3, "ab")
    whole = anchor.path.read_bytes().ljust(2 * PLACE_BYTES)
    place = f"{hashlib.sha256(text.encode()).hexdigest()[:16]} {text}\n".encode().ljust(PLACE_BYTES)
    anchor.path.write_bytes(place + whole[PLACE_BYTES:])
    read = anchor.read()
    assert read is not None
    assert (read.entries, read.head) == (3, "ab")
