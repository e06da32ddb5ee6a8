"""Receipts on file: only the DUIS answer to its own request changes what becomes of an item."""

import base64
import json
import zipfile
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, NOW, hear, open_store, pack

from hht.duis.request_id import RequestId
from hht.errors import HhtError
from hht.outbox.errors import ImportRefused
from hht.outbox.export import export_outbox
from hht.outbox.import_export import take_in_export
from hht.outbox.manifest import own_name, trust
from hht.outbox.receipts import ReceiptsRead, read_receipts, spoken_for, write_receipts
from hht.outbox.simulated.xml import acknowledgement
from hht.store import Mode, ReturnRow, ReturnState, Store


@pytest.fixture(params=[Mode.TRAINING, Mode.LIVE])
def handheld(tmp_path, request):
    """A store with a Response and an Alert to return."""
    with open_store(tmp_path / "handheld", request.param) as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND, mode=request.param.value))
        hear(opened, CCS01_RESPONSE, job.id)
        hear(opened, CS14_ALERT, job.id)
        yield opened


def answer(row: ReturnRow, code: str = "I0", *, training: bool = False) -> bytes:
    return acknowledgement(row.request_id, code, NOW, training=training)


def written(store: Store, path: Path, *receipts: dict[str, object]) -> Path:
    content = {"format": "hht-receipts/1", "mode": store.mode.value, "receipts": receipts}
    path.write_text(json.dumps(content))
    return path


def receipt(row: ReturnRow, document: bytes | None, code: str = "I0") -> dict[str, object]:
    found: dict[str, object] = {"idempotency_key": row.idempotency_key, "code": code}
    return found | ({"document": base64.b64encode(document).decode()} if document else {})


def test_a_folder_without_an_answer_is_refused(handheld, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportRefused, match="There is no answer in it"):
        read_receipts(handheld, tmp_path / "empty")


def test_receipts_go_back_to_the_handheld_by_key(handheld, tmp_path):
    with open_store(tmp_path / "office", handheld.mode) as office:
        export_outbox(handheld, tmp_path / "out")
        trust(office, own_name(handheld))
        take_in_export(office, tmp_path / "out")
        row = office.returns.all()[0]
        office.outbox.record_receipt(row.id, "I99", answer(row, "I99"), at=NOW)
        assert write_receipts(office, tmp_path / "receipts.json") == 1
    read = read_receipts(handheld, tmp_path / "receipts.json")
    assert read == ReceiptsRead(received=1)
    assert handheld.returns.waiting_count() == 1
    assert read_receipts(handheld, tmp_path / "receipts.json") == ReceiptsRead(known=1)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("I0", ReturnState.RECEIVED),
        ("W081401", ReturnState.RECEIVED),
        ("E5", ReturnState.REFUSED),
        ("E1", ReturnState.REFUSED),
        ("I96", ReturnState.HELD),
        ("ANYTHING", ReturnState.HELD),
    ],
)
def test_the_code_of_the_answer_decides_and_not_the_word_of_the_file(
    handheld, tmp_path, code, state
):
    row = handheld.returns.all()[0]
    read_receipts(
        handheld, written(handheld, tmp_path / "r", receipt(row, answer(row, code), "I0"))
    )
    assert handheld.returns.get(row.id).state is state
    assert handheld.returns.get(row.id).note.startswith(f"{code}: ")


@pytest.mark.parametrize("code", ["I96", "ANYTHING", "E5"])
def test_another_answer_to_a_received_item_changes_nothing_and_is_counted_as_that(
    handheld, tmp_path, code
):
    row = handheld.returns.all()[0]
    handheld.outbox.record_receipt(row.id, "I0", answer(row), at=NOW)
    before = handheld.returns.get(row.id)
    path = written(handheld, tmp_path / "r", receipt(row, answer(row, code)))
    assert read_receipts(handheld, path) == ReceiptsRead(known=1)
    assert handheld.returns.get(row.id) == before
    assert "return held" not in [entry["action"] for entry in handheld.audit.entries()]


