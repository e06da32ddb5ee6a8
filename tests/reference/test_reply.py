"""The simulated Devices answer reference Commands as the reference Devices do."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sampling import share_of

from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.reference.devices import reference_fleet
from hht.reference.reply import difference, reply_to

pytestmark = pytest.mark.shared

NAMED = re.compile(
    r"(CCS0\d|CCS05CCS04|CS02[abcde]|CS03|CS04|CS06|CS07|CS08|CS11|ECS52|GCS38|ECS70|GCS28|GCS59"
    r"|DBCH|ECS12|GCS09|ECS30|GCS25|ECS17b|GCS13a|ECS26)"
)
OWN_STATE = "state of its own"
EXPLAINED = {
    "ECS17b_4.1.1_TWIN_SUCCESS": "a twin element meter",
    "ECS26a_4.13_TWIN_SUCCESS": "a twin element meter",
    "GCS13a_4.1.1_SUCCESS_RELIABLE_GSME": "a GPF that takes its time from the GSME",
    "GCS28_6.11_ERROR": "another time of the GSME's clock",
    "GCS28Commission_8.1.1_ERROR": "another time of the GSME's clock",
    "CS02c_6.17_SUCCESS": "a key pair drawn at random",
    "CS02aSignature_NA_ERROR": "a network operator that was not yet heard of",
}


def read(path: Path) -> bytes:
    return bytes.fromhex(path.read_text().strip())


def pairs(shared: Path) -> list[tuple[str, bytes, bytes]]:
    """Every reference Command of the use cases named, with its reference Response."""
    found = []
    for path in sorted((shared / "rtds" / "messages").glob("*/*_COMMAND_*")):
        response = path.with_name(path.name.replace("_COMMAND_", "_RESPONSE_"))
        if NAMED.match(path.name) and response.exists():
            name = path.name.replace("_COMMAND_GBCS.HEX", "")
            found.append((name, read(path), read(response)))
    return found


@pytest.fixture(scope="module")
def keys(shared: Path) -> PemFolder:
    return PemFolder(shared / "rtds" / "keystore")


def test_every_reference_success_is_reproduced_byte_for_byte(shared: Path, keys: PemFolder) -> None:
    tally: Counter[str] = Counter()
    for name, command, response in pairs(shared):
        why = difference(reply_to(command, keys, name), response)
        if not why:
            tally["equal"] += 1
        elif OWN_STATE in why:
            tally["own state"] += 1
            assert "SUCCESS" not in name, f"{name}: {why}"
        else:
            assert name in EXPLAINED, f"{name}: {why}"
            tally["explained"] += 1
    print(f"\nhub reply: {dict(tally)} of {tally.total()} reference pairs")
    assert tally["equal"] >= 57
    assert tally["explained"] == len(EXPLAINED)


def test_responses_with_a_mac_are_whole_and_signed_ones_without_the_key_have_an_empty_signature(
    shared: Path, keys: PemFolder
) -> None:
    folder = shared / "rtds" / "messages"
    with_mac = folder / "8.11_CCS01" / "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX"
    reply = reply_to(read(with_mac), keys)
    assert reply.signed
    assert reply.response == read(Path(str(with_mac).replace("COMMAND", "RESPONSE")))
    signed = folder / "8.7.1_CS03A1" / "CS03A1_8.7.1_SUCCESS_COMMAND_GBCS.HEX"
    reply = reply_to(read(signed), keys)
    assert not reply.signed
    expected = Message.parse(read(Path(str(signed).replace("COMMAND", "RESPONSE"))))
    assert Message.parse(reply.response) == replace(expected, signature=b"")
    assert not difference(reply, expected.encode())


def test_whatever_is_given_there_is_a_response_or_a_reason(shared: Path, keys: PemFolder) -> None:
    folder = shared / "rtds" / "messages"
    for path in share_of(sorted(folder.glob("*/*.HEX")), 4):
        reply = reply_to(read(path), keys, path.name)
        assert bool(reply.response) is not bool(reply.error)
    assert reply_to(b"\xdd\x00", keys).error


def test_a_use_case_the_device_does_not_have_is_refused(shared: Path, keys: PemFolder) -> None:
    path = shared / "rtds/messages/7.1_ECS42"
    command = read(next(path.glob("*_COMMAND_*")))
    assert "not supported" in reply_to(command, keys).error


def test_credentials_that_were_replaced_are_what_counts_from_then_on(
    shared: Path, keys: PemFolder
) -> None:
    """After SR 6.23 the old supplier's Commands are refused (the new one is 90B3D51F30030000)."""
    folder = shared / "rtds/messages"
    handover = read(next((folder / "6.23_CS02bSupplierByTransCoS").glob("*IMMEDIATE*_COMMAND_*")))
    old = read(next((folder / "11.2_ECS52").glob("*_COMMAND_*")))
    from hht.reference.devices import ESME, NOW
    from hht.simulator.devices.core.device import Device, UnsignedMessage

    esme = reference_fleet(keys, Message.parse(handover))[ESME]
    assert isinstance(esme, Device)
    assert Message.parse(esme.handle(old, NOW)[0]).payload.hex().endswith("09040123abcd010100")
    with pytest.raises(UnsignedMessage):
        esme.handle(handover, NOW)
    with pytest.raises(UnsignedMessage):  # the alert, signed as all of an ESME's critical ones
        esme.handle(old, NOW)
    assert "may not send" in esme.log[-1].text


def test_what_is_no_command_is_called_what_it_is(keys: PemFolder, shared: Path) -> None:
    folder = shared / "rtds" / "messages" / "8.11_CCS01"
    response = read(folder / "CCS01_8.11_SUCCESS_RESPONSE_GBCS.HEX")
    assert reply_to(response, keys).error == "this is a Response, not a Command"
