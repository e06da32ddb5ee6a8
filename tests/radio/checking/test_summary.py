"""A frame on the air in one line."""

import random

import pytest
from radio_lab import HHT, HUB

from hht.radio.checking.summary import summarise
from hht.zse.interpan.frame import InterPanFrame


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ("0200 2a", "acknowledgement - > -  of number 42"),
        ("0308 2a ffff ffff 07", "command PAN FFFF - > FFFF  beacon request"),
        (
            "0080 11 621a 0000 ff cf 00 00 00 22 84 a090785634 12db00 ffffff00",
            f"beacon PAN 1A62 0000 > -  of {HUB}",
        ),
        (
            "6188 07 621a 0000 3412 4802 0000 3412 1e 55",
            "data PAN 1A62 1234 > 0000  network 1234 > 0000, secured, 8 bytes",
        ),
        ("6388 07 621a 0000 3412 04", "command PAN 1A62 1234 > 0000  data request"),
        ("", "cut short - > -  0 bytes"),
        ("0200", "cut short - > -  2 bytes"),
    ],
)
def test_a_frame_is_summarised(frame: str, says: str) -> None:
    assert str(summarise(bytes.fromhex(frame.replace(" ", "")))) == says


def test_inter_pan_is_summarised_with_its_cluster() -> None:
    frame = InterPanFrame(HHT, 0xFFFF, HUB, 0x1A62, 1, 0x0800, b"12345").encode()
    assert str(summarise(frame)) == (
        f"data PAN 1A62 {HHT} > {HUB}  inter-PAN cluster 0800 profile 0109, 12 bytes"
    )


def test_no_bytes_make_it_fail() -> None:
    luck = random.Random(1)
    for size in range(128):
        for _ in range(20):
            assert str(summarise(luck.randbytes(size)))