def made_up(rows: tuple[ReturnRow, ...]) -> dict[str, dict[str, object]]:
    """Receipts for the first item that prove nothing."""
    row, neighbour = rows
    whole = answer(row)
    return {
        "an older file's code": receipt(row, None),
        "any code": receipt(row, None, "ANYTHING"),
        "a code that is a terminal's": receipt(row, None, "hello\x1b[31m"),
        "the answer to another": receipt(row, answer(neighbour)),
        "no DUIS": receipt(row, b"<html>I0</html>"),
        "half an answer": receipt(row, whole[: len(whole) // 2]),
        "the request itself": receipt(row, whole.replace(b"sr:Response", b"sr:Request")),
        "no base64": receipt(row, None) | {"document": "%%%"},
        "a number": receipt(row, None) | {"document": 7},
    }


def test_a_receipt_that_was_made_up_changes_nothing(handheld, tmp_path):
    before = handheld.returns.all()
    for kind, forged in made_up(before).items():
        read = read_receipts(handheld, written(handheld, tmp_path / "r", forged))
        assert read == ReceiptsRead(unproven=1), kind
        assert handheld.returns.all() == before, kind


def test_a_receipt_for_another_handhelds_item_is_counted(handheld, tmp_path):
    stranger = receipt(handheld.returns.all()[0], answer(handheld.returns.all()[0]))
    stranger["idempotency_key"] = "00"
    assert read_receipts(handheld, written(handheld, tmp_path / "r", stranger)).unknown == 1


def test_answers_by_themselves_are_receipts_too(handheld, tmp_path):
    first, second = handheld.returns.all()
    (tmp_path / "one.xml").write_bytes(answer(first))
    assert read_receipts(handheld, tmp_path / "one.xml") == ReceiptsRead(received=1)
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("a/2.xml", answer(second, "E5"))
        archive.writestr("a/3.xml", answer(second).replace(b":17", b":18"))
        archive.writestr("a/4.xml", "<html/>")
    read = read_receipts(handheld, tmp_path / "more.zip")
    assert read == ReceiptsRead(refused=1, unknown=1, unproven=1)


def test_an_answer_that_two_items_could_mean_proves_neither(handheld, tmp_path):
    first = handheld.returns.all()[0]
    handheld.database.connection.execute("UPDATE returns SET request_id = ?", (first.request_id,))
    (tmp_path / "one.xml").write_bytes(answer(first))
    assert read_receipts(handheld, tmp_path / "one.xml") == ReceiptsRead(unknown=1)


def test_a_file_is_believed_about_numbers_only_where_the_gateway_renumbers(handheld, tmp_path):
    row = handheld.returns.all()[0]
    head, _, _ = row.request_id.rpartition(":")
    other = acknowledgement(f"{head}:1", "I0", NOW, training=False)
    file = written(handheld, tmp_path / "r", receipt(row, other))
    assert read_receipts(handheld, file).unproven == 1
    assert read_receipts(handheld, file, renumbers=True).received == 1


def test_one_renumbered_answer_in_a_file_is_for_one_item(handheld, tmp_path):
    first, second = handheld.returns.all()[:2]
    new = f"{first.request_id.rpartition(':')[0]}:1"
    for row, named, received in ((first, second.request_id, 0), (first, new, 1), (second, new, 0)):
        other = acknowledgement(named, "I0", NOW, training=False)
        file = written(handheld, tmp_path / "r", receipt(row, other))
        assert read_receipts(handheld, file, renumbers=True).received == received


@pytest.mark.parametrize(
    "written_as",
    [
        lambda xml: xml,
        lambda xml: xml.replace(b"90-B3-D5", b"90-b3-d5"),
        lambda xml: xml.replace(b"-B3-", b"-<!-- -->B3-", 1),
        lambda xml: xml.decode().replace(' encoding="UTF-8"', "").encode("utf-16"),
    ],
    ids=["plain", "small letters", "comment", "UTF-16"],
)
def test_the_request_that_a_receipt_answers_is_spoken_for_however_it_is_written(
    handheld, written_as
):
    first = handheld.returns.all()[0]
    head, _, _ = first.request_id.rpartition(":")
    document = written_as(acknowledgement(f"{head}:12345", "I0", NOW, training=False))
    handheld.outbox.record_receipt(first.id, "I0", document, at=NOW)
    assert RequestId.parse(f"{head}:12345").key in spoken_for(handheld)


def test_live_data_believes_no_answer_of_the_simulator(handheld, tmp_path):
    before = handheld.returns.all()
    row = before[0]
    file = written(
        handheld,
        tmp_path / "r",
        receipt(before[1], answer(before[1])),
        receipt(row, answer(row, training=True)),
    )
    if handheld.mode is Mode.TRAINING:
        assert read_receipts(handheld, file).received == 2
        return
    with pytest.raises(HhtError, match="gateway-sim"):
        read_receipts(handheld, file)
    assert handheld.returns.all() == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"format": "hht-receipts/1", "mode": "x", "receipts": []}',
        '{"format": 1}',
        "<x/>",
    ],
)
def test_a_file_that_is_damaged_or_of_another_mode_is_refused(handheld, tmp_path, content):
    (tmp_path / "receipts.json").write_text(content)
    with pytest.raises(HhtError) as refused:
        read_receipts(handheld, tmp_path / "receipts.json")
    assert refused.value.remedy


def test_a_file_that_is_not_there_is_refused(handheld, tmp_path):
    with pytest.raises(HhtError, match="cannot be read"):
        read_receipts(handheld, tmp_path / "absent.json")


def test_receipts_are_written_for_their_owner_alone_and_follow_no_link(handheld, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "receipts.json").symlink_to(victim)
    write_receipts(handheld, tmp_path / "receipts.json")
    assert victim.read_text() == "precious"
    assert (tmp_path / "receipts.json").stat().st_mode & 0o777 == 0o600


def test_half_a_character_in_a_file_of_receipts_is_one_line_and_changes_nothing(handheld, tmp_path):
    row = handheld.returns.all()[0]
    half = receipt(row, answer(row)) | {"idempotency_key": "\ud800"}
    with pytest.raises(HhtError, match="damaged"):
        read_receipts(handheld, written(handheld, tmp_path / "receipts.json", half))
