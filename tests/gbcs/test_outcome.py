"""Whether a Response reports success: all of it or nothing."""

from dataclasses import replace

import pytest

from hht.entity_id import EntityId
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import Outcome, OutcomeKind, outcome_of

DEVICE, PARTY = EntityId(bytes(8)), EntityId(bytes([9]) * 8)


def _outcome(code: int, raw: str) -> Outcome:
    return outcome_of(Message(Cra.RESPONSE, 1, DEVICE, PARTY, code, bytes.fromhex(raw)))


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        (0x0001, "DA20000516000003000000030300 02000200"),
        (0x000D, "020100"),
        (0x000F, "020100"),
        (0x0012, "0500"),
        (0x0012, "300902010004040123ABCD"),
        (0x0013, "30050201003000"),
        (0x007F, "3014180F32303134313233313233333030305A020100"),
        (0x0102, "30020500"),
        (0x0015, "0109010107090004090002 08"),
        (0x0080, "010901010702000509000D0100"),
        (0x0097, "01090101 0705 000d 090003 10 00000000 00 00000000"),
        (0x0083, "0109010107080005000 00b0600"),
    ],
)
def test_a_response_that_reports_success_is_positive(code: int, raw: str) -> None:
    assert _outcome(code, raw.replace(" ", "")).positive


@pytest.mark.parametrize(
    ("code", "raw", "says"),
    [
        (0x0001, "DA20000517000003000000030300020102FA", "2 of 3 steps failed (first: hardware"),
        (0x0002, "DA20000517000001000103 0D", "scope of access violated"),
        (0x0002, "DA20000517000001000103 77", "code 119"),
        (0x0002, "DA2000051700000000", "answers nothing"),
        (0x000D, "020104", "device log full"),
        (0x000F, "020101", "other device not in device log"),
        (0x0012, "300902010204040123ABCD", "hash mismatch"),
        (0x0013, "3003020101", "read failure"),
        (0x007F, "3014180F32303134313233313233333030305A020102", "unreliable"),
        (0x000A, "020103", "certification request production failed"),
        (0x0008, "300830060201050A017F", "other"),
        (0x000D, "0500", "not of a form"),
        (0x0015, "0109010107090004090002 00", "no log was cleared"),
        (0x0080, "010901010702000509000DFFFF", "sampling was not started"),
        (0x0097, "01090101 0705 000d 090003 02 ffffffff 00 ffffffff", "duplicate top-up"),
        (0x0097, "01090101 0705 000d 090003 13 00000000 00 00000000", "not defined (code 13)"),
        (0x0097, "01090101 0705 000d 090003 FF 00000000 00 00000000", "not defined (code FF)"),
        (0x0097, "01090101 0705 000d 090003 07 00000000 00 00000000", "not defined (code 07)"),
        (0x0083, "010901010708000500000b06c0", "hardware failure"),
        (0x009E, "0109010100000008 080001 0400c0 0500", "hardware failure"),
        (0x000D, "02", "cannot be read"),
        (0xEEEE, "02", "not one this tool knows"),
        (0x0001, "D92000051600000000", "cannot be read"),
        (0x0001, "D920000516000000", "not that of a Response"),
    ],
)
def test_a_response_that_reports_failure_says_why(code: int, raw: str, says: str) -> None:
    outcome = _outcome(code, raw.replace(" ", ""))
    assert not outcome.positive
    assert says in str(outcome.summary)


def test_a_failure_is_reported_in_numbers_as_well_as_in_words() -> None:
    """Two of three accesses, the first with DLMS code 1; the last with 250."""
    outcome = _outcome(0x0001, "DA20000517000003000000030300020102FA")
    assert outcome.kind is OutcomeKind.PARTIAL
    assert (outcome.failed, outcome.parts, outcome.code) == (2, 3, 1)
    assert outcome.many == "steps"


@pytest.mark.parametrize(
    ("records", "kind", "failed", "parts"),
    [
        ("0200 c0 0201 00 20 07", OutcomeKind.PARTIAL, 1, 2),
        ("0200 c0 0201 c0", OutcomeKind.FAILED, 2, 2),
        ("0200 00 20 07 0201 8b", OutcomeKind.SUCCESS, 0, 2),
        ("0200 c0", OutcomeKind.FAILED, 1, 1),
    ],
)
def test_a_component_has_as_many_parts_as_attributes(
    records: str, kind: OutcomeKind, failed: int, parts: int
) -> None:
    frame = bytes.fromhex("080001" + records)
    raw = bytes.fromhex("0109 01 01 0702") + len(frame).to_bytes(2, "big") + frame
    outcome = _outcome(0x0084, raw.hex())
    assert (outcome.kind, outcome.failed, outcome.parts) == (kind, failed, parts)


def test_a_clock_that_is_set_and_unreliable_is_a_kind_of_its_own() -> None:
    outcome = _outcome(0x007F, "3014180F32303134313233313233333030305A020102")
    assert outcome.kind is OutcomeKind.NOT_RELIABLE


def test_a_read_that_found_nothing_has_been_carried_out() -> None:
    outcome = _outcome(0x00C5, "010901010705000508000B088B")
    assert (outcome.kind, outcome.positive) == (OutcomeKind.NOTHING_FOUND, True)
    assert str(outcome.summary) == "Success; nothing was found."


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        (0x0089, "0109 01 01 0702 0005 08000B 0B8B"),
        (0x00C5, "0109 01 01 0700 0005 10000B 048B"),
        (0x0084, "0109 01 01 0702 0006 080004 8B 0200"),
    ],
    ids=["change supply", "publish tariff", "write attributes"],
)
def test_a_change_that_did_not_find_what_to_change_has_failed(code: int, raw: str) -> None:
    outcome = _outcome(code, raw.replace(" ", ""))
    assert (outcome.kind, outcome.code, outcome.positive) == (OutcomeKind.FAILED, 0x8B, False)


def test_nothing_was_found_only_where_nothing_stays_encrypted() -> None:
    encrypted = "03 0702 001c 0001 18 01 01 0015 31 00000000" + "ab" * 16
    outcome = _outcome(0x0074, f"010902 00 0702 0005 08000B068B {encrypted}".replace(" ", ""))
    assert (outcome.kind, outcome.positive) == (OutcomeKind.UNREAD, True)


def test_what_is_encrypted_counts_as_answered_and_the_summary_says_it_was_not_read() -> None:
    raw = "01090103 0702 001c 0001 18 00 01 0015 31 00000000" + "ab" * 16
    outcome = _outcome(0x0074, raw)
    assert (outcome.kind, outcome.positive) == (OutcomeKind.UNREAD, True)
    assert "encrypted" in str(outcome.summary)


@pytest.mark.parametrize("cra", [Cra.COMMAND, Cra.ALERT])
def test_only_a_response_can_be_positive(cra: Cra) -> None:
    message = Message(Cra.RESPONSE, 1, DEVICE, PARTY, 0x000D, b"\x02\x01\x00")
    assert outcome_of(message).positive
    assert not outcome_of(replace(message, cra=cra)).positive


@pytest.mark.shared
def test_reference_responses_are_judged_as_their_names_say(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    """A future-dated Command is accepted first; that it failed is reported later, by an Alert."""
    judged = 0
    for name, message in reference_messages.items():
        if message.cra is Cra.RESPONSE:
            outcome = outcome_of(message, reference_keys)
            accepted = outcome.kind is OutcomeKind.ACCEPTED and "FUTURE_DATED" in name
            assert outcome.positive == ("_ERROR_" not in name or accepted), name
            judged += 1
    assert judged > 350
