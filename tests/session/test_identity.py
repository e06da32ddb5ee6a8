"""The HHT's identity file, whole and otherwise."""

import json
from pathlib import Path

import pytest

from hht.session.identity import IdentityUnusable, load_identity

FIELDS = {
    "entity_id": "00-DB-00-00-00-00-FF-01",
    "certificate": "aa" * 74,
    "private_key": "bb" * 36,
    "ca_public_key": "cc" * 37,
    "suite": 2,
    "install_code": "0123456789abcdef0123456789abcdef",
}


def write(folder: Path, fields: object) -> Path:
    path = folder / "hht-identity.json"
    path.write_text(json.dumps(fields))
    return path


def test_the_identity_is_read_and_keeps_its_secrets_to_itself(tmp_path: Path) -> None:
    identity = load_identity(write(tmp_path, FIELDS))
    assert str(identity.entity_id) == FIELDS["entity_id"]
    assert identity.install_code.hex() == FIELDS["install_code"]
    shown = repr(identity)
    assert "bb" * 36 not in shown
    assert repr(bytes.fromhex("bb" * 36)) not in shown
    assert repr(identity.install_code) not in shown


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_that_is_missing_or_wrong_is_one_line_without_any_secret(
    tmp_path: Path, name: str
) -> None:
    for fields in ({k: v for k, v in FIELDS.items() if k != name}, FIELDS | {name: "zz"}):
        with pytest.raises(IdentityUnusable) as raised:
            load_identity(write(tmp_path, fields))
        assert "is not whole" in str(raised.value)
        assert "0123456789abcdef" not in str(raised.value)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "null", '"x"', '{"suite": 7}', "[" * 100_000], ids=range(7)
)
def test_what_is_no_identity_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "hht-identity.json"
    path.write_text(content)
    with pytest.raises(IdentityUnusable, match="is not whole"):
        load_identity(path)


def test_a_missing_file_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(IdentityUnusable, match=r"hht-identity\.json: .*file is not there"):
        load_identity(tmp_path / "hht-identity.json")
