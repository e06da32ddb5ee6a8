"""A command that a signal ends takes its own way out, says so, and has the exit code of shells."""

import asyncio
import signal
import sys
from contextlib import suppress

import pytest

from hht.cli.ending import ending_in_order

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
NAMES = ["SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"]


@pytest.fixture(autouse=True)
def handlers():
    before = {name: signal.getsignal(getattr(signal, name)) for name in NAMES}
    for name in NAMES[1:]:
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.mark.parametrize("name", NAMES)
def test_a_signal_ends_a_command_in_order_with_one_line(name, capfd):
    cleaned = []

    async def work() -> None:
        try:
            signal.raise_signal(getattr(signal, name))
            await asyncio.Event().wait()
        finally:
            cleaned.append(name)

    with pytest.raises(SystemExit) as ended, ending_in_order():
        asyncio.run(work())
    assert ended.value.code == 128 + getattr(signal, name)
    assert cleaned == [name]
    assert capfd.readouterr().err == f"hht: Ended by {name}. Everything captured is kept.\n"


def test_a_job_in_a_shells_background_that_ignores_ctrl_c_is_ended_by_the_others():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(SystemExit) as ended, ending_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM


def test_a_command_that_catches_ctrl_c_still_gives_back_the_signal(capfd):
    def serve() -> None:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        print("received 3")

    with pytest.raises(SystemExit) as ended, ending_in_order():
        serve()
    assert ended.value.code == 128 + signal.SIGTERM
    assert capfd.readouterr().out == "received 3\n"


def test_a_signal_that_is_ignored_stays_so():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ending_in_order():
        signal.raise_signal(signal.SIGHUP)


def test_what_has_taken_the_signals_over_speaks_for_itself(capfd):
    signal.signal(signal.SIGINT, lambda *_: None)
    with pytest.raises(SystemExit) as ended, ending_in_order():
        sys.exit(128 + signal.SIGINT)
    assert ended.value.code == 128 + signal.SIGINT
    assert capfd.readouterr().err == ""


def test_another_exit_code_is_left_alone():
    with pytest.raises(SystemExit) as ended, ending_in_order():
        sys.exit(2)
    assert ended.value.code == 2
