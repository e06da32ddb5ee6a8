"""The man page and the completions come from the command tree and are fit to be installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import warm_start
from patience import PATIENCE

SCRIPT = Path(__file__).parents[2] / "packaging" / "command_tree.py"


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a share folder with everything the script writes."""
    folder = tmp_path_factory.mktemp("share")
    subprocess.run([sys.executable, str(SCRIPT), str(folder)], check=True)
    return folder


def test_the_man_page_has_each_command_and_the_global_options(share: Path) -> None:
    page = (share / "man/man1/hht.1").read_text()
    for title in ("HHT TRAIN", "HHT QUEUE", "hht queue export", "HHT INSPECT"):
        assert f'"{title}"' in page
    for option in ("data\\-dir", "radio", "version"):
        assert f".B \\-\\-{option}" in page


def test_the_man_page_names_the_value_the_default_and_the_limits_of_an_option(share: Path) -> None:
    page = (share / "man/man1/hht.1").read_text()
    assert (
        ".B \\-\\-passes <int range>\nHow often to go through the channels.  "
        "[default: 3; 1<=x<=1000]\n" in page
    )
    assert "  [required]\n" in page


def test_the_man_page_says_what_each_argument_is_and_which_may_be_left_out(share: Path) -> None:
    page = (share / "man/man1/hht.1").read_text()
    assert ".B hht train\n\\fI[SCENARIO]\\fR\n" in page
    assert "\\fI[SCENARIO]\\fR\nA name from \\-\\-list." in page
    assert ".B hht import\n\\fIPATH...\\fR\n" in page
    assert ".B hht facility close\n\\fI[BATCH]\\fR\n" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_has_no_warning_about_the_man_page(share: Path) -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", str(share / "man/man1/hht.1")], capture_output=True
    )
    assert done.stderr == b""


def test_each_shell_has_completions_that_ask_hht(share: Path) -> None:
    for path in (
        "bash-completion/completions/hht",
        "zsh/vendor-completions/_hht",
        "fish/vendor_completions.d/hht.fish",
    ):
        assert "_HHT_COMPLETE" in (share / path).read_text()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("hht train no-w", "no-wan-install"),
        ("hht hub serve no-w", "no-wan-install"),
        ("hht serve no-w", "no-wan-install"),
        ("hht scenario check no-w", "no-wan-install"),
        ("hht train --profile str", "strict"),
        ("hht profile show str", "strict"),
        ("hht profile learn a.pcap --base str", "strict"),
        ("hht jobs profile 1 min", "mine"),
        ("hht serve walk-in --mode ch", "check"),
        ("hht train --mode ch", "check"),
        ("hht queue list --mode tr", "training"),
        ("hht pin set --mode fa", "facility"),
        ("hht hub fault noi", "noise"),
        ("hht hub serve --dongle-fault scan-b", "scan-busy"),
        ("hht gateway-sim --misbehave ha", "half-answer"),
        ("hht facility label --format p", "png"),
        ("hht class override room 1 1 poi", "points"),
    ],
)
def test_tab_completes_what_is_one_of_some_words(line: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").touch()
    asked = {"_HHT_COMPLETE": "complete_bash", "COMP_WORDS": line, "HHT_DATA_DIR": str(tmp_path)}
    asked["COMP_CWORD"] = str(len(line.split()) - 1)
    done = warm_start.run("hht", env=os.environ | asked, timeout=PATIENCE)
    assert word in done.stdout.split(), done.stderr
