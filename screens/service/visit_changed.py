"""The message by which every screen hears that the visit changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from hht.events import Event
    from hht.journeys.view import VisitView


class VisitChanged(Message):
    """The visit changed: the state of everything now, and what happened if it was an event.

    `source` is the service whose visit it is: one that was closed has no say any more.
    """

    def __init__(self, source: object, view: VisitView, event: Event | None = None) -> None:
        super().__init__()
        self.source = source
        self.view = view
        self.event = event
