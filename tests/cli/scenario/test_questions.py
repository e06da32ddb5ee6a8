"""The questions of `hht scenario new`: a slip is asked again, and no answer is lost by it."""

import io
import sys
from pathlib import Path

import pytest
import typer

from hht.cli.scenario.command import ask
from hht.training.scenario.load import load_scenario
from hht.training.scenario.writing import scenario_text


class Typed(io.StringIO):
    """A terminal at which these lines are typed."""

    def isatty(self) -> bool:
        return True


def test_a_slip_is_asked_again_and_what_was_said_before_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = ["  ", "A noisy flat", "n", "n", "n", "y", "n", "n"]  # no Device, then the ESME alone
    lines += ["nois", "noise", "joind", "command", "soon", "nan", "-1", "12.5", ""]
    monkeypatch.setattr(sys, "stdin", Typed("\n".join(lines)))
    path = tmp_path / "own.toml"
    path.write_text(scenario_text(ask()))
    assert sys.stdin.read() == ""
    scenario = load_scenario(str(path))
    (fault,) = scenario.site.faults
    assert scenario.title == "A noisy flat"
    assert [each.label for each in scenario.site.devices] == ["ESME"]
    assert (fault.what, fault.after, fault.seconds) == ("noise", "command", 12.5)


def test_an_end_of_the_input_ends_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typed("A flat\nn\n"))
    with pytest.raises(typer.Abort):
        ask()
