"""What a shell's Tab proposes where only some words will do; each is looked up when it is asked."""

from collections.abc import Callable, Iterable

Words = Callable[[], Iterable[str]]


def one_of(words: Words) -> Callable[[str], list[str]]:
    """Return what proposes those of the words that go on as what was typed does."""

    def complete(typed: str) -> list[str]:
        return [each for each in words() if each.startswith(typed)]

    return complete


def scenarios() -> Iterable[str]:
    """Name the scenarios."""
    from hht.training.scenario.load import scenario_names

    return scenario_names()


def profiles() -> Iterable[str]:
    """Name the hub profiles, with those of one's own in the data folder that is in use."""
    import os
    from pathlib import Path

    from hht.cli.settings import Context
    from hht.hub_profile.loading import profile_names

    folder = os.environ.get("HHT_DATA_DIR")
    Context.make(Path(folder) if folder else None, None)
    return profile_names()


def terms() -> Iterable[str]:
    """Name how an exercise is played in a class."""
    from hht.training.exercise.terms import MODES

    return MODES


def faults() -> Iterable[str]:
    """Name what can go wrong with a simulated hub on purpose."""
    from hht.simulator.hub.faults.kinds import FAULTS

    return FAULTS


def dongle_faults() -> Iterable[str]:
    """Name what a virtual dongle can get wrong."""
    from hht.simulator.ncp.faults.catalogue import FAULTS

    return FAULTS


def misbehaviours() -> Iterable[str]:
    """Name what the simulated gateway can do wrong."""
    from hht.outbox.simulated.misbehaviour import Misbehaviour

    return Misbehaviour
