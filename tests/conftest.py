"""What every test may ask for: the reference data beside the project, and the outside judges."""

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("HHT_SHARED", Path(__file__).parents[2] / "shared"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot judge."""
    missing = {
        "shared": None if SHARED.is_dir() else f"reference data not found at {SHARED}",
        "tshark": None if shutil.which("tshark") else "tshark is not installed",
        "chromium": None if shutil.which("chromium") else "Chromium is not installed",
    }
    for item in items:
        for mark, reason in missing.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference messages, keys, schema and facts."""
    return SHARED
