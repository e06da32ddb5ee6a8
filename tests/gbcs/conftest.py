"""The reference messages and their keys, read once for all GBCS tests."""

from pathlib import Path

import pytest

from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.gbcs.payload import Payload, decode_payload


@pytest.fixture(scope="session")
def reference(shared: Path) -> dict[str, bytes]:
    """Every RTDS message by its file name without the ending."""
    files = sorted((shared / "rtds" / "messages").rglob("*.HEX"))
    return {path.name.removesuffix("_GBCS.HEX"): bytes.fromhex(path.read_text()) for path in files}


@pytest.fixture(scope="session")
def reference_messages(reference: dict[str, bytes]) -> dict[str, Message]:
    return {name: Message.parse(raw) for name, raw in reference.items()}


@pytest.fixture(scope="session")
def reference_payloads(reference_messages: dict[str, Message]) -> dict[str, Payload]:
    return {name: decode_payload(message) for name, message in reference_messages.items()}


@pytest.fixture(scope="session")
def reference_folder(shared: Path) -> Path:
    return shared / "rtds" / "keystore"


@pytest.fixture(scope="session")
def reference_keys(reference_folder: Path) -> PemFolder:
    return PemFolder(reference_folder)
