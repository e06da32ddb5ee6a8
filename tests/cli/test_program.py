"""The program as a whole: its version, its global options, its exit codes, its one-line errors."""

import subprocess
import sys

import pytest
import typer
from patience import PATIENCE
from typer.core import TyperGroup
from typer.testing import CliRunner

from hht import __version__
from hht.cli.main import hoist_global_options
from hht.cli.program import COMMANDS, GROUPS, build_app
from hht.cli.start import command_of, start_of


def test_version_is_one_line(hht):
    assert hht("--version").out == f"hht {__version__}\n"


def test_the_version_imports_no_command_line_library():
    code = "import sys; sys.argv=['hht','--version']; from hht.cli.main import run; run();"
    code += "sys.exit('typer' in sys.modules or 'textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize(
    ("given", "hoisted"),
    [
        (["train", "--data-dir", "D"], ["--data-dir", "D", "train"]),
        (["queue", "list", "--data-dir=D"], ["--data-dir=D", "queue", "list"]),
        (["train", "--radio", "R", "x", "--auto"], ["--radio", "R", "train", "x", "--auto"]),
        (["train", "--data-dir"], ["--data-dir", "train"]),
    ],
)
def test_global_options_may_stand_anywhere(given, hoisted):
    assert hoist_global_options(given) == hoisted


@pytest.mark.parametrize(
    ("given", "folder", "radio", "exercise"),
    [
        ([], "E", None, ""),
        (["--data-dir", "D"], "D", None, ""),
        (["--data-dir=D", "--radio", "socket://HOST:1"], "D", "socket://HOST:1", ""),
        (["train"], "E", None, "no-wan-install"),
        (["--data-dir", "D", "train", "gsme-asleep"], "D", None, "gsme-asleep"),
    ],
)
def test_a_line_that_opens_the_app_is_read_without_the_command_lines_library(
    given, folder, radio, exercise, monkeypatch
):
    monkeypatch.setenv("HHT_DATA_DIR", "E")
    start = start_of(given)
    assert start is not None
    read = (str(start.settings.data_dir), start.settings.radio, start.exercise)
    assert read == (folder, radio, exercise)


@pytest.mark.parametrize(
    "given",
    [
        ["--help"],
        ["jobs"],
        ["train", "--auto"],
        ["train", "gsme-asleep", "--seed", "1"],
        ["train", "--list"],
        ["--data-dir"],
        ["--data-dir", ""],
        ["--data-dir", "D", "--version"],
    ],
)
def test_every_other_line_is_the_command_lines_librarys(given):
    assert start_of(given) is None


def test_a_shell_that_asks_what_may_come_next_is_answered_by_the_library(monkeypatch):
    monkeypatch.setenv("_HHT_COMPLETE", "complete_bash")
    assert start_of(["train"]) is None


def test_an_unknown_command_is_wrong_usage(hht):
    assert hht("frobnicate").code == 2


@pytest.mark.parametrize(
    "line",
    [
        *("jobs check", "jobs rehearse", "import", "import --json", "firmware inspect"),
        *("queue take-in", "queue export --out", "class results"),
    ],
)
def test_an_empty_path_is_wrong_usage_and_not_the_current_folder(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = ["--data-dir", str(tmp_path / "data"), *line.split(), ""]
    program = build_app(command_of(given))
    ran = CliRunner().invoke(program, given)
    assert ran.exit_code == 2
    assert "the path is empty" in ran.stderr
    assert not any(tmp_path.glob("*.*"))


def test_an_unknown_scenario_is_wrong_usage_and_names_those_there_are(hht):
    ran = hht("train", "no-such-thing", "--auto")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "no-wan-install" in ran.err


@pytest.mark.parametrize("arguments", [(), ("train",)])
def test_the_app_without_a_terminal_is_one_line(hht, arguments):
    ran = hht(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [(), ("train",)])
def test_a_file_that_is_named_as_the_dongle_is_refused_before_the_app_opens(hht, arguments):
    ran = hht("--radio", __file__, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "This is no serial port" in ran.err
    assert ran.err.count("\n") == 1


def test_an_unknown_scenario_is_refused_before_the_app_opens(hht):
    ran = hht("train", "no-such-thing")
    assert ran.code == 2
    assert "no-wan-install" in ran.err


@pytest.mark.parametrize("command", [("jobs", "list"), ("train", "--auto")])
def test_a_data_folder_that_cannot_be_is_one_line(hht, tmp_path, command):
    (tmp_path / "file").touch()
    ran = hht(*command, "--data-dir", tmp_path / "file" / "data")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "--data-dir" in ran.err


def test_a_served_hub_that_is_asked_to_end_leaves_no_word_of_its_address(data_dir):
    code = "from hht.cli.main import run; run()"
    command = [sys.executable, "-c", code, "hub", "serve", "--data-dir", str(data_dir)]
    serve = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert serve.stdout.readline().startswith("socket://")
    assert any((data_dir / "training" / "served").iterdir())
    serve.terminate()
    serve.communicate(timeout=PATIENCE)
    assert serve.returncode == 0
    assert not any((data_dir / "training" / "served").iterdir())


def test_a_port_that_cannot_be_is_wrong_usage(hht):
    assert hht("hub", "serve", "--port", "99999").code == 2


def test_a_dongle_that_cannot_be_is_refused_before_the_hub_starts(hht):
    no_version = hht("hub", "serve", "--ezsp", "15")
    assert no_version.code == 2
    assert "13, 14, 16" in no_version.err
    no_fault = hht("hub", "serve", "--dongle-fault", "gremlin")
    assert no_fault.code == 2
    assert "no dongle fault 'gremlin'" in no_fault.err


def test_a_number_that_is_not_there_is_a_failure_with_its_remedy(hht):
    assert hht("jobs", "begin", "JOB-1").code == 0
    for group, remedy in (("jobs", "hht jobs list"), ("queue", "hht queue list")):
        ran = hht(group, "show", "99")
        assert ran.code == 1
        assert remedy in ran.err
        assert "Traceback" not in ran.err


def test_the_scenarios_are_listed_with_what_they_expect(hht):
    rows = hht("train", "--list", "--json").rows
    assert {"scenario", "title", "expects"} == set(rows[0])
    assert "no-wan-install" in {row["scenario"] for row in rows}


def test_what_is_kept_is_for_its_owner_alone(hht, data_dir):
    assert hht("jobs", "begin", "JOB-1").code == 0
    assert data_dir.stat().st_mode & 0o077 == 0
    assert (data_dir / "live.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_a_command_is_put_together_without_the_others(name: str) -> None:
    one = typer.main.get_command(build_app(command_of(["--data-dir", "train", name, "x"])))
    assert isinstance(one, TyperGroup)
    assert name in one.commands
    assert len(one.commands) <= 2, "a module has two at most"


def test_a_line_without_a_known_command_has_all_to_choose_from() -> None:
    for line in ([], ["--help"], ["nonsense"], ["--radio", "train"]):
        program = typer.main.get_command(build_app(command_of(line)))
        assert isinstance(program, TyperGroup)
        assert {*COMMANDS, *GROUPS} == set(program.commands)
