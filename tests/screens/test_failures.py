"""Every failure is told in plain English, with a code, and the panel never hides the strip."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from screen_bench import BOTH

import hht
from hht.errors import HhtError, InputError
from screens.failure.codes import failure_of, failure_table
from screens.failure.screen import FailureScreen


class Unheard(InputError):
    """An error without a code of its own."""


def error_classes() -> Iterator[type[HhtError]]:
    """Every kind of HhtError that hht can raise."""
    for module in pkgutil.walk_packages(hht.__path__, "hht."):
        if not module.name.startswith("hht.cli") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = [HhtError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("hht."):
            yield kind


def test_every_code_of_an_error_has_a_meaning_and_no_other_code_is_in_the_table() -> None:
    assert {kind.code for kind in error_classes()} == set(failure_table())


def test_no_code_stands_for_two_things() -> None:
    own = [kind.code for kind in error_classes() if "code" in vars(kind)]
    assert len(own) == len(set(own))


def test_an_error_without_a_code_of_its_own_has_that_of_the_nearest_one_above_it() -> None:
    assert failure_of(Unheard("No")).code == InputError.code


@pytest.mark.parametrize("size", BOTH)
async def test_the_panel_says_what_what_it_means_and_what_to_do_with_the_code(
    open_bench, size
) -> None:
    error = HhtError("The hub did not answer", where="00-DB-12", remedy="Move closer to it.")
    async with open_bench(size) as bench:
        bench.app.show_failure(error)
        await bench.until("✗ The hub did not answer", HhtError.code)
        await bench.until("00-DB-12", "What it means: The work stopped here.")
        await bench.until("What to do: Move closer to it.", "▲ TRAINING")


async def test_r_tries_again_only_where_that_was_offered(open_bench) -> None:
    tried: list[str] = []
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        bench.app.show_failure(HhtError("No"))
        await bench.press("r")
        assert isinstance(bench.app.screen, FailureScreen)
        await bench.press("escape")
        bench.app.show_failure(HhtError("No"), retry=lambda: tried.append("again"))
        await bench.until("R  Try again")
        await bench.press("r")
        await bench.until_it_holds(lambda: tried == ["again"])


async def test_a_failure_too_long_for_the_screen_scrolls(open_bench) -> None:
    async with open_bench() as bench:
        bench.app.show_failure(HhtError("Too much " * 120, remedy="The end."))
        await bench.until("Enter  Close")
        await bench.press("end")
        await bench.until("The end.")
