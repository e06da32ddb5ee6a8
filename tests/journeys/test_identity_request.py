"""A certificate request under way: with a PIN its secret half is sealed as the identity is."""

import json
from pathlib import Path

import pytest
from ecqv_authority import Authority
from store_samples import open_store

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.journeys.identity.request import (
    PENDING,
    complete_request,
    drop_request,
    request_again,
    request_certificate,
    requested_for,
)
from hht.journeys.own_identity import seal_identity
from hht.session.identity import HhtIdentity
from hht.store import Mode, Store

HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
SECRET = "01cfe728b1a91b6fe0ed4738c7a7823d201c39b6f1f4b9a69271c72bea0cb59f849aa26e"
FROM_EARLIER = f"""{{
 "entity_id": "00-DB-12-34-56-78-90-B0",
 "suite": 2,
 "point": "02019c9b0c842043f370dc39a28ab100aa3ca4a3a67f92010184dd58517c5194165702894b",
 "secret": "{SECRET}"
}}"""
"""A request as hht kept it before it sealed any."""


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path, Mode.LIVE) as opened:
        yield opened


def answered(folder: Path, store: Store, request: str) -> HhtIdentity:
    """Complete the request with what an authority answers to it."""
    authority = Authority()
    certificate, share = authority.answer(HHT, bytes.fromhex(json.loads(request)["point"]))
    code = bytes.fromhex("83FED3407A939723A5C639B26916D505")
    files = []
    for number, content in enumerate((certificate, share, authority.public, code)):
        files.append(folder / f"answer-{number}")
        files[-1].write_bytes(content)
    return complete_request(folder, store, *files)


def written(folder: Path) -> bytes:
    """Return all that the files of a data folder hold."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_with_a_pin_the_secret_half_is_in_clear_nowhere_and_the_answer_fits(tmp_path, store):
    store.vault.protect("271828")
    drawn: list[bytes] = []

    def random(count: int) -> bytes:
        drawn.append(bytes([1] * count))
        return drawn[-1]

    request = request_certificate(tmp_path, store, HHT, random)
    assert set(json.loads((tmp_path / PENDING).read_text())) == {"entity_id", "suite", "point"}
    assert all(each not in written(tmp_path) for each in drawn)
    assert request_certificate(tmp_path, store, HHT) == request_again(tmp_path, store) == request
    assert answered(tmp_path, store, request).entity_id == HHT


def test_a_request_of_an_earlier_version_is_completed_without_a_pin(tmp_path, store):
    (tmp_path / PENDING).write_text(FROM_EARLIER)
    assert answered(tmp_path, store, request_again(tmp_path, store)).entity_id == HHT
    assert store.secrets.names() == ()


def test_a_request_of_an_earlier_version_is_sealed_with_the_pin_and_completed(tmp_path, store):
    (tmp_path / PENDING).write_text(FROM_EARLIER)
    request = request_again(tmp_path, store)
    store.vault.protect("271828")
    seal_identity(tmp_path, store)
    assert SECRET.encode() not in written(tmp_path)
    assert bytes.fromhex(SECRET) not in written(tmp_path)
    assert request_again(tmp_path, store) == request
    assert answered(tmp_path, store, request).entity_id == HHT


@pytest.mark.parametrize("is_protected", [False, True])
def test_a_request_that_is_dropped_leaves_no_secret(tmp_path, store, is_protected):
    if is_protected:
        store.vault.protect("271828")
    request_certificate(tmp_path, store, HHT)
    drop_request(tmp_path, store)
    assert (requested_for(tmp_path), store.secrets.names()) == (None, ())


def test_a_request_whose_secret_an_older_database_never_had_is_not_sent_again(tmp_path, store):
    store.vault.protect("271828")
    request = request_certificate(tmp_path, store, HHT)
    for name in store.secrets.names():
        store.secrets.forget(name)
    for again in (
        lambda: request_again(tmp_path, store),
        lambda: request_certificate(tmp_path, store, HHT),
        lambda: answered(tmp_path, store, request),
    ):
        with pytest.raises(InputError, match="no secret half"):
            again()
