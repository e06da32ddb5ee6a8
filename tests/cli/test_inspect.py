"""`hht inspect`: one line a message, each check's result, exit codes, nothing heavy at start-up."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from duis_samples import local_command_xml
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT

FIELDS = [
    "source",
    "cra",
    "message_code",
    "use_case",
    "originator",
    "recipient",
    "counter",
    "mac",
    "signature",
    "reading",
    "moment",
    "moment_doubt",
    "payload",
    "error",
]
INSTALL_CODE = "30313233343536373839414243444546"
Hht = Callable[..., Any]


def test_a_line_has_exactly_the_promised_fields(hht: Hht) -> None:
    (row,) = hht("inspect", "--json", CCS01_COMMAND.hex()).rows
    assert list(row) == FIELDS
    assert row["cra"] == "command"
    assert row["message_code"] == "0x0001"
    assert row["use_case"] == "CCS01"
    assert row["originator"] == "90-B3-D5-1F-30-00-00-02"
    assert row["recipient"] == "00-DB-12-34-56-78-90-A2"
    assert isinstance(row["counter"], int)
    assert (row["mac"], row["signature"]) == ("unchecked", "absent")
    assert row["payload"][0]["name"] == "Do CHF Device Log: register Device"
    assert row["reading"].startswith("Asks the CHF 00-DB-12-34-56-78-90-A2 to add ESME ")
    assert row["moment"] is None
    assert row["error"] is None


def test_a_line_has_the_messages_own_time(hht: Hht) -> None:
    (row,) = hht("inspect", "--json", CS14_ALERT.hex()).rows
    assert row["moment"] == "2015-01-01T00:00:00Z"


@pytest.mark.parametrize("first", ["command", "response"])
def test_a_response_is_explained_with_the_command_that_lies_beside_it(
    hht: Hht, tmp_path: Path, first: str
) -> None:
    (tmp_path / "2-response.hex").write_text(CCS01_RESPONSE.hex())
    name = "1-command.hex" if first == "command" else "3-command.hex"
    (tmp_path / name).write_text(CCS01_COMMAND.hex())
    rows = hht("inspect", "--json", str(tmp_path)).rows
    (response,) = [row for row in rows if row["cra"] == "response"]
    assert "added ESME 00-DB-12-34-56-78-90-A0 to its log" in response["reading"]


def test_a_response_alone_names_no_device_that_only_its_command_has(hht: Hht) -> None:
    (row,) = hht("inspect", "--json", CCS01_RESPONSE.hex()).rows
    assert "added the Device to its log" in row["reading"]


@pytest.mark.parametrize(
    "given",
    [
        CCS01_COMMAND.hex(),
        CCS01_COMMAND.hex(" ").upper(),
        base64.b64encode(CCS01_COMMAND).decode(),
        local_command_xml(CCS01_COMMAND).decode(),
    ],
    ids=["hex", "spaced hex", "base64", "DUIS XML"],
)
def test_a_message_is_taken_as_hexadecimal_base64_or_duis_xml(hht: Hht, given: str) -> None:
    ran = hht("inspect", "--json", given)
    assert [row["use_case"] for row in ran.rows] == ["CCS01"]
    assert ran.code == 0


def test_files_of_every_kind_and_folders_are_taken(hht: Hht, tmp_path: Path) -> None:
    (tmp_path / "a.HEX").write_text(CCS01_COMMAND.hex())
    (tmp_path / "b.xml").write_bytes(local_command_xml(CCS01_COMMAND))
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.bin").write_bytes(CS14_ALERT)
    (tmp_path / "d.hex").write_text(f"{CCS01_COMMAND.hex()}\n{CCS01_RESPONSE.hex()}\n")
    (tmp_path / "notes.txt").write_text("Nothing of note")
    ran = hht("inspect", "--json", str(tmp_path))
    assert [(Path(row["source"]).name, row["cra"]) for row in ran.rows] == [
        ("a.HEX", "command"),
        ("b.xml", "command"),
        ("d.hex (1 of 2)", "command"),
        ("d.hex (2 of 2)", "response"),
        ("c.bin", "alert"),
    ]
    assert ran.code == 0
    (line,) = ran.err.splitlines()
    assert line.endswith("notes.txt: passed over. There is no GBCS message in it.")


def test_standard_input_is_taken(data_dir: Path) -> None:
    lines = f"{CCS01_COMMAND.hex()}\n{CS14_ALERT.hex()}\n"
    code = "from hht.cli.main import run; run()"
    run = subprocess.run(
        [sys.executable, "-c", code, "inspect", "--json", "-"],
        input=lines,
        capture_output=True,
        text=True,
    )
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert [row["cra"] for row in rows] == ["command", "alert"]
    assert [row["source"] for row in rows] == [
        "standard input (1 of 2)",
        "standard input (2 of 2)",
    ]


def test_what_cannot_be_read_has_its_line_and_the_others_theirs(hht: Hht, tmp_path: Path) -> None:
    (tmp_path / "1.hex").write_text(CCS01_COMMAND.hex()[:-2])
    (tmp_path / "2.hex").write_text(CCS01_COMMAND.hex())
    ran = hht("inspect", "--json", str(tmp_path), "no-such-file.hex")
    assert [bool(row["error"]) for row in ran.rows] == [True, False, True]
    assert list(ran.rows[0]) == FIELDS
    assert ran.rows[0]["cra"] is None
    assert ran.code == 2


def test_a_broken_payload_still_tells_who_and_what(hht: Hht) -> None:
    broken = bytearray(CCS01_COMMAND)
    broken[broken.index(0xD9)] = 0xD8
    (row,) = hht("inspect", "--json", broken.hex()).rows
    assert (row["use_case"], row["cra"]) == ("CCS01", "command")
    assert row["error"]
    assert row["payload"] is None


def test_an_empty_folder_says_so(hht: Hht, tmp_path: Path) -> None:
    ran = hht("inspect", str(tmp_path))
    assert ran.code == 2
    assert "There is no message in this folder" in ran.err


def test_an_error_is_one_line_on_stderr(hht: Hht) -> None:
    ran = hht("inspect", "no-such-file.hex")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err


def test_one_message_is_a_tree_in_plain_words(hht: Hht) -> None:
    ran = hht("inspect", CCS01_COMMAND.hex())
    assert "to add ESME 00-DB-12-34-56-78-90-A0 to its log" in ran.out
    assert "not checked, no key for it" in ran.out
    assert "Install Code  16 bytes, hidden" in ran.out


def test_colour_is_for_terminals_only(hht: Hht) -> None:
    assert "\x1b" not in hht("inspect", CCS01_COMMAND.hex()).out


def test_several_messages_are_a_line_each(hht: Hht) -> None:
    ran = hht("inspect", CCS01_COMMAND.hex(), CCS01_RESPONSE.hex())
    assert len(ran.out.splitlines()) == 2


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_install_code_is_shown_only_on_request(hht: Hht, options: list[str]) -> None:
    given = ["inspect", *options, CCS01_COMMAND.hex()]
    assert INSTALL_CODE not in hht(*given).out
    assert INSTALL_CODE in hht(*given, "--show-secrets").out


def test_stats_count_and_list_nothing(hht: Hht) -> None:
    ran = hht("inspect", "--stats", "--json", CCS01_COMMAND.hex(), CCS01_RESPONSE.hex())
    (row,) = ran.rows
    assert (row["messages"], row["errors"]) == (2, 0)
    assert row["cra"] == {"command": 1, "response": 1}
    assert row["use_cases"] == {"CCS01": 2}
    assert (
        "messages   2" in hht("inspect", "--stats", CCS01_COMMAND.hex(), CCS01_RESPONSE.hex()).out
    )


def test_a_keys_folder_that_is_not_there_is_wrong_usage(hht: Hht) -> None:
    assert hht("inspect", "--keys", "nowhere", CCS01_COMMAND.hex()).code == 2


@pytest.mark.shared
def test_a_message_that_was_changed_is_invalid_and_the_exit_code_says_so(
    hht: Hht, shared: Path
) -> None:
    file = shared / "rtds" / "messages" / "8.11_CCS01" / "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX"
    raw = bytearray.fromhex(file.read_text())
    keys = str(shared / "rtds" / "keystore")
    assert hht("inspect", "--json", "--keys", keys, raw.hex()).rows[0]["mac"] == "valid"
    raw[-1] ^= 1
    ran = hht("inspect", "--json", "--keys", keys, raw.hex())
    assert ran.rows[0]["mac"] == "invalid"
    assert ran.code == 1
    assert "INVALID" in hht("inspect", "--keys", keys, raw.hex()).out


@pytest.mark.shared
@pytest.mark.parametrize("name", ["a-forged.hex", "z-forged.hex"])
def test_a_response_is_never_explained_with_a_forged_command(
    hht: Hht, shared: Path, tmp_path: Path, name: str
) -> None:
    folder = shared / "rtds" / "messages" / "8.11_CCS01"
    command = bytes.fromhex((folder / "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX").read_text())
    response = (folder / "CCS01_8.11_SUCCESS_RESPONSE_GBCS.HEX").read_text()
    reading = hht("inspect", "--json", command.hex()).rows[0]["reading"]
    device = re.search(r"add \w+ ([-0-9A-F]{23})", reading)
    assert device
    added = bytes.fromhex(device[1].replace("-", ""))
    (tmp_path / "m-command.hex").write_text(command.hex())
    (tmp_path / name).write_text(command.replace(added, b"\x11" * 8).hex())
    (tmp_path / "n-response.hex").write_text(response)
    keys = str(shared / "rtds" / "keystore")
    rows = hht("inspect", "--json", "--keys", keys, str(tmp_path)).rows
    (answered,) = [row for row in rows if row["cra"] == "response"]
    assert device[1] in answered["reading"]


@pytest.mark.shared
@pytest.mark.parametrize("forged", ["MAC", "signature"])
def test_a_response_whose_only_command_is_forged_reads_as_without_one_and_says_why(
    hht: Hht, shared: Path, tmp_path: Path, forged: str
) -> None:
    name = {
        "MAC": "8.11_CCS01/CCS01_8.11_SUCCESS",
        "signature": "2.1_ECS08/ECS08_2.1_FUTURE_DATED_SUCCESS",
    }
    file = shared / "rtds" / "messages" / name[forged]
    command = bytearray.fromhex(Path(f"{file}_COMMAND_GBCS.HEX").read_text())
    command[-1 if forged == "MAC" else -40] ^= 1
    response = Path(f"{file}_RESPONSE_GBCS.HEX").read_text()
    (tmp_path / "command.hex").write_text(command.hex())
    (tmp_path / "response.hex").write_text(response)
    keys = str(shared / "rtds" / "keystore")
    (alone,) = hht("inspect", "--json", "--keys", keys, response).rows
    _, answered = hht("inspect", "--json", "--keys", keys, str(tmp_path)).rows
    assert answered["reading"] == alone["reading"] + " Read without its Command, which is INVALID."
    assert answered["payload"] == alone["payload"]


@pytest.mark.shared
def test_all_reference_messages_are_read_and_nothing_but_pcs_is_unchecked(
    hht: Hht, shared: Path
) -> None:
    rtds = shared / "rtds"
    ran = hht("inspect", "--json", "--keys", str(rtds / "keystore"), str(rtds / "messages"))
    assert ran.code == 0
    assert len(ran.rows) == len(list((rtds / "messages").rglob("*.HEX")))
    verdicts = [(row["mac"], row["signature"], row["use_case"]) for row in ran.rows]
    assert all(row["error"] is None for row in ran.rows)
    assert [verdict for verdict in verdicts if "invalid" in verdict] == []
    unchecked = {case for mac, signature, case in verdicts if "unchecked" in (mac, signature)}
    assert unchecked <= {"PCS01", "PCS02"}


HEAVY = ("textual", "bellows", "zigpy", "asyncio", "lxml", "sqlite_utils", "cryptography")


@pytest.mark.parametrize(("options", "also"), [(["--json"], ("rich",)), ([], ())])
def test_looking_at_one_message_imports_nothing_of_screen_or_radio(
    options: list[str], also: tuple[str, ...]
) -> None:
    arguments = ["hht", "inspect", *options, CCS01_COMMAND.hex()]
    code = f"""
import sys
sys.argv = {arguments!r}
from hht.cli.main import run
try:
    run()
except SystemExit as end:
    assert not end.code
print(*(name for name in {HEAVY + also!r} if name in sys.modules), file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.split() == []
