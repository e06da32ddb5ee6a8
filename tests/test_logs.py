"""The diagnostic log and the bundle: what a fault leaves behind, and that it holds no secret."""

import asyncio
import gc
import json
import logging
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import PATIENCE
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, hear, open_store, pack

from hht.logs import (
    KEPT_FILES,
    LOG_FILE,
    MOST_BYTES,
    Log,
    log_files,
    log_unforeseen,
    start_log,
    stop_log,
)
from hht.store import Mode

PIN = "271828"
KINDS = ("link", "second name", "pipe")
SECRETS = {
    "PIN": PIN,
    "Install Code": "83FED3407A939723A5C639B26916D505",
    "Install Code in pairs": "83 FE D3 40 7A 93 97 23 A5 C6 39 B2 69 16 D5 05",
    "MPAN": "1900012345674",
    "MPAN in groups": "19 0001 2345 674",
    "MPRN": "1234567",
    "short token in its header": "Bearer Abc123",
    "token": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE=",
    "address": "7 Plumtree Court",
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = start_log(tmp_path)
    yield log
    stop_log(log)


def fail_with_secrets() -> None:
    held = dict(SECRETS)
    raise ValueError(f"cannot read {held}")


def text_of(folder: Path) -> str:
    return "".join(path.read_text() for path in log_files(folder))


async def test_an_error_that_nobody_read_is_in_the_log_by_its_kind_and_on_no_terminal(
    log: Log, tmp_path: Path
) -> None:
    async def fail() -> None:
        fail_with_secrets()

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    log.close()
    text = text_of(tmp_path)
    assert "asyncio: Task exception was never retrieved" in text
    assert "builtins.ValueError" in text
    assert not [name for name, secret in SECRETS.items() if secret in text]
    assert log in logging.getLogger("asyncio").handlers


def test_nothing_is_written_before_there_is_something_to_write(log: Log, tmp_path: Path) -> None:
    assert log_files(tmp_path) == []


def test_an_unforeseen_error_leaves_its_kind_and_its_frames_but_no_value(
    log: Log, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="cannot read") as failed:
        fail_with_secrets()
    assert log_unforeseen(failed.value) == tmp_path / LOG_FILE
    text = text_of(tmp_path)
    assert "builtins.ValueError" in text
    assert "in fail_with_secrets" in text
    assert not [name for name, secret in SECRETS.items() if secret in text]


def test_each_log_formats_an_error_for_itself(
    log: Log, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="cannot read") as failed:
        fail_with_secrets()
    error = failed.type, failed.value, failed.tb
    record = logging.LogRecord("hht", logging.ERROR, "", 0, "", None, error)
    record.exc_text = f"another formatter's {SECRETS}"
    log.emit(record)
    log.close()
    assert PIN not in text_of(tmp_path)
    assert record.exc_text == f"another formatter's {SECRETS}"


@pytest.mark.parametrize("name", [name for name in SECRETS if name != "address"])
def test_what_may_be_a_secret_is_removed_from_a_line(name: str, log: Log, tmp_path: Path) -> None:
    logging.getLogger("hht.radio").warning("heard %s from 00-DB-12-34-56-78-90-A3", SECRETS[name])
    log.close()
    text = text_of(tmp_path)
    assert "heard [removed] from 00-DB-12-34-56-78-90-A3" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead of modes")
def test_the_files_are_their_owners_alone_and_are_rotated(log: Log, tmp_path: Path) -> None:
    line = "all is well " * 80
    for _ in range((KEPT_FILES + 3) * MOST_BYTES // len(line)):
        logging.getLogger("hht").info(line)
    log.close()
    files = log_files(tmp_path)
    assert len(files) == KEPT_FILES + 1
    assert all(path.stat().st_size <= MOST_BYTES for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = start_log(tmp_path / "file")
    logging.getLogger("hht").warning("No room")
    assert log_unforeseen(ValueError()) is None
    stop_log(log)


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists, and no such pipes")
@pytest.mark.parametrize("make", [os.symlink, os.link, lambda _, log: os.mkfifo(log)], ids=KINDS)
def test_a_log_that_is_another_file_is_not_written(make, log: Log, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    make(victim, tmp_path / LOG_FILE)
    logging.getLogger("hht").warning("All is well")
    log.close()
    assert victim.read_text() == "precious"


NO_ROOM = """
import logging, resource, sys
from pathlib import Path
from hht.logs import log_unforeseen, start_log
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
start_log(Path(sys.argv[1]))
logging.getLogger("hht").warning("No room")
log_unforeseen(ValueError())
"""


@pytest.mark.whole_program
@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of that kind")
def test_a_log_on_a_full_card_writes_nothing_to_the_terminal_and_ends(tmp_path: Path) -> None:
    done = run_code(NO_ROOM, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def run_code(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def run_failing(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with a fault in it, which holds secrets."""
    code = f"""
import sys
sys.argv = ["hht", "--data-dir", {str(data_dir)!r}, *{arguments!r}]
from hht.store import doctor
def check_folder(*_):
    held = {SECRETS!r}
    raise RuntimeError(held)
doctor.check_folder = check_folder
from hht.cli.main import run
run()
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_user_sees_one_line_with_the_path_of_the_log(tmp_path: Path) -> None:
    ran = run_failing(tmp_path, "doctor")
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert str(tmp_path / LOG_FILE) in line
    assert "RuntimeError" in line
    assert "doctor --bundle" in line
    assert "builtins.RuntimeError" in (tmp_path / LOG_FILE).read_text()


def test_a_bundle_has_log_versions_checks_and_counts_and_no_secret(tmp_path: Path) -> None:
    run_failing(tmp_path, "doctor")
    with open_store(tmp_path, Mode.LIVE) as store:
        job = store.jobs.add(pack(CCS01_COMMAND, mode=None, premises=SECRETS["address"]))
        hear(store, CCS01_RESPONSE, job.id)
        store.secrets.put("hht identity", SECRETS["Install Code"].encode())
        store.vault.protect(PIN)
    bundle = tmp_path / "bundle.zip"
    command = [sys.executable, "-m", "hht", "--data-dir", tmp_path, "doctor", "--bundle", bundle]
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert f"\n{bundle}: " in ran.stdout
    with zipfile.ZipFile(bundle) as packed:
        content = {name: packed.read(name).decode() for name in packed.namelist()}
    assert set(content) == {"versions.json", "checks.json", "counts.json", LOG_FILE}
    assert json.loads(content["counts.json"])["live"]["captures"] == 1
    assert json.loads(content["versions.json"])["hht"]
    assert any(row["check"] == "integrity" for row in json.loads(content["checks.json"]))
    assert "builtins.RuntimeError" in content[LOG_FILE]
    raw = bundle.read_bytes() + "".join(content.values()).encode()
    hidden = {*SECRETS.values(), CCS01_RESPONSE.hex(), CCS01_RESPONSE.hex().upper()}
    assert not [secret for secret in hidden if secret.encode() in raw]
    if os.name != "nt":
        assert stat.S_IMODE(bundle.stat().st_mode) == 0o600


UNREAD = """
import asyncio, sys
from pathlib import Path
from hht.logs import start_log
start_log(Path(sys.argv[1]))
async def fail():
    raise ValueError("271828")
async def main():
    global kept
    kept = asyncio.create_task(fail())
    await asyncio.wait([kept])
asyncio.run(main())
"""


@pytest.mark.whole_program
def test_an_error_that_nobody_has_read_at_the_end_is_not_printed_and_holds_nothing_up(
    tmp_path: Path,
) -> None:
    done = run_code(UNREAD, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
