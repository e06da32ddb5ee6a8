"""How often a test waits for the machine's time: what is there is counted, and nothing is added."""

import ast
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]
STILL_WAIT: dict[str, int] = {
    "radio/test_dongle.py": 2,
    "radio/test_dongle_lost.py": 3,
    "radio/test_dongle_opening.py": 1,
    "radio/test_radio_parts.py": 3,
    "screens/test_commission_screen.py": 1,
    "screens/test_connect_screen.py": 1,
    "screens/test_trainer_screen.py": 1,
    "simulator/air/test_air.py": 2,
    "simulator/hub/test_premises_gas.py": 2,
    "simulator/hub/test_premises_residency.py": 1,
    "simulator/hub/test_premises_time.py": 6,
    "simulator/ncp/test_ncp_frames.py": 1,
    "simulator/stack/test_scans.py": 1,
    "simulator/test_process.py": 1,
    "support/radio_bench.py": 1,
    "support/screen_bench.py": 4,
    "support/visit_stage.py": 1,
}
"""Waits that are still to be given a clock that is moved by hand."""


def waits_in(tree: ast.Module) -> int:
    """Count sleeps and pauses of more than no time."""
    return sum(
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("asyncio.sleep", "time.sleep", "pilot.pause")
        and bool(node.args)
        and not (isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
        for node in ast.walk(tree)
    )


def found() -> Counter[str]:
    paths = (path for path in sorted(TESTS.rglob("*.py")) if path.parent.name != "benchmarks")
    counts = {str(path.relative_to(TESTS)): waits_in(ast.parse(path.read_text())) for path in paths}
    return Counter({path: count for path, count in counts.items() if count})


def test_no_test_waits_for_the_machines_time_that_did_not_do_so_before() -> None:
    counted = found()
    print(f"{counted.total()} real waits", *sorted(counted.items()), sep="\n")
    assert not counted - Counter(STILL_WAIT)
