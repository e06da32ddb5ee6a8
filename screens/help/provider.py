"""What the palette offers: the engineer's verbs, those of the screen on show first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.help.commands import more_commands
from screens.shell import Place

if TYPE_CHECKING:
    from screens.shell import Shell

LEAST_SCORE = 0.001
"""Of what is found by its sentence alone: below everything that is found by its verb."""


class CommandsProvider(Provider):
    """A provider in the order in which the app names its commands; Textual's own sorts them."""

    _more: list[Place] = []

    async def startup(self) -> None:
        """Ask what is kept on this handheld: what is behind M depends on it."""
        from screens.more.offered import offered

        shell = cast("Shell", self.app)
        try:
            has_job, has_pin = await shell.service.queries.has_job_and_pin()
        except HhtError:  # nothing kept can be used: what is wrong is said on the jobs
            has_job = has_pin = False
        self._more = offered(shell, has_job=has_job, has_pin=has_pin)

    async def discover(self) -> Hits:
        """Yield everything, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.title, command.callback, help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield what was typed: letters of the verb in their order, or words of the sentence."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if not score and query.lower() in command.help.lower():
                score = LEAST_SCORE
            if score > 0:
                shown = matcher.highlight(command.title)
                yield Hit(score, shown, command.callback, help=command.help)

    def _commands(self) -> Iterator[SystemCommand]:
        yield from self.app.get_system_commands(self.screen)
        if isinstance(self.screen, HhtScreen):  # a form is answered first
            yield from more_commands(self.screen, self._more, cast("Shell", self.app).go)
