"""How often a test waits for the machine's time: only where a reason is named.

Async tests run in `tests/support/virtual_time.py`, whose sleeps take no time. What waits for real:
`time.sleep` anywhere, and every sleep in a file with a test that is marked `real_time`, or of a
screen.
"""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest
from sources import ROOT, trees

pytestmark = pytest.mark.xdist_group("house")  # one process parses the sources
WAITS: dict[str, tuple[int, str]] = {
    "acceptance/test_self_install.py": (1, "looks again at a hub that is a process of its own"),
    "radio/test_dongle_lost.py": (3, "a pseudo-terminal is hung up while a scan is under way"),
    "screens/test_class_board.py": (1, "looks again at a hub that is a process of its own"),
    "screens/test_trainer_screen.py": (1, "looks again at a hub that is a process of its own"),
    "simulator/test_process.py": (1, "a process that is to live on is given time to end"),
    "support/screen_bench.py": (4, "a person's pace between keys; looks again at a screen"),
    "support/terminal.py": (
        3,
        "looks again at a terminal, which says nothing itself",
    ),
}
"""How many waits a file has, and why they are needed."""

REAL_ROOMS = ("screens", "acceptance", "foreign", "packaging", "crash", "long")
REAL_SUPPORT = ("support/screen_", "support/journey_stage", "support/crash_")


def real_waits(tree: ast.Module, *, is_real: bool) -> Iterator[int]:
    """Lines with a wait for more than no time; of the loop's waits only where its time is real."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function, first = ast.unparse(node.func), node.args[0]
        if isinstance(first, ast.Constant) and first.value == 0:
            continue
        of_the_loop = function in ("asyncio.sleep", "pilot.pause")
        if function in ("time.sleep", "sleep") or (of_the_loop and is_real):
            yield node.lineno


def has_real_time(path: str, text: str) -> bool:
    in_real_room = path.split("/")[0] in REAL_ROOMS or path.startswith(REAL_SUPPORT)
    return in_real_room or "mark.real_time(" in text


def found() -> Counter[str]:
    counts: Counter[str] = Counter()
    for path, tree in trees("tests").items():
        name = path.removeprefix("tests/")
        if not name.startswith(("benchmarks/", "house/")):
            text = (ROOT / path).read_text("utf-8")
            waits = real_waits(tree, is_real=has_real_time(name, text))
            counts[name] = len(list(waits))
    return +counts


def reasons() -> Iterator[tuple[str, str]]:
    """Every `real_time` mark: where it is, and the reason that it gives."""
    for path, tree in trees("tests").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.real_time"):
                reason = node.args[0] if node.args else None
                text = reason.value if isinstance(reason, ast.Constant) else ""
                yield path, str(text)


def test_no_test_waits_for_the_machines_time_without_a_reason() -> None:
    counted = found()
    print(f"{counted.total()} real waits, each with a reason:")
    print(*(f"{path}: {count}, {WAITS.get(path)}" for path, count in counted.items()), sep="\n")
    assert counted == Counter({path: count for path, (count, _) in WAITS.items()})


def test_every_test_in_real_time_says_why() -> None:
    marks = list(reasons())
    print(*marks, sep="\n")
    assert marks
    assert [path for path, reason in marks if len(reason.split()) < 3] == []
