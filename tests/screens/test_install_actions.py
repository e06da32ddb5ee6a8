"""What is noted on a visit: one key pressed twice is noted once, and nothing else is dropped."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from hht.errors import HhtError
from hht.journeys.install.answers import Source
from screens.install.actions import InstallActions


class App:
    """Has what is noted done when a test says so, and then calls `shown` as a screen would be."""

    def __init__(self) -> None:
        self.noted: list[object] = []
        self.failures: list[HhtError] = []
        self.shown: Callable[[], None] = lambda: None
        self.waiting: list[Coroutine[Any, Any, None]] = []
        self.service: Any = self
        self.hub = self

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str) -> None:
        self.waiting.append(work)

    def show_failure(self, error: HhtError) -> None:
        self.failures.append(error)

    def answer(self, name: str, value: object, source: Source) -> None:
        self.noted.append((name, value))

    async def note(self, step: Callable[[Any], None]) -> None:
        step(self)
        self.shown()

    def work(self) -> None:
        while self.waiting:
            asyncio.run(self.waiting.pop(0))


@pytest.fixture
def app() -> App:
    return App()


def test_a_key_that_comes_twice_notes_one_answer(app: App) -> None:
    notes = InstallActions(app)
    notes.answer("visit", "install", Source.SEEN)
    notes.answer("visit", "install", Source.JOB)
    app.work()
    assert app.noted == [("visit", "install")]


def test_the_same_answer_to_a_question_asked_again_at_once_is_noted_again(app: App) -> None:
    notes = InstallActions(app)

    def answer_again() -> None:
        app.shown = lambda: None
        notes.answer("visit", "install", Source.SEEN)

    app.shown = answer_again
    notes.answer("visit", "install", Source.SEEN)
    app.work()
    assert app.noted == [("visit", "install")] * 2


def test_another_answer_to_the_same_question_is_noted_after_the_first(app: App) -> None:
    notes = InstallActions(app)
    notes.answer("visit", "install", Source.SEEN)
    notes.answer("visit", "return", Source.SEEN)
    app.work()
    assert app.noted == [("visit", "install"), ("visit", "return")]


def test_an_answer_that_was_refused_may_be_given_again(app: App) -> None:
    notes = InstallActions(app)
    refused = HhtError("This cannot be", remedy="Look again.")

    def refuse() -> None:
        raise refused

    app.shown = refuse
    for _ in range(2):
        notes.answer("visit", "install", Source.SEEN)
        app.work()
    assert (app.failures, len(app.noted)) == ([refused] * 2, 2)
