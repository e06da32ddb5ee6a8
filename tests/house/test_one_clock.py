"""One clock: nothing asks the machine for the time, or waits for it, but through `hht.clock`."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from sources import trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
CLOCK = "hht/clock/"
BY_ITSELF = {
    "screens/commission/screen.py": "a redraw that Textual ends with its screen",
    "screens/connect/screen.py": "a redraw that Textual ends with its screen",
    "screens/glance/screen.py": "a redraw that Textual ends with its screen",
    "screens/help/palette.py": "a timer of Textual's own palette, which it ends with its screen",
    "screens/keys/key_gate.py": "the scanner gate goes by the times that Textual gives to keys",
    "screens/lock/screen.py": "a redraw that Textual ends with its screen",
    "screens/move/screen.py": "a redraw that Textual ends with its screen",
    "screens/notices.py": "a line that Textual takes away, and the times that it gives to keys",
    "screens/pairing/screen.py": "a redraw that Textual ends with its screen",
    "screens/survey/screen.py": "a redraw that Textual ends with its screen",
    "screens/widgets/status_line.py": "a redraw that Textual ends with its widget",
    "screens/widgets/step_list.py": "a redraw that Textual ends with its widget",
}
"""Where something else waits, and why it may."""

WAITS = {f"asyncio.{name}" for name in ("sleep", "timeout", "timeout_at", "wait_for")}
READINGS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
TIMERS = {"call_later", "call_at", "set_timer", "set_interval"}


def uses_of_time(tree: ast.Module) -> Iterator[int]:
    """The lines that ask for the time, or wait for it, without a Clock."""
    return (getattr(node, "lineno", 0) for node in ast.walk(tree) if _is_use(node))


def _is_use(node: ast.AST) -> bool:
    match node:
        case ast.Import():
            return any(alias.name == "time" for alias in node.names)
        case ast.ImportFrom():
            return node.module == "time"
        case ast.Attribute():
            return _is_time(node)
        case ast.Call():
            return _waits_with_a_limit(node)
    return False


def _is_time(node: ast.Attribute) -> bool:
    owner = ast.unparse(node.value)
    if f"{owner}.{node.attr}" in WAITS | READINGS:
        return True
    if node.attr == "time":
        return owner.endswith(("loop", "loop()"))
    return node.attr in TIMERS and "clock" not in owner.lower()


def _waits_with_a_limit(node: ast.Call) -> bool:
    limited = any(keyword.arg == "timeout" for keyword in node.keywords)
    return limited and ast.unparse(node.func) == "asyncio.wait"


@cache
def found() -> dict[str, list[int]]:
    """Path -> lines, for all of the program but the clock itself."""
    uses = {
        path: sorted(set(uses_of_time(tree)))
        for path, tree in trees("hht", "screens").items()
        if not path.startswith(CLOCK)
    }
    return {path: lines for path, lines in uses.items() if lines}


def test_nothing_but_the_clock_asks_for_the_time_or_waits_for_it() -> None:
    uses = found()
    print(*(f"{path}: {lines}" for path, lines in uses.items()), sep="\n")
    assert not {path: lines for path, lines in uses.items() if path not in BY_ITSELF}


def test_every_exception_is_needed() -> None:
    assert BY_ITSELF.keys() <= found().keys()


def test_the_check_sees_every_way_to_ask() -> None:
    for line in (
        "import time",
        "from time import monotonic",
        "datetime.now(UTC)",
        "datetime.utcnow()",
        "date.today()",
        "asyncio.sleep(1)",
        "asyncio.timeout(1)",
        "asyncio.wait_for(it, 1)",
        "asyncio.wait([it], timeout=1)",
        "asyncio.get_running_loop().time()",
        "loop.call_later(1, it)",
        "self.set_interval(1, it)",
    ):
        assert list(uses_of_time(ast.parse(line))), line
    for line in ("self._clock.call_later(1, it)", "clock.sleep(1)", "clock.timeout(1)"):
        assert not list(uses_of_time(ast.parse(line))), line
