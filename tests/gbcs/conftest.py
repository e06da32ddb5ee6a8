"""The reference messages and their keys, read once for all GBCS tests."""

from pathlib import Path

import pytest

from hht.gbcs.keystore import PemFolder


@pytest.fixture(scope="session")
def reference(shared: Path) -> dict[str, bytes]:
    """Every RTDS message by its file name without the ending."""
    files = sorted((shared / "rtds" / "messages").rglob("*.HEX"))
    return {path.name.removesuffix("_GBCS.HEX"): bytes.fromhex(path.read_text()) for path in files}


@pytest.fixture(scope="session")
def reference_keys(shared: Path) -> PemFolder:
    return PemFolder(shared / "rtds" / "keystore")
