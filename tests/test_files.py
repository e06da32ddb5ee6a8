"""Texts are read in whatever encoding they were saved in; what is written is its owner's alone."""

import errno
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from hht.duis.pack_files import read_pack_files
from hht.errors import HhtError, InputError
from hht.facility.manifest import Manifest
from hht.files import decode_text, plain_octets, read_input, write_new, write_whole
from hht.outbox.gateway.settings import read_gateway_file
from hht.session.identity import load_identity
from hht.zse.frames.pcap import PcapFile

TEXT = "Line 1\nFlat 2, £5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_text_of_any_unicode_encoding_and_line_ending_is_the_same_text(
    encoding: str, ending: str
) -> None:
    assert decode_text(TEXT.replace("\n", ending).encode(encoding)) == TEXT


@pytest.mark.parametrize("content", [b"\xff", b"\xa35", b"\xff\xfe\x00", b"D\x00D"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode_text(content)
    assert plain_octets(content) == content


@pytest.mark.parametrize("read", [read_input, Manifest])
def test_a_device_without_an_end_is_refused_in_one_line(read) -> None:
    with pytest.raises(InputError, match=r"larger than 256 MiB|no plain file"):
        read(Path("/dev/zero"))


@pytest.mark.parametrize("read", [read_input, read_pack_files, read_gateway_file, load_identity])
def test_a_pipe_in_a_files_place_is_refused_and_not_waited_for(read, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(HhtError, match="no plain file"):
        read(tmp_path / "pipe")


def test_what_the_shell_pipes_in_under_a_name_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"as in <(...)")
    os.close(writing)
    assert read_input(Path(f"/dev/fd/{reading}")) == b"as in <(...)"
    os.close(reading)


def test_an_empty_text_is_empty() -> None:
    assert decode_text(b"") == ""


@pytest.mark.parametrize("write", [lambda path: write_whole(path, b"new"), PcapFile])
def test_a_file_takes_the_place_of_a_link_and_is_its_owners_alone(write, tmp_path: Path) -> None:
    foreign, path = tmp_path / "foreign", tmp_path / "out"
    foreign.write_bytes(b"precious")
    path.symlink_to(foreign)
    write(path)
    assert (foreign.read_bytes(), path.is_symlink()) == (b"precious", False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["foreign", "out"]


@pytest.mark.parametrize("write", [write_new, write_whole])
def test_what_is_written_and_its_name_are_on_the_disk(write, tmp_path: Path, monkeypatch) -> None:
    path, synced, fsync = tmp_path / "out", [], os.fsync

    def noted(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(path.exists() if is_folder else "content")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write(path, b"new")
    assert synced == ["content", True]


@pytest.mark.parametrize("write", [write_new, write_whole])
def test_a_full_disk_says_so_and_keeps_no_part_of_a_file(
    write, tmp_path: Path, monkeypatch
) -> None:
    parts = iter([2])

    def written(descriptor: int, content: bytes) -> int:
        if size := next(parts, 0):
            return size
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(os, "write", written)
    with pytest.raises(OSError, match="quota"):
        write(tmp_path / "out", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_not_replaced_and_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    link = tmp_path / "stdout"
    link.symlink_to("/dev/null")
    with pytest.raises(OSError, match="no plain file"):
        write_whole(link, b"")
    with pytest.raises(FileNotFoundError) as refused:
        write_whole(tmp_path / "no" / "out", b"")
    assert (link.is_symlink(), refused.value.filename) == (True, str(tmp_path / "no" / "out"))


@pytest.mark.parametrize("name", ["live.db", "live.db-wal"])
def test_nothing_is_written_over_a_database_or_its_wal(name: str, tmp_path: Path) -> None:
    opened = sqlite3.connect(tmp_path / "live.db")
    opened.execute("PRAGMA journal_mode = WAL")
    opened.execute("CREATE TABLE captures (raw)")
    opened.commit()
    before = (tmp_path / name).read_bytes()
    with pytest.raises(OSError, match="It is a database"):
        write_whole(tmp_path / name, b"receipts")
    assert (tmp_path / name).read_bytes() == before
    opened.close()
