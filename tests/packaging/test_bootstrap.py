"""The set-up from a fresh clone: in any path, beside any pip settings, once at a time."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[2] / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The script, as it is in a checkout at a path with a space."""
    checkout = tmp_path / "my tools"
    copy = checkout / "packaging" / "bootstrap.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(SOURCE.read_text())
    (checkout / "pyproject.toml").write_text("[project]\n")
    spec = importlib.util.spec_from_file_location("bootstrap", copy)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_settings_of_pip_that_install_elsewhere_are_left_out(bootstrap: ModuleType) -> None:
    set_by_hand = {"PIP_USER": "1", "PIP_CONSTRAINT": "other.txt", "PIP_TARGET": "/elsewhere"}
    network = {"PIP_INDEX_URL": "https://mirror.example/simple", "HTTPS_PROXY": "http://proxy"}
    assert bootstrap.clean_environment(set_by_hand | network) == network


def test_the_reason_is_the_one_that_pip_gives(bootstrap: ModuleType) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-index", "no-such-package-of-ours"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = bootstrap.reason(ended.stdout)
    assert said.startswith("No matching distribution found for no-such-package-of-ours")
    assert "\n" not in said


def test_without_a_network_the_reason_is_the_networks(bootstrap: ModuleType) -> None:
    said = bootstrap.reason(
        "WARNING: Retrying (Retry(total=0)) after connection broken by "
        "'NewConnectionError(\"no name resolution\")': /simple/rich/\n"
        "ERROR: No matching distribution found for rich==15.0.0\n"
    )
    assert said.startswith("No matching distribution found for rich==15.0.0 (connection broken by ")
    assert "no name resolution" in said


@pytest.mark.parametrize(
    ("stopped_by", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "the set-up was stopped; run this again to go on"),
        (PermissionError(13, "Permission denied", "x.lock"), 2, "Permission denied: x.lock"),
        (
            UnicodeEncodeError("utf-8", "m\udcfcller", 1, 2, "surrogates not allowed"),
            2,
            "this folder's name is no UTF-8 text; use another",
        ),
    ],
    ids=["Ctrl-C", "a folder that may not be written", "a folder's name in Latin-1"],
)
def test_a_set_up_that_is_stopped_says_so_in_a_line(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stopped_by: BaseException,
    code: int,
    line: str,
) -> None:
    def stop() -> None:
        raise stopped_by

    monkeypatch.setattr(bootstrap, "only_one", stop)
    assert bootstrap.main(["train"]) == code
    assert capsys.readouterr().err.endswith(f"{line}\n")


def test_pip_that_says_nothing_still_gives_a_line(bootstrap: ModuleType) -> None:
    assert bootstrap.reason("").startswith("pip gave no reason")


def test_an_environment_of_another_place_is_made_again(bootstrap: ModuleType) -> None:
    bootstrap.BIN.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    origin = bootstrap.VENV / "hht-origin.stamp"
    assert not bootstrap.is_usable()
    origin.write_text("/where/it/was/before")
    assert not bootstrap.is_usable()
    origin.write_text(str(bootstrap.ROOT))
    assert bootstrap.is_usable()


def test_the_set_up_is_another_after_a_change_of_its_locked_set(
    bootstrap: ModuleType, tmp_path: Path
) -> None:
    locked = tmp_path / "run.txt"
    locked.write_text("rich==1 --hash=sha256:00\n")
    before = bootstrap.fingerprint(locked)
    locked.write_text("rich==2 --hash=sha256:01\n")
    assert bootstrap.fingerprint(locked) != before


def test_a_second_start_waits_for_the_first(bootstrap: ModuleType) -> None:
    lock = str(bootstrap.ROOT / ".venv.lock")
    second = (
        "import importlib.util, sys; "
        "spec = importlib.util.spec_from_file_location('b', sys.argv[1]); "
        "b = importlib.util.module_from_spec(spec); spec.loader.exec_module(b); "
        "lock = open(sys.argv[2], 'a+b'); print(b.try_lock(lock.fileno()))"
    )

    def tried() -> str:
        command = [sys.executable, "-c", second, str(SOURCE), lock]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with bootstrap.only_one():
        assert tried() == "False"
    assert tried() == "True"


def test_every_locked_file_has_a_hash_and_no_address() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (SOURCE.parent / "locked" / name).read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert all("==" in pin and pin.endswith("\\") for pin in pins), name
