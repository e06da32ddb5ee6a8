"""The clients that packaging/foreign_clients.py installs; what it could not is a reason to skip."""

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("HHT_FOREIGN", Path(__file__).parents[2] / ".foreign"))
INSTALL = "run packaging/foreign_clients.py"


@pytest.fixture(scope="session")
def herdsman() -> Path:
    """The folder with node_modules in which zigbee-herdsman is."""
    folder = FOLDER / "npm"
    if not (folder / "installed").exists() or shutil.which("node") is None:
        pytest.skip(f"zigbee-herdsman is not in {folder}: {INSTALL}")
    return folder


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of the commands zigpy, bellows and universal-silabs-flasher."""
    return scripts("pypi")


@pytest.fixture(scope="session")
def old_programs() -> Path:
    """The folder of the command bellows as it was when it could scan."""
    return scripts("bellows-0.42")


def scripts(name: str) -> Path:
    folder = FOLDER / name
    if not (folder / "installed").exists():
        pytest.skip(f"there is nothing in {folder}: {INSTALL}")
    return folder / ("Scripts" if os.name == "nt" else "bin")
