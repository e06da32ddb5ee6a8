"""A certificate: signed, checked by file and key alone, and void with any octet changed."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from class_samples import class_of, pass_exercise

from hht.errors import InputError
from hht.store import Mode, Store
from hht.training.classroom.certificate import (
    TRAINER_KEY,
    NotPassed,
    make_certificate,
    verdict_on,
    verify_certificate,
)
from hht.training.classroom.folder import ClassFolder


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> ClassFolder:
    """A class of which Ann has passed and Bob has not."""
    room = class_of(tmp_path_factory.mktemp("class"), 'Ann "<b>" Oakley', "Bob")
    pass_exercise(room)
    return room


@pytest.fixture
def trainer(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "trainer.db", Mode.TRAINING)


@pytest.fixture
def certificate(room: ClassFolder, trainer: Store, tmp_path: Path) -> Path:
    path = tmp_path / "ann.html"
    path.write_bytes(make_certificate(trainer, room, room.seat(1), "T. Rainer"))
    return path


def test_it_says_what_it_is_worth(certificate: Path) -> None:
    page = certificate.read_text()
    assert "simulated hub, profile stand-in" in page
    assert "No real hub" in page
    assert "Ann &quot;&lt;b&gt;&quot; Oakley" in page
    assert not re.search(r"<script|<link|href=|src=|https?://", page)


def test_its_maker_finds_it_good_and_reads_what_it_says(certificate: Path, trainer: Store) -> None:
    verdict = verify_certificate(certificate, trainer)
    assert (verdict.signer, verdict.is_known) == (TRAINER_KEY.name(trainer), True)
    assert verdict.content["trainee"] == 'Ann "<b>" Oakley'
    (row,) = verdict.content["exercises"]
    assert (row["scenario"], row["points"], row["seed"]) == ("join-refused", 100, 7)


def test_elsewhere_it_is_unchanged_and_by_a_key_that_nobody_knows_yet(
    certificate: Path, trainer: Store, tmp_path: Path
) -> None:
    name = TRAINER_KEY.name(trainer)
    unknown = verify_certificate(certificate, None)
    assert (unknown.signer, unknown.is_known) == (name, False)
    assert verify_certificate(certificate, None, name.lower()).is_known
    assert not verify_certificate(certificate, None, "0" * 24).is_known
    other = Store.open(tmp_path / "other.db", Mode.TRAINING)
    assert not verify_certificate(certificate, other).is_known
    TRAINER_KEY.trust(other, name)
    assert verify_certificate(certificate, other).is_known


def test_one_octet_changed_anywhere_is_found(certificate: Path, trainer: Store) -> None:
    whole = certificate.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert verdict_on(bytes(changed), trainer).signer is None, place


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + b"\n",
        lambda raw: raw[:-1],
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.replace(b"Ann", b"Eve"),
        lambda raw: raw + raw,
        lambda raw: re.sub(rb"signature=(\w+)", lambda m: m[0].upper(), raw),
        lambda raw: re.sub(rb"key=(\w+)", lambda m: b"key=" + m[1].upper(), raw),
        lambda raw: re.sub(rb"signature=\w+ ", b"signature= ", raw),
        lambda raw: raw.replace(b"<!-- hht", b"<!--  hht"),
    ],
)
def test_what_is_added_cut_off_or_written_otherwise_is_found(
    certificate: Path, trainer: Store, change: object
) -> None:
    certificate.write_bytes(change(certificate.read_bytes()))  # type: ignore[operator]
    assert verify_certificate(certificate, trainer).signer is None


def test_names_in_another_order_or_twice_are_a_change(certificate: Path, trainer: Store) -> None:
    page = certificate.read_text()
    said = re.search(r'content="([^"]*)"', page)
    assert said
    content = json.loads(unescape(said[1]))
    other = json.dumps(dict(reversed(content.items()))).replace('"', "&quot;")
    twice = said[1].replace("{", "{&quot;trainee&quot;: &quot;Eve&quot;, ", 1)
    for changed in (other, twice):
        certificate.write_text(page.replace(said[1], changed))
        assert verify_certificate(certificate, trainer).signer is None


def test_another_signer_is_another_key(certificate: Path, trainer: Store, tmp_path: Path) -> None:
    forger = Store.open(tmp_path / "forger.db", Mode.TRAINING)
    body = certificate.read_bytes().partition(b"<!-- hht")[0].replace(b"Ann", b"Eve")
    public, _ = TRAINER_KEY.sign(forger, b"")
    sealed = body + f"<!-- hht-certificate/1 key={public.hex()} signature=".encode()
    value = TRAINER_KEY.sign(forger, sealed)[1]
    certificate.write_bytes(sealed + f"{value.hex()} -->\n".encode())
    verdict = verify_certificate(certificate, trainer)
    assert verdict.signer == TRAINER_KEY.name(forger)
    assert not verdict.is_known


def test_none_is_made_before_all_is_passed(room: ClassFolder, trainer: Store) -> None:
    with pytest.raises(NotPassed, match="Bob has not passed"):
        make_certificate(trainer, room, room.seat(2), "T")


@pytest.mark.parametrize("content", [b"", b"<html>", b"\0" * 100])
def test_another_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.html").write_bytes(content)
    with pytest.raises(InputError, match="no certificate"):
        verify_certificate(tmp_path / "x.html", None)
    with pytest.raises(InputError):
        verify_certificate(tmp_path / "missing.html", None)
