"""A message is judged once: who made it, what was done, what stayed encrypted."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.judgement import judge
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict

DEVICE, PARTY = EntityId(bytes(8)), EntityId(bytes([9]) * 8)


def response(payload: bytes, code: int = 0x0002) -> Message:
    return Message(Cra.RESPONSE, 1, DEVICE, PARTY, code, payload, mac=bytes(12))


def test_a_message_without_keys_is_unchecked_and_its_outcome_read() -> None:
    found = judge(response(bytes.fromhex("DA200005170000010001030D")), None)
    assert (found.mac, found.signature) == (Verdict.UNCHECKED, Verdict.ABSENT)
    assert (found.positive, found.summary) == (False, "Failed: scope of access violated.")


def test_an_alert_has_verdicts_and_no_outcome() -> None:
    found = judge(Message(Cra.ALERT, 1, DEVICE, PARTY, 0x1000, b"\x0f"), None)
    assert found.positive is None


def test_ciphered_octets_without_their_key_are_counted() -> None:
    ciphered = dlms.octets(bytes.fromhex("3100000000") + bytes(20))
    payload = dlms.AccessResponse(
        dlms.invoke_of(1), (dlms.structure(dlms.array(), ciphered),), (dlms.Result(3, 0),)
    )
    assert judge(response(dlms.encode_access_response(payload)), None).encrypted == 1


def test_a_response_that_cannot_be_read_neither_succeeded_nor_failed() -> None:
    found = judge(response(bytes.fromhex("DA2000051700000100")), None)
    assert found.positive is None
    assert found.summary.startswith("It cannot be read: ")


def test_a_key_store_that_fails_leaves_a_message_unchecked_and_is_logged(caplog) -> None:
    class Failing:
        def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
            raise RuntimeError("as no key store should")

    with caplog.at_level(logging.ERROR):
        found = judge(
            response(bytes.fromhex("DA200005170000010001030D")), cast(KeyStore, Failing())
        )
    assert (found.mac, found.positive) == (Verdict.UNCHECKED, False)
    [logged] = caplog.records
    assert logged.exc_info
    assert logged.exc_info[0] is RuntimeError


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nA\n", b"\xff\0"], ids=repr)
def test_a_keys_file_that_cannot_be_read_leaves_a_message_unchecked_and_costs_it_nothing(
    content, tmp_path
) -> None:
    for name in (f"{DEVICE.hex()}-ds.pem", f"{DEVICE.hex()}-ka.pem", f"{PARTY.hex()}-ka.key"):
        (tmp_path / name).write_bytes(content)
    message = replace(response(bytes.fromhex("DA200005170000010001030D")), signature=bytes(64))
    found = judge(message, PemFolder(tmp_path))
    assert (found.mac, found.signature) == (Verdict.UNCHECKED, Verdict.UNCHECKED)
    assert found.positive is False


@pytest.mark.shared
def test_an_encrypted_part_that_does_not_open_is_not_said_to_have_failed(
    reference_messages: dict[str, Message], reference_folder: Path, tmp_path: Path
) -> None:
    message = reference_messages["GCS13b_4.1.4_ERROR_RESPONSE"]
    device, other = f"{message.originator.hex()}-ka.pem", "90b3d51f30030000-ka.key"
    for name, source in ((device, device), (f"{message.recipient.hex()}-ka.key", other)):
        (tmp_path / name).write_bytes((reference_folder / source).read_bytes())
    found = judge(message, PemFolder(tmp_path))
    assert (found.positive, found.encrypted) == (None, 1)
    assert found.summary.endswith("cannot be read: an encrypted part does not open with its key.")


@pytest.mark.shared
def test_an_encrypted_refusal_is_a_refusal_where_its_key_is_held(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    message = reference_messages["GCS13b_4.1.4_ERROR_RESPONSE"]
    without, with_keys = judge(message, None), judge(message, reference_keys)
    assert (without.positive, without.encrypted) == (True, 1)
    assert (with_keys.positive, with_keys.encrypted) == (False, 0)
    assert with_keys.summary == "1 of 7 parts failed (hardware failure)."


@pytest.mark.shared
def test_with_the_keys_nothing_of_a_reference_response_stays_encrypted(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    responses = [each for each in reference_messages.values() if each.cra is Cra.RESPONSE]
    assert sum(judge(each, None).encrypted for each in responses) == 36
    assert sum(judge(each, reference_keys).encrypted for each in responses) == 0


def test_a_fault_of_the_program_costs_no_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(message: Message) -> None:
        raise RecursionError("of this program")

    monkeypatch.setattr("hht.gbcs.payload.decode_payload", fails)
    with caplog.at_level(logging.ERROR):
        found = judge(response(b"\xda"), None)
    assert (found.positive, found.summary) == (None, "This program failed to read it.")
    assert "could not be judged" in caplog.text
