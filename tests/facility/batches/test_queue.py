"""A bench's slots ask the books together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from patience import PATIENCE

from hht.errors import HhtError
from hht.facility.batches.operation import Operation
from hht.facility.batches.operations import Note
from hht.facility.batches.queue import BooksQueue


class HeldBooks:
    """Books that answer with the slot's name, but not before they are let go."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.go = threading.Event()
        self.is_asked = threading.Event()
        self.refuses = ""

    def do(self, operation: Operation[Any]) -> Any:
        raise NotImplementedError

    def do_all(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        self.asked.append(len(operations))
        self.is_asked.set()
        self.go.wait(PATIENCE)
        slots = [operation.slot for operation in operations if isinstance(operation, Note)]
        return [HhtError("refused") if slot == self.refuses else slot for slot in slots]

    def close(self) -> None:
        self.go.set()


def note(slot: str) -> Note:
    return Note("b1", "", "A", slot, "seen")


async def test_what_comes_while_the_books_are_asked_goes_together_in_the_next_question() -> None:
    books = HeldBooks()
    books.refuses = "3"
    queue = BooksQueue([books])
    asking = [asyncio.ensure_future(queue.do(note("1")))]
    assert await asyncio.to_thread(books.is_asked.wait, PATIENCE)
    asking += [asyncio.ensure_future(queue.do(note(slot))) for slot in "234"]
    await asyncio.sleep(0)
    books.go.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    queue.close()
    assert books.asked == [1, 3]
    assert answers[:2] + answers[3:] == ["1", "2", "4"]
    assert isinstance(answers[2], HhtError)


async def test_books_that_fail_fail_all_that_asked_and_are_asked_again_by_the_next() -> None:
    books = HeldBooks()
    books.go.set()
    queue = BooksQueue([books])
    failing, books.do_all = books.do_all, lambda operations: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        await queue.do(note("1"))
    books.do_all = failing  # type: ignore[method-assign]
    assert await queue.do(note("2")) == "2"
    queue.close()
