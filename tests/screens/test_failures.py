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
    """An error that the table does not know."""


def error_classes() -> Iterator[type[HhtError]]:
    """Every kind of HhtError that hht can raise."""
    for module in pkgutil.walk_packages(hht.__path__, "hht."):
        if not module.name.startswith("hht.cli"):
            importlib.import_module(module.name)
    waiting = [HhtError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("hht."):
            yield kind


def test_every_error_of_hht_has_a_code_and_a_meaning_closer_than_that_of_any_error() -> None:
    told = set(failure_table()) - {"HhtError"}
    untold = {kind for kind in error_classes() if not told & {up.__name__ for up in kind.__mro__}}
    assert untold == {HhtError}


def test_the_table_names_no_error_that_is_gone() -> None:
    assert not set(failure_table()) - {kind.__name__ for kind in error_classes()}


def test_no_code_stands_for_two_things() -> None:
    codes = [entry["code"] for entry in failure_table().values()]
    assert len(codes) == len(set(codes))


def test_an_error_without_an_entry_takes_the_nearest_one_above_it() -> None:
    assert failure_of(Unheard("No")).code == failure_table()["InputError"]["code"]


@pytest.mark.parametrize("size", BOTH)
async def test_the_panel_says_what_what_it_means_and_what_to_do_with_the_code(
    open_bench, size
) -> None:
    error = HhtError("The hub did not answer", where="00-DB-12", remedy="Move closer to it.")
    async with open_bench(size) as bench:
        bench.app.show_failure(error)
        await bench.until("✗ The hub did not answer", failure_table()["HhtError"]["code"])
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
