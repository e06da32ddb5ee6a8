"""`hht hub reply` and `hht hub compose` over the reference data, as other tools call them."""

import pytest

from hht.gbcs.message import Message

pytestmark = pytest.mark.shared


def test_reply_gives_the_reference_response(hht, shared):
    folder = shared / "rtds/messages/8.11_CCS01"
    command = folder / "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX"
    ran = hht("hub", "reply", command, "--keys", shared / "rtds/keystore", "--json")
    (row,) = ran.rows
    expected = (folder / "CCS01_8.11_SUCCESS_RESPONSE_GBCS.HEX").read_text().strip()
    whole = {"source": str(command), "response": expected}
    assert row == {**whole, "error": None, "signed": True}


def test_a_reply_whose_key_is_not_known_is_a_message_without_a_signature_and_says_so(hht, shared):
    command = shared / "rtds/messages/8.7.1_CS03A1/CS03A1_8.7.1_SUCCESS_COMMAND_GBCS.HEX"
    options = (command, "--keys", shared / "rtds/keystore")
    (row,) = hht("hub", "reply", *options, "--json").rows
    assert row["signed"] is False
    assert Message.parse(bytes.fromhex(row["response"])).signature == b""
    head, said, octets, tally = hht("hub", "reply", *options).out.splitlines()
    assert head.endswith(": equal, unsigned: its Device's signing key is not known")
    assert said.strip().startswith("The Device 00-DB-12-34-56-78-90-A0 joined ")
    assert octets == row["response"]
    assert tally == "1 equal"


@pytest.mark.parametrize(
    ("command", "said"),
    [("reply", "no Command (in a file .hex)"), ("compose", "no Service Request (.xml)")],
)
def test_a_folder_without_what_is_taken_is_wrong_usage(hht, shared, tmp_path, command, said):
    (tmp_path / "other.txt").write_text("nothing", encoding="utf-8")
    ran = hht("hub", command, tmp_path, "--keys", shared / "rtds/keystore")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"hht: {tmp_path}: There is {said} in this folder.\n"


def test_reply_takes_the_commands_of_a_folder_whatever_their_files_are_called(
    hht, shared, tmp_path
):
    folder = shared / "rtds/messages/6.11_ECS70"
    for name in ("COMMAND", "PRECOMMAND", "RESPONSE"):
        content = (folder / f"ECS70_6.11_SUCCESS_{name}_GBCS.HEX").read_bytes()
        (tmp_path / f"{name.lower()}.hex").write_bytes(content)
    (tmp_path / "no.hex").write_text("nothing", encoding="utf-8")
    ran = hht("hub", "reply", tmp_path, "--keys", shared / "rtds/keystore", "--json")
    assert [row["source"] for row in ran.rows] == [str(tmp_path / "command.hex")]
    assert f"hht: {tmp_path / 'no.hex'}: " in ran.err


def test_reply_to_a_folder_says_what_is_equal_and_why_not(hht, shared):
    ran = hht(
        "hub", "reply", shared / "rtds/messages/8.11_CCS01", "--keys", shared / "rtds/keystore"
    )
    assert ran.code == 0
    assert "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX: equal" in ran.out
    assert "CCS01_8.11_ERROR_COMMAND_GBCS.HEX: differs: " in ran.out


def test_compose_takes_the_counter_that_the_dcc_would_use(hht, shared):
    request = shared / "duis/requests/CCS01_8.11_SUCCESS_REQUEST_DUIS.XML"
    options = ("--keys", shared / "rtds/keystore", "--json", "--dcc-counter", "77")
    (row,) = hht("hub", "compose", request, *options).rows
    assert row["error"] is None
    assert Message.parse(bytes.fromhex(row["command"])).counter == 77


def test_compose_is_compared_with_the_reference_commands(hht, shared):
    request = shared / "duis/requests/ECS70_6.11_SUCCESS_REQUEST_DUIS.XML"
    options = ("--keys", shared / "rtds/keystore", "--messages", shared / "rtds/messages")
    ran = hht("hub", "compose", request, *options)
    head, said, octets, tally = ran.out.splitlines()
    assert (head, tally) == ("ECS70_6.11_SUCCESS_REQUEST_DUIS.XML: equal", "1 equal")
    assert said.strip().startswith("Asks the ESME 00-DB-12-34-56-78-90-A0 to set its clock ")
    assert Message.parse(bytes.fromhex(octets)).message_code == 0x0062


def test_a_composed_command_that_differs_says_in_which_values(hht, shared):
    request = shared / "duis/requests/GCS09_3.2_SUCCESS_REQUEST_DUIS.XML"
    options = ("--keys", shared / "rtds/keystore", "--messages", shared / "rtds/messages")
    ran = hht("hub", "compose", request, *options)
    wanted = "implementation time is 2015-02-01 00:00:00 UTC, the reference has 2016-11-22 02:46:56"
    assert wanted in ran.out


def test_a_request_that_cannot_be_composed_says_why(hht, shared):
    request = shared / "duis/requests/12.1_REQUEST_WAN_MATRIX_ADDRESS_REQUEST_DUIS.XML"
    (row,) = hht("hub", "compose", request, "--keys", shared / "rtds/keystore", "--json").rows
    assert row["command"] == ""
    assert "without a Command" in row["error"]


def test_a_file_that_cannot_be_read_stops_no_other_and_ends_with_2(hht, shared, tmp_path):
    request = shared / "duis/requests/CCS01_8.11_SUCCESS_REQUEST_DUIS.XML"
    gone = tmp_path / "gone.xml"
    ran = hht("hub", "compose", gone, request, "--keys", shared / "rtds/keystore")
    assert ran.code == 2
    assert ran.out.startswith("gone.xml: The file can't be read (No such file or directory).")
    assert "Asks the CHF " in ran.out
    assert ran.out.endswith("1 not composed, 1 without a reference\n")


def test_a_value_out_of_range_is_refused_in_its_row_and_the_other_files_go_on(
    hht, shared, tmp_path
):
    request = shared / "duis/requests/CCS01_8.11_SUCCESS_REQUEST_DUIS.XML"
    xml = request.read_text(encoding="utf-8")
    bad = tmp_path / "bad.xml"
    bad.write_text(xml.replace(">90<", ">999999<"), encoding="utf-8")
    ran = hht("hub", "compose", bad, request, "--keys", shared / "rtds/keystore", "--json")
    refused, composed = ran.rows
    assert refused["command"] == ""
    assert "JoinTimePeriod is 999999 and must be from 1 to 3600" in refused["error"]
    assert composed["error"] is None
