"""The app's two modes: what was chosen for the live jobs holds when practice has come between."""

from pathlib import Path

from hht.cli.app import live_context
from hht.cli.settings import Context

DONGLE = "socket://192.0.2.7:6638"


def test_the_dongle_that_was_chosen_is_that_of_the_live_jobs_after_practice_too(
    tmp_path: Path,
) -> None:
    live = live_context(Context(tmp_path, None))
    assert live.choose_radio
    assert live.beginnings
    live.choose_radio(DONGLE)
    practice = live.beginnings.exercise("no-wan-install")
    assert practice.beginnings
    assert practice.radio_url is None
    assert practice.beginnings.live().radio_url == DONGLE


def test_the_dongle_that_was_chosen_is_there_at_the_next_start_unless_another_is_named(
    tmp_path: Path,
) -> None:
    live = live_context(Context(tmp_path, None))
    assert live.choose_radio
    live.choose_radio(DONGLE)
    assert live_context(Context(tmp_path, None)).radio_url == DONGLE
    assert live_context(Context(tmp_path, "/dev/ttyUSB1")).radio_url == "/dev/ttyUSB1"
    (tmp_path / "dongle").write_bytes(b"\x00\xff\n")
    assert live_context(Context(tmp_path, None)).radio_url is None
