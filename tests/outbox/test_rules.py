"""Which Alerts go back through SR 8.13: those that the DCC would miss, by code and use case."""

import pytest

from hht.outbox.rules import wants_alert


@pytest.mark.parametrize(
    ("alert_code", "message_code", "wanted"),
    [
        (0x8F12, 0x0018, True),
        (0x8071, 0x00B2, True),
        (0x8F66, 0x00CA, True),
        (0x8F67, 0x00CA, True),
        (0x8F66, 0x00CB, True),
        (0x8F67, 0x00CB, True),
        (0x8F66, 0x00CC, False),  # of a supplier's own future-dated Command
        (0x8F67, 0x00CD, False),
        (0x8F89, 0x0128, True),
        (0x8F8A, 0x0128, True),
        (0x8F8B, 0x012B, True),
        (0x8F72, 0x00CE, True),
        (0x8F72, 0x00CF, True),
        (0x8F26, 0x0111, False),  # held, and offered
        (0x8F2D, 0x0115, False),
        (0x8183, 0x1001, False),
        (None, 0x1001, False),
    ],
)
def test_an_alert_is_returned_where_the_dcc_would_miss_it(
    alert_code: int | None, message_code: int, wanted: bool
) -> None:
    assert wants_alert(alert_code, message_code) is wanted
