"""Plays a scenario in which it matters once for another value of each guess of the hub profile.

What GBCS leaves unknown is a guess in `stand-in.toml`; hub and handheld are given another value of
one of them: the opposite of a boolean, half and double of a number within what is legal, another
identifier. Run it: `python tests/long/guesses.py [--jobs 2]`; exit 1 when a play is not complete.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from scenario_plays import Play, play

from hht.hub_profile import load_profile

_SCENARIOS = {
    "image_": "firmware-ppmid",
    "channel_mask_": "channel-move",
    "hub_back_": "hub-does-not-come-back",
}
"""Where a guess matters, by how its name begins; all others in the main one."""
_MAIN = "no-wan-install"
_GUESS = re.compile(r"^(\w+) = .*\[guess\]", re.MULTILINE)
_IDENTIFIERS: dict[str, tuple[Any, ...]] = {
    "admission_cluster": (0xFC01,),
    "admission_profile_id": (0xC105,),
    "admission_command": (0x05,),
    "admission_answer_command": (0x06,),
    "admission_manufacturer": (0x10C4,),
    "admission_prefix": ("0102", ""),
    "hht_device_type": (0xFF,),
    "hht_endpoint": (2, 240),
    "late_seconds": (1,),
    "gbt_window": (2, 5),
    "hht_limit": (2,),
    "channel_mask_object": ("0-0:94.44.12.0",),
}
"""Values that are no number to be halved, or where half of it or twice it is not legal."""
_IN_BLOCKS = {"gbt_block_size": "tunnel_max_transfer = 700\n", "gbt": "tunnel_max_transfer = 300\n"}
"""Guesses about blocks need messages that are longer than the tunnel's transfers."""


@dataclass(frozen=True)
class Guess:
    """A guess with another value, and what else its profile needs for it to matter."""

    name: str
    value: Any
    beside: str = ""

    @property
    def scenario(self) -> str:
        """Where it matters."""
        where = (each for begin, each in _SCENARIOS.items() if self.name.startswith(begin))
        return next(where, _MAIN)

    @property
    def toml(self) -> str:
        words = {True: "true", False: "false"}
        value = words.get(self.value) if isinstance(self.value, bool) else None
        text = value or (f'"{self.value}"' if isinstance(self.value, str) else str(self.value))
        head = f'extends = "stand-in"\nname = "{self.name}"\nnote = "One guess is another."\n'
        return f"{head}{self.beside}{self.name} = {text}\n"


def guessed() -> list[str]:
    """The names of what the stand-in guesses."""
    text = (files("assets") / "hub_profiles" / "stand-in.toml").read_text("utf-8")
    return _GUESS.findall(text)


def guesses() -> Iterator[Guess]:
    """Every guess of the stand-in with each of its other values."""
    profile = load_profile()
    for name in guessed():
        beside = _IN_BLOCKS.get(name) or (_IN_BLOCKS["gbt"] if name.startswith("gbt_") else "")
        for value in others(name, getattr(profile, name)):
            yield Guess(name, value, beside)


def others(name: str, value: Any) -> tuple[Any, ...]:
    """Other values of a guess."""
    if name in _IDENTIFIERS:
        return _IDENTIFIERS[name]
    if isinstance(value, bool):
        return (not value,)
    return tuple(sorted({max(1, value // 2), value * 2} - {value}))


def play_with(guess: Guess) -> Play:
    """Play its scenario on a site whose hub profile has this value."""
    scenario = (files("assets") / "scenarios" / f"{guess.scenario}.toml").read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="hht-guess-") as folder:
        profile = Path(folder) / "guess.toml"
        profile.write_text(guess.toml)
        path = Path(folder) / "scenario.toml"
        path.write_text(f'profile = "{profile}"\n' + re.sub(r"(?m)^profile = .*\n", "", scenario))
        return play(str(path), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    tried = list(guesses())
    with ThreadPoolExecutor(options.jobs) as pool:
        plays = list(pool.map(play_with, tried))
    wrong = 0
    for guess, played in zip(tried, plays, strict=True):
        outcome = str(played.summary.get("outcome", played.said.splitlines()[-1:]))
        wrong += outcome != "complete"
        print(f"{guess.name:<28} {guess.value!s:<8} {outcome:<12} {played.seconds:5.1f} s")
    print(f"{len(tried)} values of {len({g.name for g in tried})} guesses, {wrong} not complete")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
