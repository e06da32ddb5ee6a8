"""An identity's parts are found in a folder by what each file holds."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.journeys.identity.part_finder import find_parts, has_parts
from hht.journeys.identity.parts import PartFiles

FILES = {
    "a": bytes(range(74)).hex().encode(),
    "b": b"\xff" * 36,
    "c": b"\xff" * 37,
    "d": b"83FED3407A939723A5C639B26916D505",
    "readme.txt": b"What is here, by whom it was issued, and whom to ask about it. " * 40,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_each_part_is_known_by_its_length_whatever_it_is_called(folder: Path) -> None:
    assert find_parts(folder) == PartFiles(folder / "a", folder / "b", folder / "c", folder / "d")


def test_a_part_that_is_missing_is_named(folder: Path) -> None:
    (folder / "c").unlink()
    with pytest.raises(InputError, match="No file here holds the issuer's public key"):
        find_parts(folder)
    assert not has_parts(folder)


def test_two_files_that_could_be_one_part_are_named_without_what_they_hold(folder: Path) -> None:
    (folder / "old").write_bytes(b"\xee" * 36)
    with pytest.raises(InputError, match="b and old could each be the private key"):
        find_parts(folder)


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        find_parts(tmp_path / "none")
