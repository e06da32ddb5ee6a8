"""What reading a message costs at start-up: nothing heavy is imported before it is needed."""

import subprocess
import sys

HEAVY = ("cryptography", "textual", "bellows", "zigpy", "lxml", "sqlite_utils", "rich", "asyncio")
READ = f"""
import sys
from hht.gbcs import future_dated, keystore, message, outcome, payload, protection
raw = bytes.fromhex("DF0901000000000000000508" + "00" * 8 + "08" + "00" * 8 + "0002001302050000")
assert payload.decode_payload(message.Message.parse(raw)).element.name
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_decoding_a_message_imports_neither_cryptography_nor_anything_of_screen_or_radio() -> None:
    run = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
